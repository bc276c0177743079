"""The SQL half: the archive's tables, and everything that reads or writes them."""

from kicrawl.archive.connection import connect, writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.schema import first_line, migrate, open_archive

__all__ = ["ArchiveError", "connect", "first_line", "migrate", "open_archive", "writing"]
