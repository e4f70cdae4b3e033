"""`velobind.toml`: its structs (`settings`), and `find` and `read`, which make them from a file."""

from velobind.config.file import FILE_NAME, find, read
from velobind.config.settings import Config, ExportSettings, MessageSettings, ProjectSettings

__all__ = ["FILE_NAME", "Config", "ExportSettings", "MessageSettings", "ProjectSettings", "find", "read"]
