"""The SQL half: the archive's tables, and everything that reads or writes them."""

from kicrawl.archive.connection import connect, writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.schema import migrate

__all__ = ["ArchiveError", "connect", "migrate", "writing"]
