"""Small pages for tests of reading: one invented story in several constructions of HTML, and as plain text."""

import json
from collections.abc import Callable, Sequence

from kicrawl import items, read_article
from kicrawl.site import urls

URL = f"{urls.ROOT}/ferry-stops-for-a-heron/"
TITLE = "Ferry stops for a heron in Lower Tarrow"
LEAD = "The noon ferry waited for a heron to leave the landing in Lower Tarrow on May 4, the harbor master said."
LAST = "Nobody on board complained, and two passengers took pictures of the bird before the ferry sailed on."


def semantic(paragraphs: Sequence[str]) -> str:
    """The story as an honest page marks it up."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<html lang="en"><head><title>{TITLE} | The Kyiv Independent</title></head><body>
      <header><a href="/">Home</a></header><main><article><a href="/tag/rivers/">Rivers</a>
      <h1>{TITLE}</h1><div class="entry">{body}</div></article></main>
      <footer><p>© 2025 The Kyiv Independent</p></footer></body></html>"""


def soup(paragraphs: Sequence[str]) -> str:
    """The story in nothing but div elements without classes, a sidebar of prose before it."""
    body = "".join(f"<div>{paragraph}</div>" for paragraph in paragraphs)
    return f"""<title>{TITLE}</title><body><div><div>News Feed</div><div>A barge with onions ran aground near
      Vask, the river guard reported.</div><div>The mill at Sel will close for a week to have its wheel mended.</div>
      <div>Show More</div></div><div><h1>{TITLE}</h1><div><div>1 min read</div><div>Share</div></div>
      <div>{body}</div>
      </div><div><div>The ferry company raised its fares by a tenth on Monday, to the anger of all.</div></div>"""


def embedded(paragraphs: Sequence[str]) -> str:
    """The story as a Next.js page embeds it, another post in the same payload."""
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    post = {"slug": "ferry-stops-for-a-heron", "title": TITLE, "html": html, "published_at": "2025-05-04T10:00:00.000Z"}
    other = {
        "slug": "onions-on-the-bank",
        "title": "Onions on the bank",
        "html": "<p>A barge ran aground near Vask.</p>",
    }
    data = json.dumps({"props": {"pageProps": {"more": [other], "post": post}}}).replace("</", "<\\/")
    return f"""<title>{TITLE}</title><body><div id="__next"><h1>{TITLE}</h1><div>{html}</div></div>
      <script id="__NEXT_DATA__" type="application/json">{data}</script></body>"""


FORMS: dict[str, Callable[[Sequence[str]], str]] = {"semantic": semantic, "soup": soup, "embedded": embedded}


def read(page: str | bytes, url: str = URL, content_type: str = "text/html; charset=utf-8") -> items.Article:
    """The article on a page, stripped."""
    return read_article(page, url, content_type)


def story(article: items.Article) -> list[str]:
    """The texts of the story's blocks."""
    return [block.text for block in article.story]
