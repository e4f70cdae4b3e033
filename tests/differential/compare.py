"""A sample's result in velobind beside the genuine engine's, and whether they agree."""

from __future__ import annotations

import datetime
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.conformance.cases import Case, Outcome, outcome
from tests.differential.generate import Sample
from tests.differential.reference import Answer, Batch

SECONDS = 5
# How Java prints an object that has no text of its own: its class and a number that is another in each run.
OBJECT = re.compile(r"(?:[\w$]+\.)+[\w$]+@[0-9a-f]+|\[[A-Z](?:[\w.$]*;)?@[0-9a-f]+")
# The hash of a class, or of a block, is such a number, too.
HASH_OF_OBJECT = re.compile(r"class\W+hashCode|#define.*hashCode", re.IGNORECASE | re.DOTALL)
NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Difference:
    """A sample on which the two engines differ: what the genuine one did, and what velobind did."""

    sample: Sample
    wanted: Answer
    got: Outcome

    @property
    def kind(self) -> str:
        """In which way they differ, in a word or two."""
        if self.got.crash is not None:
            return "crash " + self.got.crash.split(":", 1)[0]
        if self.got.error is not None:
            return "refused"
        return "accepted" if self.wanted.error is not None else "output"


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """TimeoutError inside the block once so many seconds have passed."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ours(sample: Sample) -> Outcome:
    """What velobind does with a sample; a crash where it takes more than SECONDS."""
    case = Case("", "", sample.template, sample.context, dict(sample.templates), sample.tools, sample.gobble, None)
    try:
        with patience(SECONDS):
            return outcome(case)
    except TimeoutError as error:
        return Outcome(crash=f"TimeoutError: {error}")


def agree(template: str, wanted: Answer, got: Outcome) -> bool:
    """Equal to the character, or both an error; also where a limit, the machine or the moment decides."""
    if not wanted.usable or got.limited:
        return True
    if wanted.output is None:
        return got.error is not None
    if got.output == wanted.output:
        return True
    if HASH_OF_OBJECT.search(template) and NUMBER.sub("0", wanted.output) == NUMBER.sub("0", got.output or ""):
        return True
    return OBJECT.search(wanted.output) is not None or clock() in wanted.output


def clock() -> str:
    """Today as `$date` prints it: what holds it was written at another second."""
    today = datetime.datetime.now(datetime.UTC)
    return f"{today:%b} {today.day}, {today.year}, "


def differences(samples: Sequence[Sample], *, tools: bool = False) -> list[Difference]:
    """Those samples on which the engines differ; the genuine one runs beside velobind."""
    batch = Batch((sample.line(number) for number, sample in enumerate(samples)), tools=tools)
    made = [ours(sample) for sample in samples]
    return [
        Difference(sample, wanted, got)
        for sample, wanted, got in zip(samples, batch.answers(), made, strict=True)
        if not agree(sample.template, wanted, got)
    ]
