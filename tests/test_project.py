"""A project is its file: names with near names, templates, the day in its time zone."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from velobind import sample
from velobind.errors import ConfigError, TemplateNotFound, TemplateSyntaxError, VelobindError
from velobind.project import Project


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda project: project.connector("shp"), "did you mean `shop`?"),
        (lambda project: project.source("promo_code"), "did you mean `promo_codes`?"),
        (lambda project: project.source(1), "known: `orders`, `promo_codes`"),
        (lambda project: project.segment("birthday"), "did you mean `birthday_today`?"),
        (lambda project: project.segment_contacts(7), "known: "),
        (lambda project: project.fire("nobody").__next__(), "known: "),
        (lambda project: project.message("promotion"), "did you mean `promo`?"),
        (lambda project: project.triggered_context(None, "birthdy"), "did you mean `birthday`?"),
    ],
)
def test_unknown_names_have_their_near_name(
    sample_project: Project, ask: Callable[[Project], object], hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        ask(sample_project)
    assert hint in (caught.value.hint or "")
    assert caught.value.path == "velobind.toml"


def test_loading_touches_no_database_and_is_quick_to_import(sample_folder: Path) -> None:
    script = (
        "import sys; from velobind.project import Project; p = Project.load(sys.argv[1]);"
        "print([m for m in ('psycopg', 'velobind.language', 'typer') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(sample_folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert not (sample_folder / ".velobind").exists()


def test_reads_of_a_message_are_those_of_all_its_texts(make_project: Callable[..., Project]) -> None:
    config = (
        "[messages.m]\nhtml = 'm.html.vm'\ntext = 'm.txt.vm'\nsubject = '$!firstName %CITY%'\n"
        "headers = { X-Order = \"$!data.get('orders').get(0).get('number')\" }\n"
    )
    project = make_project(
        config,
        templates__m_html_vm="$data.get('codes').get(0).get('name') $gifts.get(0).name",
        templates__m_txt_vm="$data.get('codes').get(0).get('code') $lastName $!gifts",
    )
    reads = project.message_reads("m")
    assert reads.sources["codes"].columns == {"name", "code"}
    assert reads.sources["orders"].columns == {"number"}
    assert reads.sources["gifts"].whole
    assert {"firstName", "lastName", "data"} <= reads.names
    assert not reads.every_source


def test_templates_that_are_not_there_or_are_broken(make_project: Callable[..., Project]) -> None:
    project = make_project(
        "[messages.m]\nhtml = 'm.html.vm'\n[messages.n]\nhtml = 'n.html.vm'\n", templates__n_html_vm="#if($a)"
    )
    with pytest.raises(TemplateNotFound):
        project.message_reads("m")
    with pytest.raises(TemplateSyntaxError):
        project.message_reads("n")


def test_environment_is_the_platforms_by_default(make_project: Callable[..., Project]) -> None:
    project = make_project("[project]\nlocale = 'de_DE'\ntimezone = 'Asia/Tokyo'\n")
    render = project.environment.from_string(
        "#foreach($x in [1])$velocityCount#end $mathTool.add(1, 2) $number.format('#,##0.0', 1234.5)"
    ).render
    assert render({}) == "1 3 1.234,5"
    plain = make_project("[project]\ndialect = 'velocity'\n")
    assert plain.environment.from_string("#foreach($x in [1])$velocityCount#end").render({}) == "$velocityCount"
    assert plain.environment_with(autoescape=True).from_string("$x").render({"x": "<"}) == "&lt;"


def test_today_is_the_projects_or_the_segments(make_project: Callable[..., Project]) -> None:
    project = make_project(
        "[project]\ntimezone = 'Pacific/Kiritimati'\n[segments.a]\nid = 1\n"
        "[segments.b]\nid = 2\ntimezone = 'Pacific/Pago_Pago'\n"
    )
    # The zones are 25 hours apart: one day, and two in an hour of each day.
    assert project.today() == project.today("a")
    assert project.today("a") - project.today("b") in {dt.timedelta(days=1), dt.timedelta(days=2)}


def test_sample_is_copied_whole_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = sample.copy(tmp_path / "new")
    assert (folder / "velobind.toml").is_file()
    assert (folder / "templates" / "promo.html.vm").is_file()
    assert not (folder / ".velobind").exists()
    with pytest.raises(VelobindError, match="is there already"):
        sample.copy(folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    assert (sample.copy(tmp_path / "other") / "notes.txt").read_text() == "mine"


def test_a_segment_by_name_is_not_shadowed_by_an_id(make_project: Callable[..., Project]) -> None:
    project = make_project("[segments.7]\nid = 1\n[segments.b]\nid = 7\n")
    assert project.segment("7").id == 1
    assert project.segment(1).name == "7"
