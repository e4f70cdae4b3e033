"""Groups differences by what they look like once names, texts and numbers are taken away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.differential.compare import Difference
from tests.differential.shrink import size

PLAIN = (
    (re.compile(r"'[^']*'|\"[^\"$#]*\""), "'t'"),
    (re.compile(r"(\$!?\{?)[A-Za-z_]\w*"), r"\1v"),
    (re.compile(r"\.[A-Za-z_]\w*"), ".m"),
    (re.compile(r"\d+(?:\.\d+)?(?:[eE]-?\d+)?"), "1"),
    (re.compile(r"[ \t]+"), " "),
)
METHOD = re.compile(r"\.([A-Za-z_]\w*)\s*\(")


def shape(difference: Difference) -> str:
    """The sample's look: its kind of difference, then the methods it calls, or else its template without names."""
    text = difference.sample.template
    parsed = difference.wanted.error is None or "ParseError" not in difference.wanted.error
    methods = METHOD.findall(text)
    if methods and parsed:
        return f"{difference.kind}: .{'.'.join(dict.fromkeys(methods))}()"
    for pattern, plain in PLAIN:
        text = pattern.sub(plain, text)
    return f"{difference.kind}: {text}"


def grouped(found: Iterable[Difference]) -> list[tuple[str, list[Difference]]]:
    """The groups, largest first, each with its shortest sample first."""
    groups: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        groups[shape(difference)].append(difference)
    for members in groups.values():
        members.sort(key=lambda difference: size(difference.sample))
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def described(difference: Difference) -> str:
    """A difference in a few lines: template, context, wanted, got."""
    sample = difference.sample
    got = difference.got
    rows = [f"template: {sample.template!r}"]
    rows += [f"{name}: {text!r}" for name, text in sample.templates]
    if sample.gobble != "lines":
        rows.append(f"gobble:   {sample.gobble}")
    context = sample.context if len(sample.context) < 400 else sample.context[:400] + "..."
    rows.append(f"context:  {context}")
    wanted = difference.wanted
    refusal = " ".join((wanted.error or "").split())[:200]
    rows.append(f"wanted:   an error: {refusal}" if wanted.output is None else f"wanted:   {wanted.output!r}")
    rows.append(
        f"got:      {got.output!r}"
        if got.output is not None
        else f"got:      {got.error or 'crash: ' + str(got.crash)}"
    )
    return "\n".join(rows)


def summary(found: Iterable[Difference]) -> Counter[str]:
    """How many differences of each kind."""
    return Counter(difference.kind for difference in found)
