"""Tuples of a cursor become dicts by the names of their columns, whatever the names are."""

from __future__ import annotations

from velobind.binding.rows import dicts


def test_names_of_any_kind_and_values_without_a_name() -> None:
    rows = [(1, "a", None, "key"), (2, "b", [3], "other")]
    names = ("class", 'quo"te\n', "ціна")
    assert dicts(names, unnamed=1)(rows) == [dict(zip(names, row[:3], strict=True)) for row in rows]


def test_no_columns_are_empty_dicts() -> None:
    assert dicts((), unnamed=1)([("key",), ("other",)]) == [{}, {}]


def test_each_row_is_its_own() -> None:
    first, second = dicts(("a",))([(1,), (1,)])
    first["a"] = 2
    assert second == {"a": 1}


def test_many_columns() -> None:
    names = tuple(f"c{n}" for n in range(1600))
    assert dicts(names)([tuple(range(1600))]) == [{f"c{n}": n for n in range(1600)}]
