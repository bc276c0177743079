"""Pages damaged at random, and data that no honest page holds: what tests of robustness feed to the readers."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from kicrawl.site import urls
from tests.replica import serve

SAVED = Path(__file__).parent / "pages"
KEPT = Path(__file__).parent / "hostile"  # what earlier runs found, each a file that once broke a reader
TYPES = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".xml": "application/xml"}
LAYOUTS = ("A", "B", "C", "scrambled")
PIECES = re.compile(rb"(?=<)|(?<=>)|(?<=[\s\"':,{}\[\]])")
NASTY = (
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"\x00",
        b"\xff\xfe",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\x1b[2J",
        b"\r\n",
        b"\xe2\x80\xae",
    ),
    *(
        b"&#0;",
        b"&#x1b;",
        b"&#55296;",
        b"&#99999999999;",
        b"&lol;",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<!DOCTYPE x>",
    ),
    *(
        b"<script>",
        b"</script>",
        b"<style>",
        b"<template>",
        b"<svg>",
        b"<math>",
        b"<table>",
        b"<select>",
        b"<frameset>",
    ),
    *(b"<plaintext>", b"<a href='http://[::1'>", b"<base href='//x'>", b"<h1>", b"</body>", b"</html>", b"<br>" * 50),
    *(
        b"<div>" * 300,
        b"</div>" * 300,
        b"<b>" * 300,
        b"[" * 3000,
        b"(" * 200,
        b"." * 500,
        b"null",
        b"-1",
        b"1e999",
        b"{}",
    ),
    *(b"[]", b'"\\ud800"', b'"\\u0000"', b"true", b"NaN", b"9" * 5000, b"$undefined", b"0001-01-01T00:00:00+14:00"),
    *(
        b"9999-12-31T23:59:59-14:00",
        b"2025-02-30",
        b"25:61",
        b"%00",
        b"%",
        b"../" * 40,
        b"javascript:alert(1)",
        b"//",
        b"\\",
    ),
)


class Saved(NamedTuple):
    """A page, and where it came from."""

    body: bytes
    url: str
    content_type: str
    root: str = urls.ROOT


@cache
def pages() -> tuple[Saved, ...]:
    """Pages to be damaged: stories, lists and authors of the replica in every layout, saved pages, pages kept."""
    return (*replica_pages(), *saved_pages(), *kept_pages())


@cache
def feeds() -> tuple[Saved, ...]:
    """The replica's feed and sitemaps."""
    paths = ("/news-archive/rss/", "/sitemap.xml", "/sitemap-posts.xml")
    with serve(layout="C", count=6) as site:
        return tuple(Saved(site.answer(path).body, site.root + path, TYPES[".xml"], site.root) for path in paths)


def replica_pages() -> Iterator[Saved]:
    """Some pages of every layout."""
    for layout in LAYOUTS:
        with serve(layout=layout, count=6) as site:
            paths = [f"/{story.slug}/" for story in site.stories] + ["/news-archive/", "/author/ilva/"]
            for path in paths:
                body = site.answer(path).body
                yield Saved(body, site.root + path, TYPES[".html"], site.root)
                if path == paths[0]:
                    yield Saved(as_text(body), site.root + path, TYPES[".txt"], site.root)


def saved_pages() -> Iterator[Saved]:
    """The pages that probe has saved."""
    for note in sorted(SAVED.glob("*/page.json")):
        told = json.loads(note.read_text(encoding="utf-8"))
        yield Saved(note.with_suffix(".html").read_bytes(), told["url"], told["content_type"])


def kept_pages() -> Iterator[Saved]:
    """What earlier runs found, at a story's address and at those of a list and an author."""
    for path in sorted(KEPT.glob("*.*")):
        for place in ("/ferry-stops-for-a-heron/", "/news-archive/", "/author/ann-reed/"):
            yield Saved(path.read_bytes(), urls.ROOT + place, TYPES[path.suffix])


def as_text(body: bytes) -> bytes:
    """The lines of a page without its markup."""
    return re.sub(rb"\s*<[^>]*>\s*", b"\n", body)


def damaged(body: bytes, random: Random) -> bytes:
    """A page after some accidents."""
    for _ in range(random.randint(1, 6)):
        body = random.choice(ACCIDENTS)(body, random)
    return body


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randint(0, len(body))]


