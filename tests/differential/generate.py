"""Random cases from a seed, in several manners: valid, hostile, short, and changed copies of recorded cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.conformance.cases import Case
from tests.differential import walks
from tests.differential.contexts import CONTEXTS
from tests.differential.templates import Templates
from tests.differential.texts import CALM, ODD
from tests.differential.tools import CONTEXT, ToolCalls
from tests.differential.widths import Widths

TOKENS = re.compile(r"#@?\{?\w+\}?|\$!?\{?[A-Za-z_]\w*|\w+|[ \t]+|\r?\n|.", re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """A template to try: its context as JSON, and the other templates by name."""

    template: str
    context: str
    templates: tuple[tuple[str, str], ...] = ()
    gobble: str = "lines"
    tools: bool = False

    def line(self, number: int) -> str:
        """The case line that the reference program reads."""
        rest = "".join(
            f', "{key}": {json.dumps(value)}'
            for key, value in (
                ("templates", dict(self.templates)),
                ("gobble", self.gobble if self.gobble != "lines" else None),
                ("tools", self.tools or None),
            )
            if value
        )
        return f'{{"id": {number}, "template": {json.dumps(self.template)}, "context": {self.context}{rest}}}'


def made(random: Random, manner: str) -> Sample:
    """A template from the generator: `calm`, `rich`, `short`, `hostile`."""
    names = CONTEXTS[int(random.random() * len(CONTEXTS))]
    wild, odd = {"calm": (0.02, 0.02), "rich": (0.12, 0.1), "short": (0.2, 0.15), "hostile": (0.3, 0.5)}[manner]
    files: tuple[str, ...] = ("a.vm", "lib.vm") if random.random() < 0.12 else ()
    maker = Templates(random, names, wild=wild, odd=odd, files=files)
    depth, size = (1, 3) if manner == "short" else (int(random.random() * 4) + 1, int(random.random() * 5) + 1)
    if random.random() < 0.03:
        depth, size = 5, 8
    templates = tuple((file, maker.template(2, 2)) for file in files)
    text = maker.template(depth, size)[:6000]
    if random.random() < 0.06:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return Sample(text, names.as_json, templates)


def changed(random: Random, templates: Sequence[str], text: str) -> str:
    """The text after one to four random changes: pieces cut, doubled, swapped, or taken from another template."""
    for _ in range(1 + int(random.random() * 4)):
        tokens = TOKENS.findall(text) if random.random() < 0.7 else list(text)
        if len(tokens) < 2:
            return text + ODD[int(random.random() * len(ODD))]
        at = int(random.random() * len(tokens))
        length = 1 + int(random.random() * random.random() * 6)
        roll = random.random()
        if roll < 0.3:
            del tokens[at : at + length]
        elif roll < 0.42:
            tokens[at:at] = tokens[at : at + length]
        elif roll < 0.54:
            other = int(random.random() * len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif roll < 0.72:
            pieces = ODD if random.random() < 0.6 else CALM
            tokens.insert(at, pieces[int(random.random() * len(pieces))])
        elif roll < 0.82:
            tokens.insert(
                at,
                ("\n", " ", "  \n", "\n  ", "\t", "\r\n", "\\", "\\\\", "$", "#", "!", "{", "}")[
                    int(random.random() * 13)
                ],
            )
        else:
            donor = TOKENS.findall(templates[int(random.random() * len(templates))])
            start = int(random.random() * (len(donor) or 1))
            tokens[at:at] = donor[start : start + 1 + int(random.random() * 12)]
        text = "".join(tokens)
    return text


def mutant(random: Random, recorded: Sequence[Case]) -> Sample:
    """A recorded case with its template changed; a twentieth are two templates end to end."""
    case = recorded[int(random.random() * len(recorded))]
    texts = [recorded[int(random.random() * len(recorded))].template for _ in range(3)]
    base = case.template + texts[0] if random.random() < 0.05 else case.template
    return Sample(changed(random, texts, base), case.context, tuple(case.templates.items()), tools=case.tools)


def swapped(random: Random, recorded: Sequence[Case]) -> Sample:
    """A recorded case whose names hold each other's values, or values of other contexts."""
    case = recorded[int(random.random() * len(recorded))]
    context = json.loads(case.context)
    others = CONTEXTS[int(random.random() * len(CONTEXTS))].context
    values = [*context.values(), *others.values()]
    for name in context:
        if random.random() < 0.4:
            context[name] = values[int(random.random() * len(values))]
        elif random.random() < 0.05:
            context[name] = None
    return Sample(case.template, json.dumps(context), tuple(case.templates.items()), tools=case.tools)


MANNERS = (
    *("calm", "calm", "rich", "rich", "rich", "short", "short", "hostile", "mutant", "mutant", "mutant"),
    *("numbers", "widths", "walks", "texts", "macros", "swapped", "soup"),
)


def about(random: Random, theme: str) -> Sample:
    """A template about numbers, their classes, texts, macros, or signs in any order."""
    names = CONTEXTS[int(random.random() * len(CONTEXTS))]
    return Sample(getattr(Widths(random), theme)(), names.as_json)


def samples(
    seed: int, count: int, recorded: Sequence[Case], *, manner: str | None = None, gobble: str = "lines"
) -> Iterator[Sample]:
    """`count` samples, the same ones for the same seed; `manner` makes all of one kind."""
    random = Random(seed)
    short = [case for case in recorded if len(case.template) < 600]
    calls = ToolCalls(random)
    for _ in range(count):
        chosen = manner or MANNERS[int(random.random() * len(MANNERS))]
        if chosen == "tools":
            yield Sample(calls.template(), CONTEXT, tools=True)
        elif chosen == "walks":
            yield Sample(walks.Walks(random).template(), walks.CONTEXT, gobble=gobble)
        elif chosen == "mutant":
            yield replace(mutant(random, short), gobble=gobble)
        elif chosen == "swapped":
            yield replace(swapped(random, short), gobble=gobble)
        elif chosen in ("numbers", "widths", "texts", "macros", "soup"):
            yield replace(about(random, chosen), gobble=gobble)
        else:
            yield replace(made(random, chosen), gobble=gobble)
