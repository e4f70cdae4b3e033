"""Order items are replaced by their order, however they are split over batches and deliveries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.export.servers import Server
from velobind.export import Exporter

Rows = Callable[..., list[tuple[Any, ...]]]


def items(order: int | None, *products: str | None, cost: int = 1) -> list[dict[str, Any]]:
    return [{"orderId": order, "externalProductId": product, "cost": cost} for product in products]


def test_a_load_replaces_the_items_of_its_orders_and_no_others(exporter: Exporter, rows: Rows) -> None:
    exporter.load("orderItems", items(1, "a", "b", "c") + items(2, "a", "b"))
    counts = exporter.load("orderItems", items(1, "a", "d"))
    assert (counts.written, counts.unchanged, counts.removed) == (1, 1, 2)
    assert rows("orderItems", "orderId", "externalProductId") == [(1, "a"), (1, "d"), (2, "a"), (2, "b")]


def test_items_of_one_order_may_lie_far_apart_in_a_file(
    server: Server, schema: str, tmp_path: Path, rows: Rows
) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", batch_rows=2) as exporter:
        exporter.load("orderItems", items(1, "old", "a"))
        apart = items(1, "a", "b") + items(2, "x", "y", "z") + items(1, "c") + items(3, "p", "q") + items(1, "d")
        counts = exporter.load("orderItems", apart)
        assert counts.removed == 1
    expected = [(1, p) for p in "abcd"] + [(2, p) for p in "xyz"] + [(3, p) for p in "pq"]
    assert rows("orderItems", "orderId", "externalProductId") == expected


def test_a_recorded_list_is_the_whole_of_its_orders(exporter: Exporter, rows: Rows) -> None:
    exporter.record("orderItems", items(1, "a", "b"))
    exporter.record("orderItems", items(2, "a"))
    exporter.record("orderItems", items(1, "c"))  # before anything was delivered
    exporter.deliver()
    assert rows("orderItems", "orderId", "externalProductId") == [(1, "c"), (2, "a")]
    exporter.record("orderItems", items(2, "b", "d"))
    exporter.deliver()
    assert rows("orderItems", "orderId", "externalProductId") == [(1, "c"), (2, "b"), (2, "d")]


def test_items_recorded_one_by_one_belong_together_until_deliver(
    exporter: Exporter, server: Server, schema: str, rows: Rows
) -> None:
    for product in ("a", "b", "c"):
        exporter.record("orderItems", items(1, product)[0])
        # Another process with the same spool may deliver at any moment, in the midst of it.
        with Exporter(server.dsn, schema=schema, spool=exporter.spool.path) as other:
            other.deliver()
    assert rows("orderItems", "externalProductId") == [("a",), ("b",), ("c",)]
    exporter.deliver()
    exporter.record("orderItems", items(1, "d")[0])
    exporter.deliver()
    assert rows("orderItems", "externalProductId") == [("d",)]


def test_a_long_list_is_delivered_in_many_batches(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", batch_rows=3) as exporter:
        exporter.record("orderItems", items(1, "gone"))
        exporter.deliver()
        exporter.record("orderItems", items(1, *(f"p{number}" for number in range(10))))
        exporter.deliver()
    assert rows("orderItems", "externalProductId") == [(f"p{number}",) for number in range(10)]


def test_nulls_in_items_keys(exporter: Exporter, rows: Rows) -> None:
    exporter.load("orderItems", items(None, "a", "b") + items(1, None, ""))
    exporter.load("orderItems", items(None, "b", "c") + items(1, "", cost=2))
    assert rows("orderItems", "orderId", "externalProductId", "cost") == [(1, "", 2), (None, "b", 1), (None, "c", 1)]


def test_a_users_own_columns_of_items_that_stay_are_kept(
    exporter: Exporter, rows: Rows, database: psycopg.Connection[Any], schema: str
) -> None:
    exporter.load("orderItems", items(1, "a", "b"))
    database.execute(f"""ALTER TABLE "{schema}"."orderItems" ADD COLUMN note text""")
    database.execute(f"""UPDATE "{schema}"."orderItems" SET note = 'mine'""")
    exporter.load("orderItems", items(1, "a", cost=9) + items(1, "c"))
    assert rows("orderItems", "externalProductId", "cost", "note") == [("a", 9, "mine"), ("c", 1, None)]
