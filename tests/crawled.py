"""An archive as a user has it after some days: the replica crawled, three stories changed there, and crawled again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.replica import Site, serve
from tests.replica.demo import edit_stories
from tests.running import run


@contextmanager
def crawled(folder: Path, count: int | None = None) -> Iterator[Site]:
    """Makes kicrawl.db and warc/ in this folder, of all stories or so many; the site is served on."""
    with serve(count=count) as site:
        crawl(site, folder)
        edit_stories(site)
        crawl(site, folder)
        yield site


def crawl(site: Site, folder: Path) -> None:
    """Brings the folder's archive up to date."""
    ended = run("crawl", "newsfeed", folder=folder, root=site.root)
    assert ended.code == 0, ended.lines
