"""The contexts of the two templates: `rows(n)` for rows.vm and `mail(n)` for mail.html.vm."""

from __future__ import annotations

from typing import Any


def rows(count: int) -> dict[str, Any]:
    """A contact's promo codes: `count` rows of five texts."""
    codes = [
        {
            "id": str(i),
            "email": f"user{i}@mail.example",
            "name": f"User Number {i}",
            "birthday": "2020-09-02T00:00:00Z",
            "promo_code": f"AAAA-{i:04d}-DDDD",
        }
        for i in range(count)
    ]
    return {"firstName": "Dina", "data": {"promo_codes": codes}}


def mail(count: int) -> dict[str, Any]:
    """A contact with `count` orders, each with up to three tags, and one promo code."""
    orders = [
        {
            "name": f"Product {i}",
            "price": f"{i * 7 % 50}.90",
            "discount": str(i % 3 * 5),
            "qty": i % 4 + 1,
            "tags": ["new", "sale", "gift"][: i % 4],
        }
        for i in range(count)
    ]
    contact = {"id": "77", "firstName": "Dina", "vip": "true", "city": None}
    return {"contact": contact, "data": {"promo_codes": rows(1)["data"]["promo_codes"], "orders": orders}}
