<%def name="button(href, label)"><a href="${href}" style="background:#1a73e8;color:#fff">${label}</a></%def>\
<% orders = data['orders']; total = 0 %>\
<html><body>
<!-- \
% if contact['vip'] == 'true':
 -->
<p class="vip">Dear ${contact['firstName']}, thank you for staying with us.</p>
<!-- \
% else:
 -->
<p>Hello ${contact['firstName'] or ''}!</p>
<!-- \
% endif
 -->
% if len(orders) > 0:
<table>
% for o in orders:
  <tr${'' if loop.index % 2 == 0 else ' class="even"'}><td>${loop.index + 1}</td><td>${(o['name'] or '').upper()}</td>
% if o['discount'] and o['discount'] != '0':
<td><s>${o['price']}</s> -${o['discount']}%</td>
% else:
<td>${o['price']}</td>
% endif
${', '.join(o['tags'])}
<% total = total + o['qty'] %>\
  </tr>
% endfor
</table>
<p>Items: ${total}. First: ${orders[0]['name'][0:3]}... \
% if total > 10:
Free delivery!\
% elif total > 5:
Almost there\
% else:
Add more\
% endif
</p>
% else:
<p>You have no orders yet.</p>
% endif
${button("https://shop.example/?c=%s&n=%s" % (contact['id'] or '', total), "Open the shop")}
## nothing below is for the reader
<p>${contact['city'] or 'your city'}, code ${data['promo_codes'][0]['promo_code'] or ''}</p>
</body></html>
