"""Pages that are large in one way each, of any size: what a careless page or a hostile one may consist of.

Nothing of them depends on chance: the same size gives the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from kicrawl.site import urls

STORY = f"{urls.ROOT}/ferry-stops-for-a-heron/"
LIST = f"{urls.ROOT}/news-archive/"
AUTHOR = f"{urls.ROOT}/author/ann-reed/"
TITLE = "Ferry stops for a heron in Lower Tarrow"
LEAD = "The noon ferry waited for a heron to leave the landing in Lower Tarrow, the harbor master said."
HEAD = f'<html lang="en"><head><title>{TITLE}</title><meta name="description" content="{LEAD}"></head><body>'


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A kind of page that grows with one number."""

    make: Callable[[int], str]  # how many of its parts -> the page
    size: int  # parts for a page that takes some tenths of a second
    url: str = STORY
    content_type: str = "text/html; charset=utf-8"


def story(body: str, head: str = "") -> str:
    """A page at a story's address: its headline, then what is given."""
    return f"{HEAD}{head}<main><h1>{TITLE}</h1><p>{LEAD}</p>{body}</main></body></html>"


def alone(body: str) -> str:
    """A page without a headline or anything else."""
    return f"<body>{body}</body>"


def each(count: int, part: Callable[[int], str]) -> str:
    """So many parts, one after the other."""
    return "".join(part(number) for number in range(count))


def card(number: int) -> str:
    """A card of another story, as lists show it."""
    return (
        f'<div><a href="/story-{number}-of-many/"><h3>Story {number} of very many on the list</h3></a>'
        f"<p>by Ann Reed</p><p>{LEAD} {number}</p></div>"
    )


def person(number: int) -> str:
    """A link to the page of an author."""
    return f'<a href="/author/person-{number}/">Person Number {number}</a>'


def post(**values: object) -> str:
    """An embedded post, as Next.js pages hold it."""
    told = {"slug": "ferry-stops-for-a-heron", "title": TITLE, "html": f"<p>{LEAD}</p>", **values}
    data = json.dumps({"props": {"pageProps": {"post": told}}}).replace("</", "<\\/")
    return story("", f'<script id="__NEXT_DATA__" type="application/json">{data}</script>')


def jsonld(**values: object) -> str:
    """The story as schema.org describes it."""
    told = {"@type": "NewsArticle", "headline": TITLE, **values}
    return story("", f'<script type="application/ld+json">{json.dumps(told)}</script>')


def flight(rows: str) -> str:
    """A payload of React's flight format."""
    return story("", f"<script>self.__next_f.push({json.dumps([1, rows])})</script>")


def text(*lines: str) -> str:
    """A plain text at a story's address."""
    return "\n".join([TITLE, "by Ann Reed March 17, 2024 12:32 PM 1 min read", *lines])


