"""The sample project: `fixtures/` of a checkout, `velobind/fixtures` of an installed wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

from velobind.errors import VelobindError

_NOT_COPIED = shutil.ignore_patterns(".velobind", "__pycache__", "*.pyc", "out")


def folder() -> Path:
    """The folder that holds the sample project. Raises VelobindError when neither place has it."""
    package = Path(__file__).parent
    for place in (package / "fixtures", package.parent.parent / "fixtures"):
        if (place / "velobind.toml").is_file():
            return place
    raise VelobindError("the sample project is not part of this installation")


def copy(target: Path) -> Path:
    """Copy the sample project into the folder `target`, which is made, and return it. Nothing there is overwritten.

    Raises VelobindError when one of its files is there already.
    """
    source = folder()
    taken = [file for file in sorted(source.iterdir()) if (target / file.name).exists() and file.name != ".velobind"]
    if taken:
        raise VelobindError(f"{target / taken[0].name} is there already", hint="choose an empty folder")
    shutil.copytree(source, target, ignore=_NOT_COPIED, dirs_exist_ok=True)
    return target