def _drop(body: bytes, random: Random) -> bytes:
    start = random.randint(0, len(body))
    return body[:start] + body[start + random.randint(0, 2000) :]


def _insert(body: bytes, random: Random) -> bytes:
    start = random.randint(0, len(body))
    return body[:start] + random.choice(NASTY) * random.choice((1, 1, 1, 3)) + body[start:]


def _flip(body: bytes, random: Random) -> bytes:
    found = bytearray(body)
    for _ in range(random.randint(1, 20) if found else 0):
        found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)


def _swap_pieces(body: bytes, random: Random) -> bytes:
    parts = PIECES.split(body)
    for _ in range(random.randint(1, 12)):
        one, other = random.randrange(len(parts)), random.randrange(len(parts))
        parts[one], parts[other] = parts[other], random.choice((parts[one], b"", parts[other]))
    return b"".join(parts)


def _repeat(body: bytes, random: Random) -> bytes:
    parts = PIECES.split(body)
    start = random.randrange(len(parts))
    some = parts[start : start + random.randint(1, 30)]
    return b"".join([*parts[:start], *some * random.randint(2, 40), *parts[start:]])


def _replace_values(body: bytes, random: Random) -> bytes:
    """Other values in the page's JSON and attributes."""
    nasty = random.choice(NASTY)
    return re.sub(rb'(?<=[:=])\s*"[^"<>]{0,200}"', lambda found: found[0] if random.random() < 0.8 else nasty, body)


ACCIDENTS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut,
    _drop,
    _insert,
    _insert,
    _flip,
    _swap_pieces,
    _swap_pieces,
    _repeat,
    _replace_values,
    _replace_values,
)


def strange(random: Random, depth: int = 0) -> Any:
    """A value of JSON of any type."""
    kind = random.randrange(9 if depth < 4 else 6)
    if kind >= 6:
        some = [strange(random, depth + 1) for _ in range(random.randint(0, 3))]
        return some if kind == 6 else {random.choice(KEYS): value for value in some}
    return (None, True, random.choice((-1, 0, 1e300, 10**30)), "", random.choice(TEXTS), random.choice(TEXTS))[kind]


KEYS = tuple(
    """slug title html published_at updated_at authors tags primary_tag primary_author name url id feature_image excerpt
    feature_image_caption reading_time access bio location profile_image visibility @type @id @graph headline author
    contributor keywords datePublished dateModified articleSection mainEntity jobTitle description sameAs
    isAccessibleForFree inLanguage""".split()
)
TEXTS = (
    *("ferry-stops-for-a-heron", "Ferry stops for a heron", "<p>The noon ferry waited.</p>", "NewsArticle", "Person"),
    *(
        "\ud800",
        "\x00",
        "\x1b[31m",
        "$1",
        "$undefined",
        "$$",
        "http://[::1",
        "//",
        "#",
        "2025-05-04T10:00:00.000Z",
        "a" * 5000,
    ),
    *("<", "<!--", "<frameset>", "&", " ", "\u202e", "0" * 5000, "/author/%00/", "ProfilePage", "false"),
)


def strange_story(random: Random) -> bytes:
    """A page whose embedded post and JSON-LD hold anything."""
    post = {key: strange(random) for key in random.sample(KEYS, random.randint(5, len(KEYS)))}
    post |= {"slug": "ferry-stops-for-a-heron"} if random.random() < 0.8 else {}
    post |= {"title": "Ferry stops for a heron"} if random.random() < 0.7 else {}
    about = {key: strange(random) for key in random.sample(KEYS, random.randint(5, len(KEYS)))}
    about |= {"@type": random.choice(("NewsArticle", "ProfilePage", "Person"))} if random.random() < 0.8 else {}
    rows = f"1:{json.dumps(strange(random))}\n2:T{random.choice(('5', '-6', 'ffffffff', '0'))},abc3:{json.dumps(post)}"
    data = json.dumps({"props": {"pageProps": {"post": post}}})
    return (
        f'<title>Ferry stops for a heron</title><script type="application/ld+json">{json.dumps(about)}</script>'
        f"<body><h1>Ferry stops for a heron</h1><p>The noon ferry waited for a heron to leave the landing.</p>"
        f'<script id="__NEXT_DATA__">{data}</script><script>self.__next_f.push({json.dumps([1, rows])})</script>'
    ).encode("utf-8", "surrogatepass")
