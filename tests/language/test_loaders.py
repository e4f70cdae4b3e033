"""Loaders find texts by name, notice changes, stay in their folders, and name what was probably meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from velobind import ChoiceLoader, DictLoader, Environment, FileSystemLoader, TemplateNotFound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "promo.html.vm").write_bytes("Привіт\r\n$x".encode())
    (tmp_path / "footer.vm").write_text("bye")
    return tmp_path


def test_files_are_read_as_they_are(folder: Path) -> None:
    assert FileSystemLoader(folder).source("mail/promo.html.vm") == "Привіт\r\n$x"


def test_a_leading_slash_is_the_root_of_the_folders(folder: Path) -> None:
    assert FileSystemLoader(str(folder)).source("/footer.vm") == "bye"


def test_the_first_folder_that_has_the_name_wins(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "footer.vm").write_text("other")
    assert FileSystemLoader([other, folder]).source("footer.vm") == "other"
    assert FileSystemLoader([folder, other]).source("footer.vm") == "bye"


def test_another_encoding_can_be_told_and_a_wrong_one_is_named(folder: Path) -> None:
    (folder / "old.vm").write_bytes("Привіт".encode("cp1251"))
    assert FileSystemLoader(folder, "cp1251").source("old.vm") == "Привіт"
    with pytest.raises(TemplateNotFound, match="is not utf-8: byte 0") as caught:
        FileSystemLoader(folder).source("old.vm")
    assert "encoding" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["mail/promo.vm", "promo.html.vm", "mail/promo.htm.vm"])
def test_a_missing_file_names_the_near_one(folder: Path, name: str) -> None:
    with pytest.raises(TemplateNotFound, match="there is no template") as caught:
        FileSystemLoader(folder).source(name)
    assert caught.value.hint == "did you mean 'mail/promo.html.vm'?"


@pytest.mark.parametrize("name", ["", ".", "..", "mail", "a\0b", "../x", "nothing like it at all.txt"])
def test_what_is_no_file_is_not_found(folder: Path, name: str) -> None:
    with pytest.raises(TemplateNotFound):
        FileSystemLoader(folder).version(name)


def test_a_changed_file_is_compiled_anew(folder: Path) -> None:
    environment = Environment(FileSystemLoader(folder))
    template = environment.get_template("footer.vm")
    assert environment.get_template("footer.vm") is template
    (folder / "footer.vm").write_text("see you")
    os.utime(folder / "footer.vm", ns=(1, 1))
    assert environment.get_template("footer.vm").render() == "see you"


def test_a_changed_mapping_is_compiled_anew() -> None:
    texts = {"a": "one"}
    environment = Environment(DictLoader(texts))
    assert environment.get_template("a").render() == "one"
    texts["a"] = "two"
    assert environment.get_template("a").render() == "two"


def test_parsed_templates_are_looked_up_each_time() -> None:
    texts = {"a": "#parse('b')", "b": "one"}
    template = Environment(DictLoader(texts)).get_template("a")
    assert template.render() == "one"
    texts["b"] = "two"
    assert template.render() == "two"


def test_a_choice_asks_its_loaders_in_order(folder: Path) -> None:
    loader = ChoiceLoader([DictLoader({"footer.vm": "first"}), FileSystemLoader(folder)])
    assert loader.source("footer.vm") == "first"
    assert loader.source("mail/promo.html.vm").startswith("Привіт")
    with pytest.raises(TemplateNotFound):
        loader.source("x")


def test_an_environment_without_a_loader_says_so() -> None:
    with pytest.raises(TemplateNotFound, match="has no loader"):
        Environment().get_template("a")
    with pytest.raises(TemplateNotFound, match="has no loader"):
        Environment().from_string("#parse('a')").render()
