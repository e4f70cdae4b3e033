"""The runner of the documentation's examples notices what a reader would."""

import os
import time
from pathlib import Path

import pytest

from tests.docs.console import agrees, run


def console(*lines: str) -> str:
    return "\n".join(["```console", *lines, "```", ""])


def test_folder_and_variables_last_from_command_to_command(tmp_path: Path) -> None:
    page = console("$ mkdir 'a shop'", "$ cd 'a shop'", '$ export GREETING="Hi, you"', '$ echo "$GREETING"', "Hi, you")
    assert run(page + console('$ basename "$PWD"', "a shop"), tmp_path, os.environ) == 5


def test_files_are_written_where_the_reader_is(tmp_path: Path) -> None:
    page = (
        console("$ mkdir shop", "$ cd shop") + "```text file=in/it.txt\nHi\n```\n```text append=in/it.txt\nyou\n```\n"
    )
    assert run(page + console("$ cat in/it.txt", "Hi", "you"), tmp_path, os.environ) == 3
    assert (tmp_path / "shop/in/it.txt").read_text() == "Hi\nyou\n"


def test_other_output_than_the_page_says_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"line 2: \$ echo two\nthe page says\none"):
        run(console("$ echo two", "one"), tmp_path, os.environ)


def test_a_command_that_fails_is_an_error_whatever_it_prints(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        run(console("$ echo one; (exit 3)", "one"), tmp_path, os.environ)


def test_what_runs_in_the_background_ends_with_the_page(tmp_path: Path) -> None:
    waiting = "(trap 'touch ended; exit' TERM; touch ready; while :; do sleep 0.05; done) > /dev/null 2>&1 &"
    # Ended before it has set its trap it would leave nothing behind.
    until_ready = "while ! test -e ready; do sleep 0.05; done"
    assert run(console(f"$ {waiting}\n$ {until_ready}"), tmp_path, os.environ) == 2
    deadline = time.monotonic() + 10
    while not (tmp_path / "ended").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("says", "printed", "same"),
    [
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("took ... s", "took 1.25 s  \n", True),
        ("a\n...\nd", "a\nb\nc\n", False),
        ("a\n...\nd", "a\nd\n", True),
        ("...", "", True),
        ("", "", True),
        ("", "something", False),
        ("cost (net) *", "cost (net) *", True),
    ],
)
def test_dots_stand_for_any_text(says: str, printed: str, same: bool) -> None:
    assert agrees(says, printed) is same