SHAPES: dict[str, Shape] = {
    "paragraphs": Shape(make=lambda n: story(each(n, lambda i: f"<p>{LEAD} {i}</p>")), size=8_000),
    "paragraphs alike": Shape(make=lambda n: story(f"<p>{LEAD}</p>" * n), size=8_000),
    "paragraphs alone": Shape(make=lambda n: alone(f"<p>{LEAD}</p>" * n), size=8_000),
    "short paragraphs": Shape(make=lambda n: story("<p>a</p>" * n), size=16_000),
    "parts": Shape(make=lambda n: story(f"<div><p>{LEAD}</p><p>{LEAD}</p></div>" * n), size=4_000),
    "parts of one class": Shape(make=lambda n: story(f'<div class="b"><p>{LEAD}</p></div><hr>' * n), size=8_000),
    "sections": Shape(make=lambda n: story(f"<section><h2>More on this</h2><p>{LEAD}</p></section>" * n), size=4_000),
    "section headings": Shape(make=lambda n: story("<h2>More stories</h2>" * n), size=16_000),
    "headings": Shape(make=lambda n: story(each(n, lambda i: f"<h2>Ferry {i} stops</h2>")), size=8_000),
    "dates": Shape(make=lambda n: alone("<div>May 4, 2025 1:30 AM</div>" * n), size=8_000),
    "times": Shape(make=lambda n: alone('<time datetime="2025-05-04T10:00:00Z">May 4</time><hr>x' * n), size=8_000),
    "names": Shape(make=lambda n: story(each(n, lambda i: f"<div>{person(i)}</div>")), size=8_000),
    "author boxes": Shape(
        make=lambda n: story(
            f"<p>{LEAD}</p>" * 3 + each(n, lambda i: f"<div>{person(i)}<p>Person Number {i} is a reporter.</p></div>")
        ),
        size=4_000,
    ),
    "named boxes": Shape(
        make=lambda n: story(
            f"<p>{LEAD}</p>" * 3
            + each(n, lambda i: f"<div><b>Ann Reed {i}</b><p>Ann Reed {i} is our reporter.</p></div>")
        ),
        size=4_000,
    ),
    "bylines": Shape(make=lambda n: story(each(n, lambda i: f"<div>By Ann Reed {i}</div>")), size=8_000),
    "pictures": Shape(make=lambda n: story(each(n, lambda i: f'<img src="/{i}.jpg"><p>{LEAD}</p>')), size=8_000),
    "pictures alone": Shape(make=lambda n: story(each(n, lambda i: f'<img src="/{i}.jpg">')), size=16_000),
    "captions": Shape(
        make=lambda n: story(
            each(n, lambda i: f'<figure><img src="/{i}.jpg"><figcaption>{LEAD} (Ann Reed / AFP)</figcaption></figure>')
        ),
        size=4_000,
    ),
    "captions of one picture": Shape(
        make=lambda n: story(
            '<figure><img src="/1.jpg"><figcaption>' + "<p>A heron</p>" * n + "</figcaption></figure>"
        ),
        size=8_000,
    ),
    "opening repeated": Shape(make=lambda n: alone(f'<img src="/1.jpg"><div>{LEAD}</div>' * n), size=8_000),
    "cards": Shape(make=lambda n: story(each(n, card)), size=4_000),
    "cards of a list": Shape(make=lambda n: alone(each(n, card)), size=4_000, url=LIST),
    "cards of an author": Shape(make=lambda n: alone("<h1>Ann Reed</h1>" + each(n, card)), size=4_000, url=AUTHOR),
    "links of a list": Shape(
        make=lambda n: alone(each(n, lambda i: f'<a href="/story-{i}/">Story {i} of very many</a> ')),
        size=8_000,
        url=LIST,
    ),
    "links in one line": Shape(
        make=lambda n: story("<p>" + each(n, lambda i: f'<a href="/story-{i}/">Story {i}</a> ') + "</p>"), size=8_000
    ),
    "touching links": Shape(make=lambda n: story("<p>" + '<a href="/a/">Aa</a>' * n + "</p>"), size=8_000),
    "menu": Shape(
        make=lambda n: story("<ul>" + each(n, lambda i: f'<li><a href="/tag/t{i}/">Tag {i}</a></li>') + "</ul>"),
        size=8_000,
    ),
    "inline elements": Shape(make=lambda n: story("<p>" + "<b>a</b> " * n + "</p>"), size=16_000),
    "open inline elements": Shape(make=lambda n: story("<p>" + "<i>a" * n), size=8_000),
    "pictures in a link": Shape(make=lambda n: story('<a href="/a/">' + '<img src="/1.jpg">' * n + "</a>"), size=8_000),
    "line breaks": Shape(make=lambda n: story("<p>" + "a heron<br>" * n + "</p>"), size=16_000),
    "broken sentences": Shape(make=lambda n: story("<p>" + f"{LEAD}<br>" * n + "</p>"), size=8_000),
    "text between blocks": Shape(make=lambda n: story("a heron <hr>" * n), size=16_000),
    "nesting": Shape(make=lambda n: story("<div>" * n + "a" + "</div>" * n), size=32_000),
    "nested lists": Shape(make=lambda n: story("<ul><li>a heron" * n), size=16_000),
    "nested quotes": Shape(make=lambda n: story(f"<blockquote><p>{LEAD}</p>" * n), size=8_000),
    "nested links": Shape(make=lambda n: story('<a href="/a/"><div>a heron</div>' * n), size=8_000),
    "nested tables": Shape(make=lambda n: story("<table><tr><td>a heron" * n), size=8_000),
    "nested sections": Shape(make=lambda n: story("<section><h2>Latest</h2><p>a heron</p>" * n), size=8_000),
    "nested navigation": Shape(make=lambda n: story("<nav><a href='/tag/a/'>a heron</a>" * n), size=8_000),
    "custom elements": Shape(make=lambda n: story("<x-y>a</x-y>" * n), size=16_000),
    "empty elements": Shape(make=lambda n: story("<i></i>" * n), size=32_000),
    "unknown elements": Shape(make=lambda n: story(each(n, lambda i: f"<t{i}>a")), size=8_000),
    "comments": Shape(make=lambda n: story("<!-- a -->" * n), size=64_000),
    "controls": Shape(make=lambda n: story("<button>Read</button><input>" * n), size=8_000),
    "attributes": Shape(make=lambda n: story("<div " + each(n, lambda i: f'a{i}="{i}" ') + ">a</div>"), size=16_000),
    "long attributes": Shape(
        make=lambda n: story(f'<p class="{"a " * n}" style="{"display " * n}">a</p>'), size=64_000
    ),
    "relations": Shape(make=lambda n: story("", f'<link rel="{"a " * n}" href="{"b" * n}">'), size=32_000),
    "metas": Shape(make=lambda n: story("", '<meta property="article:tag" content="Rivers">' * n), size=16_000),
    "long title": Shape(
        make=lambda n: story("<h2>a b c</h2>" * n).replace(f"<title>{TITLE}", "<title>" + "a heron | War " * n),
        size=4_000,
    ),
    "titles": Shape(make=lambda n: story("", "<svg><title>a</title></svg>" * n), size=16_000),
    "long address": Shape(make=lambda n: story(f'<p>x <a href="/{"a/" * n}">a</a></p>' * 20), size=16_000),
    "one long line": Shape(make=lambda n: story("<p>" + "a heron " * n + "</p>"), size=256_000),
    "one long word": Shape(make=lambda n: story("<p>" + "a" * n + "</p>"), size=1_000_000),
    "dots": Shape(make=lambda n: story("<p>" + "." * n + "x</p>"), size=64_000),
    "brackets": Shape(make=lambda n: story("<p>" + "(" * n + "</p>"), size=64_000),
    "credits": Shape(make=lambda n: story('<img src="/1.jpg"><p>(' + "Photo " * n + "</p>"), size=32_000),
    "dashes": Shape(make=lambda n: story("<p>" + "- " * n + "</p>"), size=64_000),
    "digits": Shape(make=lambda n: story("<p>" + "1" * n + "</p>"), size=64_000),
    "white space": Shape(make=lambda n: story("<p>" + " \n" * n + "x</p>"), size=500_000),
    "entities": Shape(make=lambda n: story("<p>" + "&amp;" * n + "</p>"), size=100_000),
    "script": Shape(make=lambda n: story("<script>" + "self.__next_f.push([" * n + "</script>"), size=16_000),
    "script that ends in spaces": Shape(
        make=lambda n: story("<script>self.__next_f.push([1])" + " " * n + "x</script>"), size=64_000
    ),
    "JSON post": Shape(make=lambda n: post(html=f"<p>{LEAD}</p>" * n), size=8_000),
    "JSON authors": Shape(
        make=lambda n: post(authors=[{"name": f"Person {i}", "slug": f"p{i}"} for i in range(n)]), size=16_000
    ),
    "JSON tags": Shape(make=lambda n: post(tags=[{"name": f"Tag {i}"} for i in range(n)]), size=16_000),
    "JSON nesting": Shape(
        make=lambda n: story("", '<script type="application/json">' + "[" * n + "]" * n + "</script>"), size=200_000
    ),
    "JSON list": Shape(
        make=lambda n: story("", '<script type="application/json">[' + "{}," * n + "{}]</script>"), size=64_000
    ),
    "JSON-LD authors": Shape(
        make=lambda n: jsonld(author=[{"@id": f"#{i}", "name": f"Person {i}"} for i in range(n)]), size=8_000
    ),
    "JSON-LD keywords": Shape(make=lambda n: jsonld(keywords=[f"Tag {i}" for i in range(n)]), size=32_000),
    "JSON-LD graph": Shape(
        make=lambda n: story(
            "",
            '<script type="application/ld+json">'
            + json.dumps(
                [
                    {"@type": "NewsArticle", "author": [{"@id": f"#{i}"} for i in range(n)]},
                    *({"@type": "Person", "@id": f"#{i}", "name": f"Person {i}"} for i in range(n)),
                ]
            )
            + "</script>",
        ),
        size=2_000,
    ),
    "flight rows": Shape(make=lambda n: flight(each(n, lambda i: f'{i:x}:["a",{{"b":1}}]\n')), size=16_000),
    "flight texts": Shape(make=lambda n: flight(each(n, lambda i: f"{i:x}:T3,abc")), size=32_000),
    "text lines": Shape(make=lambda n: text(*(f"{LEAD} {i}" for i in range(n))), size=4_000, content_type="text/plain"),
    "text names twice": Shape(
        make=lambda n: text(*(f"Ann Reed {i}\nAnn Reed {i}" for i in range(n))), size=2_000, content_type="text/plain"
    ),
    "text cards": Shape(
        make=lambda n: text(*(f"A story about heron {i}\nThe Kyiv Independent\n{LEAD}" for i in range(n))),
        size=2_000,
        content_type="text/plain",
    ),
    "text boxes": Shape(
        make=lambda n: text(LEAD, *(f"Avatar\nAnn Reed {i}\nReporter\n{LEAD}" for i in range(n))),
        size=2_000,
        content_type="text/plain",
    ),
    "text of one line": Shape(make=lambda n: text("a heron " * n), size=128_000, content_type="text/plain"),
    "text of dots": Shape(make=lambda n: text("." * n + "x"), size=64_000, content_type="text/plain"),
    "text of an author": Shape(
        make=lambda n: "Team\nAnn Reed\n" + "@" * n + " x\nArticles\nA\nA",
        size=64_000,
        url=AUTHOR,
        content_type="text/plain",
    ),
    "text cards of an author": Shape(
        make=lambda n: "Team\nAnn Reed\nArticles\n" + each(n, lambda i: f"Heron {i} came\nHeron {i} came\n{LEAD}\n"),
        size=2_000,
        url=AUTHOR,
        content_type="text/plain",
    ),
}
