"""No method call runs or grows without end: each stops with LimitExceeded, or as Java does where its stack is full."""

from __future__ import annotations

import pytest

from velobind.errors import LimitExceeded
from velobind.language import operators
from velobind.language.faults import MethodFailed
from velobind.language.limits import WORK, Limits
from velobind.language.uberspect import Uberspect
from velobind.language.values import RegexTimeout, java_equals, java_hash, to_text

PLAIN = Uberspect()


def test_a_regular_expression_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORK, "pace", Limits(regex_seconds=0.05))
    with pytest.raises(RegexTimeout):
        PLAIN.call("a" * 40 + "b", "matches", ("(a|a|aa)+",))
    with pytest.raises(RegexTimeout):
        PLAIN.call("a" * 40 + "b", "replaceAll", ("(a|a|aa)+$", ""))


@pytest.mark.parametrize(
    ("receiver", "name", "args"),
    [
        ("x" * 1000, "repeat", (10**9,)),
        ("x" * 5000, "replace", ("x", "y" * 5000)),
        ("%1000000000d", "formatted", (1,)),
        ("x\n" * 1000, "indent", (10**8,)),
        (2**70, "pow", (10**8,)),
        (2**70, "shiftLeft", (2**31 - 1,)),
        (operators.mul("1.5", "1"), "setScale", (10**9, 4)),
        (operators.mul("1E+99999999", "1"), "toPlainString", ()),
        (operators.mul("1.5", "1"), "pow", (10**8,)),
    ],
)
def test_what_would_grow_without_end_is_refused(receiver: object, name: str, args: tuple[object, ...]) -> None:
    with pytest.raises(LimitExceeded):
        PLAIN.call(receiver, name, args)


def test_numbers_do_not_grow_without_end() -> None:
    number: object = 7
    with pytest.raises(LimitExceeded):
        for _ in range(40):
            number = operators.mul(number, number)
    with pytest.raises(LimitExceeded):
        operators.sub("1E+2000000000", "1.5")


def doubling(depth: int) -> list[object]:
    items: list[object] = ["x"]
    for _ in range(depth):
        items = [items, items]
    return items


def test_lists_that_hold_each_other_twice_over() -> None:
    for walk in (to_text, java_hash, lambda items: java_equals(items, doubling(40))):
        with pytest.raises(LimitExceeded):
            walk(doubling(40))
    assert java_hash(doubling(3)) == java_hash(doubling(3)) and java_equals(doubling(3), doubling(3))


def test_a_list_that_holds_itself_has_no_hash_code() -> None:
    items: list[object] = []
    items.append(items)
    with pytest.raises(MethodFailed) as failure:
        java_hash(items)
    assert failure.value.java_class == "java.lang.StackOverflowError"
