"""The archive as one crawl has it open: all its parts share two connections, one of which may hold the lock."""

from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Engine

from kicrawl import archive

CONNECTIONS = 2  # on PostgreSQL, where each one costs the server memory and is missed by others

_archives: WeakKeyDictionary[Crawler, Engine] = WeakKeyDictionary()


def archive_of(crawler: Crawler) -> Engine:
    """The archive that a crawl reads and writes, by its setting DATABASE_URL; closed when the crawl's engine stops.

    Raises ArchiveError for an address that cannot work; nothing is opened before it is used.
    """
    if crawler not in _archives:
        name = f"kicrawl {crawler.spidercls.name}"
        engine = archive.connect(crawler.settings["DATABASE_URL"], name=name, connections=CONNECTIONS)
        _archives[crawler] = engine
        crawler.signals.connect(engine.dispose, signals.engine_stopped)
    return _archives[crawler]
