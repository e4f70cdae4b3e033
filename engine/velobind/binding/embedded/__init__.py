"""The project's own PostgreSQL: real, out of a wheel, on a socket that only its user reaches."""

from velobind.binding.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer"]
