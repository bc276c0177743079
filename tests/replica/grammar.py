"""Invented news by the hundred: the same seed gives the same stories. Norvale and its Great Thaw do not exist."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from .stories import Story, all_authors, changed

FIRST_DAY = datetime(2022, 3, 1, tzinfo=UTC)  # the day the Great Thaw began
NEWEST = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)


@cache
def grammar() -> dict[str, Any]:
    """The words and sentences (grammar.toml)."""
    return tomllib.loads((Path(__file__).parent / "grammar.toml").read_text(encoding="utf-8"))


def bulk_stories(
    count: int, seed: int = 0, before: datetime = NEWEST, step: timedelta | None = None
) -> Iterator[Story]:
    """Invented stories, newest first, `step` apart (by default spread from `before` back to the first day)."""
    step = step or (before - FIRST_DAY) / (count + 1)
    for number in range(count):
        random = Random(f"{seed} {number} story")
        wobble = timedelta(seconds=random.randrange(1, max(2, int(step.total_seconds()) // 2)))
        yield write_story(random, before - step * number - wobble)


def write_story(random: Random, published: datetime) -> Story:
    """One invented story: mostly briefs, some longer ones, a few long features."""
    published = published.replace(microsecond=0)
    title = fill(random.choice(grammar()["titles"]), random)
    size = random.choices(("brief", "news", "feature"), (5, 4, 1))[0]
    lead, caption, credit = picture(random, published) if random.random() < 0.8 else (None, "", "")
    return Story(
        slug=f"{slug_from(title)}-{random.randrange(1000, 9999)}",
        title=title,
        published=published,
        updated=published + timedelta(minutes=random.randrange(2, 90)) if random.random() < 0.3 else None,
        text=WRITERS[size](random, published),
        authors=tuple(random.sample(reporters(), random.choices((1, 2, 3), (8, 2, 1))[0])),
        tags=(random.choice(grammar()["tags"]), *random.sample(grammar()["other_tags"], random.randrange(3))),
        lead=lead,
        caption=caption,
        credit=credit,
    )


def brief(random: Random, published: datetime) -> str:
    return "\n".join(paragraphs(random, random.randrange(1, 6)))


def news(random: Random, published: datetime) -> str:
    texts = paragraphs(random, random.randrange(6, 12))
    if random.random() < 0.3:
        texts.insert(len(texts) // 2, "@appeal " + random.choice(("donate", "freedom", "magazine")))
    return "\n".join(texts)


def feature(random: Random, published: datetime) -> str:
    """Subheads, a picture, a quotation."""
    texts = paragraphs(random, random.randrange(12, 19))
    for place, head in zip((4, 9), random.sample(grammar()["heads"], 2), strict=True):
        texts.insert(place, f"## {head}")
    file, caption, credit = picture(random, published)
    texts.insert(7, f"@image {file} | {caption} | {credit}")
    texts.insert(2, "> " + fill("“The Sel {event}, and we simply moved upstairs.”", random))
    return "\n".join(texts)


WRITERS = {"brief": brief, "news": news, "feature": feature}


def paragraphs(random: Random, count: int) -> list[str]:
    """Paragraphs of one to three sentences; no sentence form twice in a story while there are others."""
    sizes = [random.choices((1, 2, 3), (5, 4, 2))[0] for _ in range(count)]
    forms = grammar()["sentences"]
    first = random.choice([form for form in forms if form.count("{") > 1])  # no two stories say only the same
    order = [first, *random.sample([form for form in forms if form != first], len(forms) - 1)]
    order += random.choices(forms, k=max(0, sum(sizes) - len(forms)))
    sentences = iter(fill(form, random) for form in order)
    return [" ".join(next(sentences) for _ in range(size)) for size in sizes]


def picture(random: Random, published: datetime) -> tuple[str, str, str]:
    caption = fill("{Thing} near {place}, {province}, in Norvale, on {day}, " + f"{published.year}.", random)
    return f"photo-{random.randrange(10**6)}.jpg", caption, random.choice(grammar()["credits"])


def fill(form: str, random: Random) -> str:
    """The form with its {slots} filled (grammar.toml says what capitals and a final 0 do)."""
    return re.sub(r"{(\w+?)(0?)}", lambda slot: filled(slot[1], bool(slot[2]), random), form).replace("m..", "m.")


def filled(name: str, bare: bool, random: Random) -> str:
    text = word(name.lower(), random)
    text = text.removeprefix("the ") if bare else text
    return text[0].upper() + text[1:] if name[0].isupper() else text


def word(name: str, random: Random) -> str:
    """A word for a slot."""
    match name:
        case "number":
            return str(random.randrange(2, 980))
        case "big":
            return f"{random.randrange(1, 900)},{random.randrange(1000):03}"
        case "share":
            return f"{random.randrange(1, 60)}.{random.randrange(10)}"
        case "clock":
            return f"{random.randrange(1, 13)}:{random.randrange(60):02} {random.choice(('a.m.', 'p.m.'))}"
        case "day":
            return (
                f"{random.choice(('Jan.', 'Feb.', 'March', 'April', 'May', 'Oct.', 'Nov.'))} {random.randrange(1, 29)}"
            )
        case "past":
            return random.choice(grammar()["words"]["event"])
    return random.choice(grammar()["words"][name])


def reporters() -> list[str]:
    """Those who write news: they have a role and a biography."""
    return [slug for slug, author in all_authors().items() if author.role and author.bio] + ["tarrowcouriernews"]


def slug_from(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower().replace("'", "")))[:90].rstrip("-")


def daily_story(number: int, published: datetime) -> Story:
    """The figure of the day: from one day to the next only numbers and dates change."""
    lost = f"{574_690 + 1_120 * number + number % 7 * 13:,}"
    title = f"Rescue Service: Thaw has swallowed {lost} sandbags since March 1, 2022"
    figures = {
        "lost": lost,
        "day": f"{published:%b}. {published.day}",
        "more": f"{1_020 + number * 7 % 190:,}",
        "boats": f"{7_010 + number * 3:,}",
        "dike": f"{13_400 + number * 5:,}",
        "lamps": f"{18_760 + number * 11:,}",
        "ladders": f"{15_233 + number * 2:,}",
        "ferries": 797 + number // 9,
        "locks": 336 + number // 30,
    }
    return Story(
        slug=slug_from(title),
        title=title,
        published=published,
        text="\n".join(grammar()["daily"]).format_map(figures),
        authors=("tarrowcouriernews",),
        tags=("News Feed", "Norvale", "Rescue Service"),
        lead="sandbags.jpg",
        caption="Volunteers pass sandbags along a quay in Tarrow, Norvale, on Feb. 11, 2023.",
        credit="(Penn Harrow/The Tarrow Courier)",
    )


def daily_stories(count: int, last: datetime = NEWEST) -> list[Story]:
    """The figures of `count` days in a row, newest first."""
    return [daily_story(count - back, last - timedelta(days=back)) for back in range(1, count + 1)]


def near_copy(story: Story, seed: int = 0, share: float = 0.03) -> Story:
    """The same news told again at another address, up to `share` of its words edited; numbers and dates agree."""
    random, words = Random(f"{seed} {story.slug} copy"), re.split(r"(\s)", story.text)
    plain = [place for place, text in enumerate(words) if re.fullmatch(r"[a-z]{4,}", text)]
    for place in random.sample(plain, min(len(plain), int(len(words) / 2 * share))):
        words[place] = random.choice(("nearly", "partly", "again", "quietly", "slowly", "perhaps"))
    moved = story.published + timedelta(minutes=random.randrange(20, 900))
    copy = changed(story, slug=f"{story.slug}-report", text="".join(words), published=moved, updated=None)
    return changed(copy, extra={})
