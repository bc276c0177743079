"""Archives that are full from the start: invented stories written at once, as if crawled over the years."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text, update

from kicrawl import items
from kicrawl.archive import writing
from kicrawl.archive.models import Frontier
from kicrawl.archive.store import Item, Writer

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
BETWEEN = timedelta(minutes=20)  # two stories: about the newspaper's own pace
WORDS = [
    f"{first}{last}" for first, last in itertools.product("bar cor del fim gol hun".split(), "ak en ib ol us".split())
]
# Words that only one story in so many has.
RARE = {"twentieth": 20, "fiftieth": 50, "hundredth": 100, "thousandth": 1000}
AT_ONCE = 2000  # stories that wait for the writer


def invent(root: str, number: int) -> Iterator[Item]:
    """So many stories of an earlier time, newest first, each met on the list."""
    for place in range(number):
        chance = random.Random(place)
        moment, slug = LATEST - place * BETWEEN, f"earlier-story-{place}"
        url = f"{root}/{slug}/"
        rare = "".join(f" {word}" for word, every in RARE.items() if place % every == 0)
        yield items.Sighting(url=url, route="list", seen_at=moment)
        yield items.Article(
            url=url,
            slug=slug,
            aliases=[f"{root}/national/{slug}/"] if place % 5 == 0 else [],
            ghost_id=f"{place:024x}",
            title=" ".join(chance.choices(WORDS, k=8)),
            blocks=[
                items.Block(text=" ".join(chance.choices(WORDS, k=60)) + f"{rare} {place}.", role="story")
                for _ in range(5)
            ],
            authors=[items.Author(name=f"Author {place % 97}", slug=f"author-{place % 97}")],
            tags=[f"Tag {place % 301}", f"Tag {place % 7}"],
            published_at=moment,
            seen_at=moment,
        )


def fill(engine: Engine, root: str, number: int) -> None:
    """Write so many stories; none of them is due, and the database knows how they are spread."""
    writer = Writer(engine)
    stories = invent(root, number)
    while some := list(itertools.islice(stories, AT_ONCE)):
        tickets = [writer.submit(item) for item in some]
        tickets[-1].future.result()
    writer.close()
    with writing(engine) as connection:
        connection.execute(update(Frontier).values(due_at=None, state="stored"))
        if connection.dialect.name == "postgresql":  # which does so by itself, later
            connection.execute(text("ANALYZE"))
