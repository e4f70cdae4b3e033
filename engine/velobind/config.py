"""The whole of `velobind.toml` as frozen structs, and `read`, which makes them from a file.

The tables of the binding are in `velobind.binding.settings`; those of messages and exports are here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from velobind.binding.settings import ConnectorSettings, ContactsSettings, SegmentSettings, Settings, SourceSettings

FILE_NAME = "velobind.toml"


class ProjectSettings(Settings):
    """`[project]`: folders relative to the file, and what templates and segments take as theirs.

    `timezone` is an IANA name; it decides «today», and is the time zone of the date tool.
    """

    templates: str = "templates"
    state: str = ".velobind"
    locale: str = "en_US"
    timezone: str = "UTC"
    dialect: Literal["platform", "velocity"] = "platform"
    gobble: Literal["lines", "none", "bc", "structured"] = "lines"


class MessageSettings(Settings, rename={"from_": "from"}):
    """`[messages.NAME]`: `subject`, `from`, `to`, `reply_to`, `headers` and `json` are Velocity text.

    `html` and `text` name templates of the project's folder. `to` defaults to the contact's e-mail address. `json`
    (as `"${jsonParam}"`) makes the `data` of a triggered message from its event's parameters. `sources` limits what a
    message may read; without it, the sources that its templates read are meant.
    """

    subject: str = ""
    html: str | None = None
    text: str | None = None
    from_: str | None = None
    to: str | None = None
    reply_to: str | None = None
    headers: dict[str, str] = {}
    json: str | None = None
    id: int | None = None
    sources: tuple[str, ...] | None = None
    autoescape: bool = False
    remove_empty_comments: bool = False


class ExportSettings(Settings):
    """`[exports.NAME]`: which datasets go to which connector's `schema`, and how often (`15m`, `1h`, `1d`)."""

    connector: str
    schema: str = "public"
    datasets: tuple[str, ...] = ()
    every: str | None = None
    views: bool = False
    strict: bool = False


class Config(Settings):
    """The file: every table by its name."""

    project: ProjectSettings = ProjectSettings()
    connectors: dict[str, ConnectorSettings] = {}
    sources: dict[str, SourceSettings] = {}
    contacts: ContactsSettings | None = None
    segments: dict[str, SegmentSettings] = {}
    messages: dict[str, MessageSettings] = {}
    exports: dict[str, ExportSettings] = {}


def find(start: Path | None = None) -> Path:
    """The `velobind.toml` in `start` (a folder, or the file itself) or the nearest folder above it.

    Raises ConfigError when there is none.
    """
    raise NotImplementedError


def read(path: Path) -> Config:
    """The checked configuration of the file `path`.

    Raises ConfigError for text that is not TOML (with its line), a wrong type, a missing or an unknown key (with the
    near name), two sources or two segments with one id, and a name that no table defines.
    """
    raise NotImplementedError
