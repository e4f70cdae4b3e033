"""The whole of `velobind.toml` as frozen structs; those of databases and contacts are `velobind.binding.settings`."""

from __future__ import annotations

from typing import Literal

import msgspec

from velobind.binding.settings import ConnectorSettings, ContactsSettings, SegmentSettings, Settings, SourceSettings


class ProjectSettings(Settings, frozen=True):
    """`[project]`: folders relative to the file, and what templates and segments take as theirs.

    `timezone` is an IANA name; it decides «today», and is the time zone of the date tool.
    """

    templates: str = "templates"
    state: str = ".velobind"
    locale: str = "en_US"
    timezone: str = "UTC"
    dialect: Literal["platform", "velocity"] = "platform"
    gobble: Literal["lines", "none", "bc", "structured"] = "lines"


class MessageSettings(Settings, frozen=True, rename={"from_": "from"}):
    """`[messages.NAME]`: `subject`, `from`, `to`, `reply_to`, `headers` and `json` are Velocity text.

    `html` and `text` name templates of the project's folder. `to` defaults to the contact's e-mail address. `json`
    (as `"${jsonParam}"`) makes the `data` of a triggered message from its event's parameters. `sources` limits what a
    message may read; without it, the sources that its templates read are meant. `id` is a number that exports carry.
    """

    subject: str = ""
    html: str | None = None
    text: str | None = None
    from_: str | None = None
    to: str | None = None
    reply_to: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    json: str | None = None
    id: int | None = None
    sources: tuple[str, ...] | None = None
    autoescape: bool = False
    remove_empty_comments: bool = False


class ExportSettings(Settings, frozen=True):
    """`[exports.NAME]`: which datasets go to which connector's `schema`, and how often (`15m`, `1h`, `1d`)."""

    connector: str
    schema: str = "public"
    datasets: tuple[str, ...] = ()
    every: str | None = None
    views: bool = False
    strict: bool = False


class Config(Settings, frozen=True):
    """The file: every table by its name."""

    project: ProjectSettings = ProjectSettings()
    connectors: dict[str, ConnectorSettings] = msgspec.field(default_factory=dict)
    sources: dict[str, SourceSettings] = msgspec.field(default_factory=dict)
    contacts: ContactsSettings | None = None
    segments: dict[str, SegmentSettings] = msgspec.field(default_factory=dict)
    messages: dict[str, MessageSettings] = msgspec.field(default_factory=dict)
    exports: dict[str, ExportSettings] = msgspec.field(default_factory=dict)
