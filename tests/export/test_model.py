"""Random sequences of recording, loading and delivering, against a model in a few lines of Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.servers import Server
from velobind.export import Exporter

Rows = Callable[..., list[tuple[Any, ...]]]
Row = dict[str, Any]
TEXTS = (None, "", "a", "b\n", 'q"\\', "null")


def order(chance: random.Random) -> Row:
    row: Row = {"orderId": chance.randrange(4)}
    for name in ("Status", "email", "firstName"):
        if chance.random() < 0.6:
            row[name] = chance.choice(TEXTS)
    return row


def item(chance: random.Random) -> Row:
    number = chance.choice((1, 2, 3, None))
    product = chance.choice(("p", "q", "r", "", None if number is not None else "s"))
    return {"orderId": number, "externalProductId": product, "name": chance.choice(TEXTS)}


class Model:
    """What the two tables should hold. What is recorded counts from its delivery on, in the order of recording."""

    def __init__(self) -> None:
        self.orders: dict[int, Row] = {}
        self.items: dict[tuple[Any, Any], Row] = {}
        self.waiting: list[tuple[str, list[Row], bool, object]] = []
        self.units: dict[Any, object] = {}

    def load(self, dataset: str, rows: list[Row], partial: bool) -> None:
        self._apply(dataset, rows, partial, object(), {})

    def deliver(self) -> None:
        for dataset, rows, partial, unit in self.waiting:
            self._apply(dataset, rows, partial, unit, self.units)
        self.waiting = []

    def _apply(self, dataset: str, rows: list[Row], partial: bool, unit: object, units: dict[Any, object]) -> None:
        for row in rows:
            if dataset == "orders":
                given = {name: value for name, value in row.items() if value is not None}
                former = self.orders.get(row["orderId"], {}) if partial else {}
                self.orders[row["orderId"]] = {**former, **given}
                continue
            if units.get(row["orderId"]) is not unit:
                units[row["orderId"]] = unit
                self.items = {key: kept for key, kept in self.items.items() if key[0] != row["orderId"]}
            self.items[row["orderId"], row["externalProductId"]] = row


@pytest.mark.parametrize("seed", range(12))
def test_tables_hold_what_the_model_holds(server: Server, schema: str, tmp_path: Path, rows: Rows, seed: int) -> None:
    chance, model = random.Random(seed), Model()
    options: dict[str, Any] = {"batch_rows": chance.choice((1, 2, 3, 7, 1000))}
    exporter = Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db", **options)
    exporter.prepare(["orders", "orderItems"])
    session = object()
    for _ in range(25):
        dataset, made = chance.choice((("orders", order), ("orderItems", item)))
        many = [made(chance) for _ in range(chance.randrange(1, 6))]
        partial = dataset == "orders" and chance.random() < 0.4
        match chance.choice(("load", "record", "record", "one by one", "deliver", "reopen")):
            case "load":
                # A load goes past the spool, so what waits comes after it.
                exporter.load(dataset, many, partial=partial)
                model.load(dataset, many, partial)
            case "record":
                assert exporter.record(dataset, many, partial=partial).rejected == 0
                model.waiting.append((dataset, many, partial, object()))
            case "one by one":
                for row in many:
                    exporter.record(dataset, row, partial=partial)
                    model.waiting.append((dataset, [row], partial, session))
            case "deliver":
                assert exporter.deliver().clean
                model.deliver()
                session = object()
            case "reopen":
                exporter.close()
                exporter = Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db", **options)
                session = object()
    assert exporter.deliver().clean
    model.deliver()
    exporter.close()
    found = {row[0]: row[1:] for row in rows("orders", "orderId", "Status", "email", "firstName")}
    names = ("Status", "email", "firstName")
    assert found == {key: tuple(row.get(name) for name in names) for key, row in model.orders.items()}
    items = {row[:2]: row[2] for row in rows("orderItems", "orderId", "externalProductId", "name")}
    assert items == {key: row["name"] for key, row in model.items.items()}
