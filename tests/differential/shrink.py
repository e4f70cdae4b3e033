"""Shrinks differing samples: delta debugging, many samples at once because the reference starts slowly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.differential.compare import Difference, differences
from tests.differential.generate import TOKENS, Sample

CANDIDATES = 60
ROUNDS = 40


def without(parts: list[str], sizes: list[int]) -> Iterator[str]:
    """The text without each run of so many parts, longer runs first."""
    for size in sizes:
        step = max(1, size // 2) if size > 2 else 1
        for start in range(0, max(1, len(parts) - size + 1), step):
            yield "".join(parts[:start] + parts[start + size :])


def unwrapped(tokens: list[str]) -> Iterator[str]:
    """The text without a directive's head and one of the `#end`s after it, which have to go together."""
    ends = [index for index, token in enumerate(tokens) if token in ("#end", "#{end}")]
    for start, token in enumerate(tokens):
        if not token.startswith("#") or token in ("#end", "#{end}") or "(" not in tokens[start : start + 3]:
            continue
        closing, depth = start, 0
        for index in range(start + 1, len(tokens)):
            depth += (tokens[index] == "(") - (tokens[index] == ")")
            if depth == 0 and tokens[index] == ")":
                closing = index
                break
        for end in [end for end in ends if end > closing][:3]:
            yield "".join(tokens[:start] + tokens[closing + 1 : end] + tokens[end + 1 :])


def smaller(sample: Sample) -> list[Sample]:
    """Some smaller versions of a sample, the boldest first."""
    made: list[Sample] = []
    if sample.templates:
        made.append(replace(sample, templates=()))
        for index, (name, text) in enumerate(sample.templates):
            for shorter in list(without(TOKENS.findall(text), [8, 2, 1]))[:8]:
                changed = (*sample.templates[:index], (name, shorter), *sample.templates[index + 1 :])
                made.append(replace(sample, templates=changed))
    tokens = TOKENS.findall(sample.template)
    count = len(tokens)
    sizes = sorted({count // 2, count // 4, count // 8, 3, 2, 1} - {0}, reverse=True)
    texts = [*list(unwrapped(tokens))[:20], *without(tokens, sizes)]
    if count < 14:
        texts += without(list(sample.template), [1])
    if len(texts) > CANDIDATES:
        # Bold cuts all, fine cuts thinned out: later rounds come back to them once the text is shorter.
        texts = texts[: CANDIDATES // 2] + texts[CANDIDATES // 2 :: max(1, len(texts) // CANDIDATES)]
    return made + [replace(sample, template=text) for text in dict.fromkeys(texts) if text != sample.template]


def size(sample: Sample) -> int:
    return len(sample.template) + sum(len(text) + 5 for _, text in sample.templates)


def shrunken(found: list[Difference], *, tools: bool = False) -> list[Difference]:
    """Each difference on the smallest sample that still differs in the same way, with only the names that it needs."""
    current = list(found)
    open_ones = set(range(len(current)))
    for _ in range(ROUNDS):
        owners: list[int] = []
        tries: list[Sample] = []
        for index in open_ones:
            for sample in smaller(current[index].sample):
                owners.append(index)
                tries.append(sample)
        if not tries:
            break
        owner_of = {id(sample): owner for sample, owner in zip(tries, owners, strict=True)}
        better: dict[int, Difference] = {}
        for difference in differences(tries, tools=tools):
            index = owner_of[id(difference.sample)]
            best = better.get(index, current[index])
            if difference.kind == current[index].kind and size(difference.sample) < size(best.sample):
                better[index] = difference
        open_ones = set(better)
        for index, difference in better.items():
            current[index] = difference
    return with_small_contexts(current, tools=tools)


def with_small_contexts(found: list[Difference], *, tools: bool) -> list[Difference]:
    """The same, each context cut to the names that stand in its templates, where it then still differs."""
    slim = []
    for difference in found:
        text = difference.sample.template + "".join(text for _, text in difference.sample.templates)
        context = {name: value for name, value in json.loads(difference.sample.context).items() if name in text}
        slim.append(replace(difference.sample, context=json.dumps(context)))
    again = {id(difference.sample): difference for difference in differences(slim, tools=tools)}
    return [again.get(id(sample), difference) for sample, difference in zip(slim, found, strict=True)]
