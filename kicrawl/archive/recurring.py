"""Which pieces of text stand in many stories? Counted in two passes, so that memory does not grow with the archive."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from sqlalchemy import Engine, select

from kicrawl.archive.folding import fingerprint, fold_numbers
from kicrawl.archive.models import Article

BUCKETS = 2**22  # of the first pass; two bytes each
FULL = 2**16 - 1
EXAMPLES = 3  # addresses that are kept of each piece
AT_ONCE = 200  # stories

Block = Mapping[str, Any]


@dataclass
class Recurring:
    """A piece that stands in several stories, numbers and letter case aside."""

    id: str  # the beginning of its digest: a name for a user to type
    text: str  # as first met
    kind: str  # of block
    stories: int = 0
    examples: list[str] = field(default_factory=list)  # addresses, the latest stories first


def find_recurring(engine: Engine, least: int) -> list[Recurring]:
    """The pieces that stand in at least so many stories, those in most first."""
    buckets = array("H", bytes(2 * BUCKETS))
    for _, blocks in read_blocks(engine):
        for key in blocks:
            bucket = crc32(key.encode()) % BUCKETS
            buckets[bucket] = min(FULL, buckets[bucket] + 1)
    found: dict[str, Recurring] = {}
    for url, blocks in read_blocks(engine):
        for key, block in blocks.items():
            if buckets[crc32(key.encode()) % BUCKETS] >= least:
                note(found, key, block, url)
    often = [one for one in found.values() if one.stories >= least]
    return sorted(often, key=lambda one: (-one.stories, one.text))


def note(found: dict[str, Recurring], key: str, block: Block, url: str) -> None:
    """Count a story that has the piece."""
    one = found.setdefault(key, Recurring(fingerprint(key)[:8], block["text"], block["kind"]))
    one.stories += 1
    if len(one.examples) < EXAMPLES:
        one.examples.append(url)


def read_blocks(engine: Engine) -> Iterator[tuple[str, dict[str, Block]]]:
    """The pieces of each story, by their folded text; the latest stories first."""
    stories = select(Article.url, Article.blocks).order_by(Article.published_at.desc(), Article.id.desc())
    with engine.connect() as connection:
        for url, blocks in connection.execute(stories.execution_options(yield_per=AT_ONCE)):
            yield url, {fold_numbers(block["text"]): block for block in blocks}
