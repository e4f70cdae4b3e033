"""What a template reaches, and what it can't: no name of Python's, and of the caller's objects what was allowed."""

from __future__ import annotations

import datetime
import enum
from collections import OrderedDict
from dataclasses import dataclass
from typing import ClassVar

import pytest

from velobind.language import operators
from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.methods import METHODS, find_method
from velobind.language.methods.changes import MARKS
from velobind.language.methods.views import SubList
from velobind.language.tools.base import Tool
from velobind.language.uberspect import Uberspect
from velobind.language.values import Array, Character, FixedList, join_pairs, printable, to_text

PLAIN = Uberspect()


@dataclass
class Person:
    name: str
    secret: str = "s"

    def greet(self, other: str) -> str:
        return f"{self.name} greets {other}"


class Customer(Person):
    pass


VALUES = [
    "text",
    5,
    2**40,
    2**70,
    2.5,
    True,
    [1],
    {"a": 1},
    range(3),
    FixedList([1]),
    Array([1]),
    Character("c"),
    Person("x"),
]
PYTHON_NAMES = [
    "__class__", "__init__", "__globals__", "__dict__", "__mro__", "__subclasses__", "__getattribute__", "__reduce__",
    "format_map", "append", "pop", "keys", "items", "mro", "real", "denominator", "translate", "encode", "as_tuple",
]  # fmt: skip


@pytest.mark.parametrize("name", PYTHON_NAMES)
@pytest.mark.parametrize("value", VALUES, ids=lambda v: type(v).__name__)
def test_no_name_of_pythons_is_reachable(value: object, name: str) -> None:
    with pytest.raises(NoSuchMethod):
        PLAIN.call(value, name, ())
    if type(value) is not dict:
        with pytest.raises(NoSuchMethod):
            PLAIN.get(value, name)


@pytest.mark.parametrize("name", ["forName", "getClassLoader", "newInstance", "getMethods", "getProtectionDomain"])
def test_a_class_gives_its_name_and_nothing_more(name: str) -> None:
    found = PLAIN.get("x", "class")
    assert to_text(found) == "class java.lang.String"
    with pytest.raises(NoSuchMethod):
        PLAIN.call(found, name, ())


def test_objects_show_allowed_names_only_and_bases_count() -> None:
    open_ = Uberspect({Person: ["name", "greet", "__class__", "_hidden"]})
    for person in (Person("Ann"), Customer("Ann")):
        assert open_.get(person, "name") == "Ann"
        assert open_.call(person, "greet", ("Bob",)) == "Ann greets Bob"
        for name in ("secret", "__class__", "_hidden", "nope"):
            with pytest.raises(NoSuchMethod):
                open_.get(person, name)
            with pytest.raises(NoSuchMethod):
                open_.call(person, name, ())
    with pytest.raises(NoSuchMethod):
        PLAIN.get(Person("Ann"), "name")


def test_find_method_by_exact_type() -> None:
    substring = find_method(str, "substring")
    assert substring is not None and substring("Dina", 1, 3) == "in"
    assert find_method(str, "nope") is None and find_method(Person, "name") is None
    assert METHODS[list]["size"]([1, 2]) == 2


def test_arguments_that_fit_no_overload_are_no_method() -> None:
    for args in [(), ([],), (1, 2, 3)]:
        with pytest.raises(NoSuchMethod):
            PLAIN.call("text", "substring", args)


def test_a_method_that_throws_names_javas_exception() -> None:
    with pytest.raises(MethodFailed) as failure:
        PLAIN.call("text", "substring", (9,))
    assert failure.value.java_class == "java.lang.StringIndexOutOfBoundsException"


def test_halves_of_pairs_join_again() -> None:
    high, low = (PLAIN.call("😀", "charAt", (i,)) for i in (0, 1))
    text = to_text(high) + to_text(low)
    assert join_pairs(text) == "😀"
    assert printable(text) == "😀" and printable("a" + to_text(high)) == "a?"
    assert PLAIN.call(text, "length", ()) == 2


