"""The other engines, each installed into a folder of its own, outside the environment that velobind runs in.

airspeed and airspeed-ext are both imported as `airspeed`, so they can never share an environment.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PEERS = ROOT / ".cache" / "peers"
HERE = Path(__file__).parent


class NoEngine(Exception):
    """The engine can't be had on this machine; the text says why."""


@dataclass(frozen=True)
class Peer:
    """An engine of a package registry: `kind` is `python` or `node`."""

    name: str
    package: str
    kind: str

    @property
    def folder(self) -> Path:
        return PEERS / self.name


PEERS_OF_VELOCITY = (
    Peer("airspeed", "airspeed", "python"),
    Peer("airspeed-ext", "airspeed-ext", "python"),
    Peer("velocityjs", "velocityjs", "node"),
)


def install(peer: Peer) -> None:
    """Installs the engine into its folder where it is not there yet; NoEngine where that fails."""
    if peer.folder.is_dir():
        return
    if peer.kind == "node" and not (shutil.which("node") and shutil.which("npm")):
        raise NoEngine(f"{peer.name}: no node and npm")
    part = peer.folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    command = (
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(part), peer.package]
        if peer.kind == "python"
        else ["npm", "install", "--silent", "--prefix", str(part), peer.package]
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoEngine(f"{peer.name}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    part.rename(peer.folder)


def version(peer: Peer) -> str:
    """The installed engine's version."""
    if peer.kind == "node":
        path = peer.folder / "node_modules" / peer.package / "package.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["version"])
    [info] = peer.folder.glob(f"{peer.package.replace('-', '_')}-*.dist-info")
    return info.name.removesuffix(".dist-info").rsplit("-", 1)[1]


def answers(peer: Peer, case_lines: Iterable[str]) -> list[dict[str, Any]]:
    """What the engine answers to the case lines, in their order."""
    command, environment = [sys.executable, str(HERE / "airspeed_lines.py")], {"PYTHONPATH": str(peer.folder)}
    if peer.kind == "node":
        command, environment = ["node", str(HERE / "velocityjs_lines.cjs"), str(peer.folder)], {}
    done = subprocess.run(
        command,
        input="\n".join(case_lines) + "\n",
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode:
        raise NoEngine(f"{peer.name}: {done.stderr.strip().splitlines()[-1]}")
    return [json.loads(line) for line in done.stdout.split("\n") if line]
