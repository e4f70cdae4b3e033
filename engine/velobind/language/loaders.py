"""Where templates come from: a loader turns a name into text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from velobind.errors import TemplateNotFound


class Loader(Protocol):
    """Anything that finds a template's text by its name."""

    def source(self, name: str) -> str:
        """The text. Raises TemplateNotFound."""

    def version(self, name: str) -> object:
        """A value that changes when the text does. Raises TemplateNotFound."""


class DictLoader:
    """Templates from a mapping of names to texts, which may change."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self.templates = templates

    def source(self, name: str) -> str:
        """The text. Raises TemplateNotFound."""
        try:
            return self.templates[name]
        except KeyError:
            raise _not_found(name, list(self.templates)) from None

    def version(self, name: str) -> object:
        """The text itself."""
        return self.source(name)


class FileSystemLoader:
    """Templates from files below one folder or several, the first that has the name. Nothing outside is reached."""

    def __init__(self, folders: str | Path | Sequence[str | Path], encoding: str = "utf-8") -> None:
        given = [folders] if isinstance(folders, str | Path) else folders
        self.folders = [Path(folder) for folder in given]
        self.encoding = encoding

    def source(self, name: str) -> str:
        """The file's text, line ends as they are. Raises TemplateNotFound."""
        path = self._path(name)
        try:
            return path.read_bytes().decode(self.encoding)
        except UnicodeDecodeError as error:
            raise TemplateNotFound(
                f"{path} is not {self.encoding}: byte {error.start} can't be read",
                template=name,
                hint=f"save the file as {self.encoding}, or give FileSystemLoader its encoding",
            ) from None

    def version(self, name: str) -> object:
        """The file's path, size and time of change."""
        path = self._path(name)
        stat = path.stat()
        return str(path), stat.st_mtime_ns, stat.st_size

    def _path(self, name: str) -> Path:
        # A leading slash is the root of the folders, as for Velocity's file loader.
        relative = name.lstrip("/")
        if relative and "\0" not in relative:
            for folder in self.folders:
                path = (folder / relative).resolve()
                if path.is_relative_to(folder.resolve()) and path.is_file():
                    return path
        names = [p.relative_to(f).as_posix() for f in self.folders if f.is_dir() for p in sorted(f.rglob("*.vm"))[:500]]
        raise _not_found(name, names)


class ChoiceLoader:
    """The first of several loaders that knows the name."""

    def __init__(self, loaders: Sequence[Loader]) -> None:
        self.loaders = list(loaders)

    def source(self, name: str) -> str:
        """The text. Raises TemplateNotFound."""
        return self._first(name).source(name)

    def version(self, name: str) -> object:
        """The version that the loader in question gives."""
        loader = self._first(name)
        return id(loader), loader.version(name)

    def _first(self, name: str) -> Loader:
        for loader in self.loaders:
            try:
                loader.version(name)
            except TemplateNotFound:
                continue
            return loader
        raise _not_found(name, [])


def _not_found(name: str, known: Sequence[str]) -> TemplateNotFound:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return TemplateNotFound(
        f"there is no template {name!r}", template=None, hint=f"did you mean {near[0]!r}?" if near else None
    )
