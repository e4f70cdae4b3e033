"""Which of a Java method's overloads a call means, and how its arguments are turned into what that one takes.

The rules are those of Velocity's `MethodMap` and `TypeConversionHandlerImpl`: an exact match of classes first; else
the applicable overloads are weighed by how far their parameters lie from the arguments' classes (strict, boxing,
explicit conversion as from text to number) and by which is the more specific; several left over means that there is
no such method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.methods.classes import BOXED, UNBOXED, assignable, java_class, kind_of
from velobind.language.methods.conversions import converter, pack_array

Method = Callable[..., object]

NONE, EXPLICIT, BOXING, STRICT = 0, 1, 2, 3
INCOMPARABLE, MORE, EQUIVALENT, LESS = 0, 1, 2, 3

_WIDER = {
    "byte": ("short", "int", "long", "float", "double"),
    "short": ("int", "long", "float", "double"),
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
}


class Overload(NamedTuple):
    """One signature: formal parameter classes by their short Java names, and what runs; None where we offer nothing."""

    formals: tuple[str, ...]
    function: Method | None

    @property
    def varargs(self) -> bool:
        return bool(self.formals) and self.formals[-1].endswith("[]")


def _strict(formal: str, actual: str | None, vararg: bool) -> bool:
    if actual is None:
        return formal not in BOXED
    if assignable(formal, actual) or formal in _WIDER.get(actual, ()):
        return True
    return vararg and formal.endswith("[]") and _strict(formal[:-2], actual.removesuffix("[]"), False)


def _boxing(formal: str, actual: str | None, vararg: bool) -> bool:
    if actual is None:
        return formal not in BOXED
    if assignable(formal, actual) or formal in _WIDER.get(actual, ()):
        return True
    if formal in BOXED:
        unboxed = UNBOXED.get(actual)
        if unboxed is not None and (formal == unboxed or formal in _WIDER.get(unboxed, ())):
            return True
    elif actual in BOXED and assignable(formal, BOXED[actual]):
        return True
    return vararg and formal.endswith("[]") and _boxing(formal[:-2], actual.removesuffix("[]"), False)


def _explicit(formal: str, actual: str | None, vararg: bool) -> bool:
    if _boxing(formal, actual, vararg):
        return True
    if actual is None:
        return False
    if converter(formal, actual) is not None:
        return True
    return vararg and formal.endswith("[]") and _explicit(formal[:-2], actual.removesuffix("[]"), False)


def _level(formal: str, actual: str | None, vararg: bool) -> int:
    if _strict(formal, actual, vararg):
        return STRICT
    if _boxing(formal, actual, vararg):
        return BOXING
    return EXPLICIT if _explicit(formal, actual, vararg) else NONE


def _applicability(formals: Sequence[str], actuals: Sequence[str | None]) -> int:
    given, wanted = len(actuals), len(formals)
    array = wanted > 0 and formals[-1].endswith("[]")
    if wanted == given:
        pairs = [(f, a, array and i == given - 1) for i, (f, a) in enumerate(zip(formals, actuals, strict=True))]
    elif array and given >= wanted - 1:
        item = formals[-1][:-2]
        pairs = [(f, a, False) for f, a in zip(formals[:-1], actuals, strict=False)]
        pairs += [(item, a, False) for a in actuals[wanted - 1 :]]
    else:
        return NONE
    return min([_level(*pair) for pair in pairs], default=STRICT)


def _extend(shorter: Sequence[str | None], size: int) -> tuple[list[str | None], bool]:
    """Parameters brought to a length: by their last array's items where they end in one (then True)."""
    last = shorter[-1]
    extended = list(shorter) + [None] * (size - len(shorter))
    if last is None or not last.endswith("[]"):
        return extended, False
    extended[len(shorter) - 1 :] = [last[:-2]] * (size - len(shorter) + 1)
    return extended, True


def _compare(first: Sequence[str | None], second: Sequence[str | None]) -> int:
    """How specific the first list of classes is beside the second."""
    first_varargs = second_varargs = False
    fixed = len(first) != len(second)
    if len(first) > len(second):
        if not second:
            return MORE
        second, second_varargs = _extend(second, len(first))
        first_varargs = not second_varargs
    elif len(second) > len(first):
        if not first:
            return LESS
        first, first_varargs = _extend(first, len(second))
        second_varargs = not first_varargs
    forth = back = STRICT
    for at, (a, b) in enumerate(zip(first, second, strict=True)):
        if a == b:
            continue
        last = not fixed and at == len(first) - 1
        if a is None:
            back = NONE
            forth = NONE if b in BOXED else forth
        elif b is None:
            forth = NONE
            back = NONE if a in BOXED else back
        else:
            forth = min(forth, _level(b, a, last))
            back = min(back, _level(a, b, last))
    if forth == NONE and back == NONE:
        return INCOMPARABLE
    if forth != back:
        return MORE if forth > back else LESS
    first_array = first_varargs or (not fixed and bool(first) and (first[-1] or "").endswith("[]"))
    second_array = second_varargs or (not fixed and bool(second) and (second[-1] or "").endswith("[]"))
    if first_array != second_array:
        return LESS if first_array else MORE
    return EQUIVALENT


