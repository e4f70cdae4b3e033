"""Compile velocity.lark into engine/velobind/language/tables.py: `python grammar/build.py [--check]`.

Lark reads the grammar and makes the LALR tables; they are written out as plain Python data, so that rendering a
template neither reads the grammar nor imports Lark. `--check` only says whether the file is fresh (exit code 1: stale).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from lark import Lark
from lark.load_grammar import load_grammar
from lark.parsers.lalr_analysis import Shift

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "engine" / "velobind" / "language" / "tables.py"

HEADER = '''"""Made from grammar/velocity.lark by grammar/build.py: change that file, not this one.

TERMINALS: the pattern of each terminal. RULES: (non-terminal, length, name of the action or None to pass a single value
on, positions whose value is a list to splice). ACTIONS: a state's terminals -> the state to shift to, or ~rule to
reduce by. GOTOS: a state's non-terminals -> the state to go to.
"""

# ruff: noqa
from __future__ import annotations

'''


def build() -> str:
    """The text of tables.py."""
    grammar = (HERE / "velocity.lark").read_text()
    lark = Lark(grammar, parser="lalr", lexer="basic", start="template", maybe_placeholders=False, keep_all_tokens=True)
    table = lark.parser.parser._parse_table
    # Lark numbers states in no fixed order: number them as they are reached from the first, by the symbols' names.
    order = [table.start_states["template"]]
    for state in order:
        for symbol in sorted(table.states[state]):
            kind, argument = table.states[state][symbol]
            if kind is Shift and argument not in order:
                order.append(argument)
    number = {state: index for index, state in enumerate(order)}

    rules: list[tuple[str, int, str | None, tuple[int, ...]]] = []
    rule_number: dict[object, int] = {}
    for rule in lark.rules:
        origin = str(rule.origin.name)
        length = len(rule.expansion)
        splice = tuple(i for i, symbol in enumerate(rule.expansion) if symbol.name.startswith("__"))
        action = "list" if origin.startswith("__") else str(rule.alias or origin)
        passes_on = length == 1 and not splice and rule.alias is None and origin not in ACTIONS_OF_ONE
        rule_number[rule] = len(rules)
        rules.append((origin, length, None if passes_on and action != "list" else action, splice))

    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        action_row: dict[str, int] = {}
        goto_row: dict[str, int] = {}
        for symbol, (kind, argument) in table.states[state].items():
            if kind is not Shift:
                action_row[str(symbol)] = ~rule_number[argument]
            elif symbol.isupper() or symbol.startswith("$"):
                action_row[str(symbol)] = number[argument]
            else:
                goto_row[str(symbol)] = number[argument]
        actions.append(dict(sorted(action_row.items())))
        gotos.append(dict(sorted(goto_row.items())))

    # Lark forgets the terminals that only the scanner knows, unless asked for all of them.
    definitions = load_grammar(grammar, "velocity.lark", [], False)[0].compile(["template"], "*")[0]
    terminals = {str(t.name): str(t.pattern.value) for t in definitions if t.pattern.type == "re"}
    return (
        HEADER
        + "\n\n".join(
            [
                f"TERMINALS: dict[str, str] = {{\n{lines(f'{k!r}: {v!r}' for k, v in sorted(terminals.items()))}}}",
                f"ACCEPT = {number[table.end_states['template']]}",
                f"RULES: list[tuple[str, int, str | None, tuple[int, ...]]] = [\n{lines(map(repr, rules))}]",
                *shared_rows("ACTIONS", actions),
                *shared_rows("GOTOS", gotos),
            ]
        )
        + "\n"
    )


# Non-terminals whose single child still needs its action.
ACTIONS_OF_ONE = {"text", "argument", "template", "block", "line_directive"}


def lines(items: Iterable[str]) -> str:
    return "".join(f"    {item},\n" for item in items)


def shared_rows(name: str, rows: list[dict[str, int]]) -> list[str]:
    """Many states have the same row: write each distinct row once, and the list of their numbers."""
    distinct: list[dict[str, int]] = []
    for row in rows:
        if row not in distinct:
            distinct.append(row)
    indexes = [distinct.index(row) for row in rows]
    return [
        f"_{name}: list[dict[str, int]] = [\n{lines(map(repr, distinct))}]",
        f"{name}: list[dict[str, int]] = [_{name}[i] for i in {indexes!r}]",
    ]


if __name__ == "__main__":
    text = build()
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text() == text else "tables.py is stale: run `python grammar/build.py`")
    TARGET.write_text(text)