def test_a_list_in_itself_ends() -> None:
    items: list[object] = [1]
    items.append(items)
    assert to_text(items) == "[1, (this Collection)]"
    other: list[object] = [items]
    items.append(other)
    with pytest.raises(MethodFailed):
        to_text(items)


def test_iterating() -> None:
    def walked(value: object) -> list[object] | None:
        items = PLAIN.iterate(value)
        return None if items is None else list(items)

    assert walked([1, 2]) == [1, 2] and walked({"a": 1}) == [1] and walked(range(2)) == [0, 1]
    assert walked("text") is None and walked(5) is None and walked(Person("x")) is None
    assert walked(PLAIN.call([1, 2], "iterator", ())) == [1, 2]
    assert walked(SubList([1, 2, 3], 1, 3)) == [2, 3]
    growing: list[object] = [1, 2]
    with pytest.raises(MethodFailed):
        for item in PLAIN.iterate(growing) or ():
            growing.append(item)
    changed: list[object] = [2, 1]
    with pytest.raises(MethodFailed):
        for _ in PLAIN.iterate(changed) or ():
            PLAIN.call(changed, "sort", (None,))


def test_changes_are_counted_only_while_somebody_walks() -> None:
    items: list[object] = [1, 2]
    walker = PLAIN.call(items, "iterator", ())
    assert id(items) in MARKS
    PLAIN.call(items, "add", (3,))
    with pytest.raises(MethodFailed):
        PLAIN.call(walker, "next", ())
    del walker
    assert id(items) not in MARKS


def test_dates() -> None:
    moment = datetime.datetime(2020, 9, 2, 13, 5, 7, 250000, tzinfo=datetime.UTC)
    day = datetime.date(2020, 9, 2)
    assert to_text(moment) == "Wed Sep 02 13:05:07 UTC 2020" and to_text(day) == "2020-09-02"
    assert PLAIN.get(moment, "time") == 1599051907250 and PLAIN.get(day, "time") == 1599004800000
    assert [PLAIN.get(moment, n) for n in ("year", "month", "date", "day", "hours")] == [120, 8, 2, 3, 13]
    assert PLAIN.call(moment, "after", (day,)) is True and PLAIN.call(moment, "compareTo", (moment,)) == 0
    assert PLAIN.call("%tF %<tT %<tB %<ta", "formatted", (moment,)) == "2020-09-02 13:05:07 September Wed"


class Colour(enum.IntEnum):
    RED = 5


class Marked(str):
    pass


def test_subclasses_of_pythons_types_are_what_their_base_is() -> None:
    ordered = OrderedDict(a=1)
    assert PLAIN.call(ordered, "get", ("a",)) == 1 and PLAIN.get(ordered, "a") == 1
    assert to_text(ordered) == "{a=1}" and list(PLAIN.iterate(ordered) or ()) == [1]
    assert PLAIN.call(Marked("text"), "substring", (1,)) == "ext" and to_text((1, None)) == "[1, null]"
    assert PLAIN.call((1, 2), "size", ()) == 2 and list(PLAIN.iterate((1, 2)) or ()) == [1, 2]
    assert operators.add(Colour.RED, 1) == 6 and operators.equals(Colour.RED, "5")


class Lamp(Tool):
    velocity_methods: ClassVar = {
        "getColour": lambda lamp: "red",
        "shine": lambda lamp, times: "*" * times,
        "isLit": lambda lamp: True,
    }


def test_tools_show_their_methods_and_wrong_numbers_of_arguments_are_no_method() -> None:
    lamp = Lamp()
    assert PLAIN.get(lamp, "colour") == "red" and PLAIN.get(lamp, "lit") is True
    assert PLAIN.call(lamp, "shine", (3,)) == "***"
    for name, args in [("shine", ()), ("shine", (1, 2)), ("getColour", (1,)), ("velocity_methods", ())]:
        with pytest.raises(NoSuchMethod):
            PLAIN.call(lamp, name, args)
    for name in ("shine", "velocity_methods", "for_render"):
        with pytest.raises(NoSuchMethod):
            PLAIN.get(lamp, name)
    with pytest.raises(TypeError):
        PLAIN.call(lamp, "shine", ("x",))