class _Match(NamedTuple):
    overload: Overload
    level: int
    specificity: int


def _keeps(match: _Match, best: _Match, only_null: bool) -> tuple[bool, bool]:
    """Whether the new match stays, and whether the earlier one does."""
    if best.specificity == LESS and match.specificity < EQUIVALENT:
        return False, True
    if match.specificity == LESS and best.specificity < EQUIVALENT:
        return True, False
    if best.level != match.level:
        return best.level < match.level, best.level > match.level
    differ = match.overload.varargs != best.overload.varargs
    if only_null:
        return not (differ and match.overload.varargs), not (differ and best.overload.varargs)
    order = _compare(match.overload.formals, best.overload.formals)
    if order == INCOMPARABLE:
        return not (differ and match.overload.varargs), not (differ and best.overload.varargs)
    return order != LESS, order != MORE


def choose(overloads: Sequence[Overload], actuals: tuple[str | None, ...]) -> Overload | None:
    """The overload that a call with arguments of these classes (None for null) means; None where there is no one."""
    exact = tuple("Object" if a is None else a for a in actuals)
    for overload in overloads:
        if tuple(BOXED.get(f, f) for f in overload.formals) == exact:
            return overload
    unboxed = tuple(a if a is None else UNBOXED.get(a, a) for a in actuals)
    only_null = bool(actuals) and all(a is None or a == "Object" for a in actuals)
    matches: list[_Match] = []
    for overload in overloads:
        level = _applicability(overload.formals, unboxed)
        if level == NONE:
            continue
        match = _Match(overload, level, _compare(overload.formals, unboxed))
        stays = True
        for best in list(matches):
            stays, best_stays = _keeps(match, best, only_null)
            if not best_stays:
                matches.remove(best)
            if not stays:
                break
        if stays:
            matches.append(match)
    return matches[0].overload if len(matches) == 1 else None


def _prepare(overload: Overload, actuals: tuple[str | None, ...]) -> Method:
    """The overload's function with the conversions that arguments of these classes need."""
    function = overload.function
    if function is None:
        raise NoSuchMethod
    formals = overload.formals
    given = zip(formals, actuals, strict=False)
    converts = [None if a is None else converter(f, UNBOXED.get(a, a), a) for f, a in given]
    plain = not any(converts)
    if plain and not overload.varargs:
        return function
    changes = tuple((at, change) for at, change in enumerate(converts) if change is not None)
    packs = overload.varargs
    last = len(formals) - 1

    def run(receiver: object, *args: object) -> object:
        values = list(args)
        if packs:
            values = pack_array(formals[last][:-2], last, values, _boxing)
        for at, change in changes:
            values[at] = change(values[at])
        return function(receiver, *values)

    return run


def dispatcher(overloads: Sequence[Overload]) -> Method:
    """A function `(receiver, *args)` that runs the overload which the arguments mean, remembered by their classes.

    It raises NoSuchMethod where none fits or several do.
    """
    known: dict[object, Method] = {}
    bare = choose(overloads, ())
    if bare is not None and not bare.formals and bare.function is not None:
        known[()] = bare.function

    def find(key: object, args: tuple[object, ...]) -> Method:
        actuals = tuple(None if a is None else java_class(a) for a in args)
        overload = choose(overloads, actuals)
        if overload is None:
            raise NoSuchMethod
        method = _prepare(overload, actuals)
        known[key] = method
        return method

    def call(receiver: object, *args: object) -> object:
        key: object = ()
        if args:
            key = kind_of(args[0]) if len(args) == 1 else tuple([kind_of(a) for a in args])
        method = known.get(key)
        if method is None:
            method = find(key, args)
        return method(receiver, *args)

    call.bare = bare is not None and not bare.formals and bare.function is not None  # type: ignore[attr-defined]
    return call


def _erased(formal: str) -> str:
    """A type variable is an Object."""
    return formal.replace(formal[0], "Object", 1) if formal.removesuffix("[]") in ("E", "K", "V", "T") else formal


def parse(table: Mapping[str, Method | None]) -> dict[str, list[Overload]]:
    """A class's methods by name, from a table of signatures such as `substring(int,int)`; the order is kept."""
    methods: dict[str, list[Overload]] = {}
    for signature, function in table.items():
        name, _, rest = signature.partition("(")
        formals = tuple(_erased(formal) for formal in rest[:-1].split(",")) if rest != ")" else ()
        methods.setdefault(name, []).append(Overload(formals, function))
    return methods


def failed(java_class_name: str, message: str | None = None) -> MethodFailed:
    """What a method raises where Java throws: the class without its package for those of `java.lang`."""
    return MethodFailed(java_class_name if "." in java_class_name else f"java.lang.{java_class_name}", message)
