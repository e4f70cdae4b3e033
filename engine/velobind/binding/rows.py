"""Rows of a cursor, which are tuples, as dicts: a comprehension made for the columns beats `dict(zip(...))`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

Row = dict[str, Any]


@lru_cache(maxsize=256)
def dicts(names: tuple[str, ...], unnamed: int = 0) -> Callable[[Iterable[Sequence[Any]]], list[Row]]:
    """A function from tuples to dicts by `names`, in their order; the last `unnamed` values of a tuple have no name.

    It is `lambda rows: [{"id": v0, "name": v1} for v0, v1, v2 in rows]`, built as a tree.
    """
    values = [f"v{n}" for n in range(len(names) + unnamed)]
    row = ast.Dict(
        keys=[ast.Constant(name) for name in names],
        values=[ast.Name(value, ast.Load()) for value in values[: len(names)]],
    )
    target = ast.Tuple([ast.Name(value, ast.Store()) for value in values], ast.Store())
    loop = ast.comprehension(target=target, iter=ast.Name("rows", ast.Load()), ifs=[], is_async=0)
    parameters = ast.arguments(
        posonlyargs=[], args=[ast.arg("rows")], kwonlyargs=[], kw_defaults=[], defaults=[], vararg=None, kwarg=None
    )
    function = ast.Expression(ast.Lambda(parameters, ast.ListComp(row, [loop])))
    made: Callable[[Iterable[Sequence[Any]]], list[Row]] = eval(
        compile(ast.fix_missing_locations(function), "<rows>", "eval")
    )
    return made
