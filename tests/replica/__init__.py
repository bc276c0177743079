"""An invented copy of the newspaper's site on 127.0.0.1, for tests and `make demo`. See README.md here."""

from .expected import expected
from .grammar import bulk_stories, daily_stories, near_copy
from .newsroom import Request
from .server import serve
from .site import Site
from .stories import Author, Story, all_authors, written_stories

__all__ = [
    "Author",
    "Request",
    "Site",
    "Story",
    "all_authors",
    "bulk_stories",
    "daily_stories",
    "expected",
    "near_copy",
    "serve",
    "written_stories",
]
