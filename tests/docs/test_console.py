"""The runner of the documentation's examples notices what a reader would."""

import os
from pathlib import Path

import pytest

from tests.docs.console import agrees, run


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text)
    return path


def test_the_folder_lasts_from_command_to_command_and_files_are_written(tmp_path: Path) -> None:
    made = "```console\n$ mkdir shop\n$ cd shop\n```\n"
    written = "```text file=greeting.txt\nHi\n```\n"
    read = "```console\n$ cat greeting.txt\nHi\n```\n"
    assert run(page(tmp_path, made + written + read), tmp_path, os.environ) == 3
    assert (tmp_path / "shop/greeting.txt").read_text() == "Hi\n"


def test_other_output_than_the_page_says_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"page.md:2: \$ echo two\nthe page says\none"):
        run(page(tmp_path, "```console\n$ echo two\none\n```\n"), tmp_path, os.environ)


def test_a_command_that_fails_is_an_error_whatever_it_prints(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        run(page(tmp_path, "```console\n$ echo one; exit 3\none\n```\n"), tmp_path, os.environ)


@pytest.mark.parametrize(
    ("says", "printed", "same"),
    [
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("took ... s", "took 1.25 s  \n", True),
        ("a\n...\nd", "a\nb\nc\n", False),
        ("", "", True),
        ("", "something", False),
        ("cost (net) *", "cost (net) *", True),
    ],
)
def test_dots_stand_for_any_text(says: str, printed: str, same: bool) -> None:
    assert agrees(says, printed) is same
