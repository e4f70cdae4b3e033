Hello ${firstName or ''},
% for pc in data['promo_codes']:
<tr><td>${pc['id'] or ''}</td><td>${pc['email'] or ''}</td><td>${pc['name'] or ''}</td><td>${pc['birthday'] or ''}</td><td>${pc['promo_code'] or ''}</td></tr>
% endfor
