"""The site as its visitors meet it: which address answers what."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

from . import feeds, layouts
from .newsroom import Newsroom
from .scramble import scramble
from .stories import Story, written_posts

STARTED = datetime(2025, 11, 20, tzinfo=UTC)  # when Ghost "was started": the lastmod of pages
OLD_SECTIONS = {"news-feed", "national", "uncategorized", "opinion", "podcasts"}
PICTURE = bytes.fromhex(  # a PNG of one grey point
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154785e6368060000820081d3b43fb70000000049454e44ae426082"
)
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass
class Answer:
    """A response before it is made ready for one visitor."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    layout: str | None = None  # whose banner it takes; None: it has none


@cache
def site_pages() -> dict[str, dict[str, Any]]:
    """The pages that are no stories (pages.toml)."""
    return tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))


def other_posts() -> list[Story]:
    """Posts that are not stories: vacancies, appeals for money."""
    return [post for post in written_posts() if not post.is_story]


class Site(Newsroom):
    """The newspaper's site."""

    def __init__(self, stories: Iterable[Story], layout: str | None, seed: int, sizes: dict[str, int]):
        super().__init__(stories, layout, seed)
        self._sizes = sizes
        self._answers: dict[str, Answer] = {}

    def _forget(self) -> None:
        self._answers.clear()

    def answer(self, path: str, host: str = "") -> Answer:
        """The answer to a path, rendered once until something changes."""
        if host.startswith("www.") or host.split(":")[0].endswith("."):
            return redirect(self.root + path)
        path = urlsplit(path).path
        with self._lock:
            if path not in self._answers:
                if len(self._answers) > 5000:
                    self._answers.clear()
                self._answers[path] = self._find(unquote(path))
            return self._answers[path]

    def _find(self, path: str) -> Answer:
        parts = path.strip("/").split("/")
        if files := self._file(path):
            return files
        if path.startswith("/content/") or path in ("/logo.svg", "/favicon.png"):
            return Answer(200, PICTURE, {"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000"})
        if "//" in path or parts[0] in ("ghost", "assets", "public", "_next"):
            return self._not_found()
        if len(parts) == 2 and parts[0] in OLD_SECTIONS and parts[1] in self._stories:
            return redirect(f"/{parts[1]}/")
        if not path.endswith("/"):
            return redirect(f"{path}/")
        if path != path.lower():
            return redirect(path.lower())
        return self._page(parts)

    def _file(self, path: str) -> Answer | None:
        """Feeds, sitemaps and robots.txt."""
        if path == "/robots.txt":
            return plain_file(self.robots.format(root=self.root), "text/plain; charset=utf-8")
        if path == "/news-archive/rss/":
            newest = [story for story in self.stories if self._shown(story, "feed")][: self._sizes["feed"]]
            answer = plain_file(feeds.feed(newest, self.root, self.authors), "application/rss+xml; charset=utf-8")
            return Answer(200, answer.body, answer.headers | {"Cache-Control": "public, max-age=0"})
        return self._sitemap(path.strip("/")) if path.endswith(".xml") else None

    def _sitemap(self, name: str) -> Answer:
        stories = [story for story in (*self.stories, *other_posts()) if self._shown(story, "sitemap")]
        pages, size = [f"/{slug}/" for slug in site_pages()], self._sizes["sitemap"]
        kinds = ("pages", "posts", "authors", "tags")
        rows = {kind: feeds.sitemap_rows(kind, stories, pages, self.root, STARTED) for kind in kinds}
        if name == "sitemap.xml":
            newest = max((story.modified for story in stories), default=STARTED)
            counts = {kind: len(rows[kind]) for kind in kinds}
            return plain_file(feeds.sitemap_index(counts, size, newest, self.root), XML)
        for kind in kinds:
            names = feeds.file_names(kind, len(rows[kind]), size)
            if name in names:
                start = names.index(name) * size
                return plain_file(feeds.sitemap(rows[kind][start : start + size]), XML)
        return self._not_found()

    def _page(self, parts: list[str]) -> Answer:
        """A page with an address in proper form."""
        if parts[-2:-1] == ["page"] and parts[-1].isdigit():
            if int(parts[-1]) < 2:
                return redirect("/" + "/".join([*parts[:-2], ""]).lstrip("/"))
            parts, number = parts[:-2] or [""], int(parts[-1])
        else:
            number = 1
        match parts:
            case ["" | "news-archive"]:
                return self._list(parts[0], number)
            case ["tag" | "author" as kind, name]:
                return self._tag(name, number) if kind == "tag" else self._author(name, number)
            case ["nobot", slug] | [slug] if slug in self._stories and number == 1:
                return self._story(self._stories[slug])
            case [slug] if number == 1 and any(slug == post.slug for post in other_posts()):
                return self._story(next(post for post in other_posts() if slug == post.slug))
            case [slug] if slug in self.moved:
                return redirect(f"/{self.moved[slug]}/")
            case [slug] if slug in site_pages() and number == 1:
                return self._other(200, site_pages()[slug]["title"], site_pages()[slug]["text"], f"/{slug}/")
            case [slug] if self.gone.get(slug) == 410:
                return self._other(410, "This page is gone", ["The story that stood here was taken down."], f"/{slug}/")
        return self._not_found()

    def _story(self, story: Story) -> Answer:
        layout = self.layout_of(story)
        others = [other for other in self.stories[:40] if self._shown(other, "list")]
        text = layouts.render_story(story, layout, self.root, others[:14], self.authors)
        answer = self._html(200, self.alter(text) if self.alter else text, layout)
        if layout == "A":
            answer.headers["Last-Modified"] = format_datetime(story.modified, usegmt=True)
        return answer

    def _list(self, name: str, number: int) -> Answer:
        stories = [story for story in self.stories if self._shown(story, "list")]
        path = f"/{name}/" if name else "/"
        return self._cards(self._list_layout(path, "C"), "News Archive" if name else "Home", path, number, stories)

    def _tag(self, slug: str, number: int) -> Answer:
        tags = {layouts.slug_of_tag(tag): tag for story in self.stories for tag in story.public_tags}
        if slug not in tags:
            return self._not_found()
        stories = [story for story in self.stories if tags[slug] in story.tags and self._shown(story, "list")]
        return self._cards(self._list_layout(f"/tag/{slug}/", "B"), tags[slug], f"/tag/{slug}/", number, stories)

    def _author(self, slug: str, number: int) -> Answer:
        stories = [story for story in self.stories if slug in story.authors and self._shown(story, "author")]
        author = self.authors.get(slug)
        if not author or not stories:  # as Ghost does it
            return self._not_found()
        layout = self._list_layout(f"/author/{slug}/", Random(slug).choice("BC"))
        return self._cards(layout, author.name, f"/author/{slug}/", number, stories, author=author)

    def _cards(self, layout: str, title: str, path: str, number: int, stories: list[Story], **view: Any) -> Answer:
        """One page of a list; past its end 404."""
        size = self._sizes["list"]
        pages = max(1, -(-len(stories) // size))
        if number > pages:
            return self._not_found()
        shown = stories[(number - 1) * size : number * size]
        paths = {number: f"{path}page/{number}/" if number > 1 else path for number in range(1, pages + 1)}
        view |= {"everyone": self.authors, "title": title, "stories": shown, "path": paths[number]}
        view |= {"previous": paths.get(number - 1), "next": paths.get(number + 1)}
        return self._html(200, layouts.render_list(layout, self.root, **view), layout)

    def _other(self, status: int, title: str, paragraphs: list[str], path: str) -> Answer:
        layout = self._list_layout(path, "C")
        page = layouts.render_page(layout, self.root, title, paragraphs, path, self.stories[:4], self.authors)
        return self._html(status, page, layout)

    def _not_found(self) -> Answer:
        return self._other(404, "404: page not found", ["The tide has taken this page, or it never was."], "/404/")

    def _list_layout(self, path: str, mixed: str) -> str:
        return self.layout if self.layout in layouts.SCHEMAS else mixed

    def _html(self, status: int, text: str, layout: str) -> Answer:
        text = scramble(text, self.seed) if self.layout == "scrambled" else text
        headers = {"Content-Type": HTML, "Cache-Control": "public, max-age=0" if status < 400 else "no-store"}
        headers |= {"ETag": etag(text)} if status == 200 else {}
        return Answer(status, text.encode(), headers, layout)

    def banner(self, layout: str, number: int) -> bytes:
        """The campaign of one request."""
        key = f"banner {layout} {number % len(layouts.furniture()['campaigns'])}"
        with self._lock:
            if key not in self._answers:
                text = layouts.render_banner(layout, number)
                if self.layout == "scrambled":
                    text = re.search("<body>(.*)</body>", scramble(f"<body>{text}</body>", self.seed), re.S)[1]
                self._answers[key] = Answer(200, text.encode())
            return self._answers[key].body

    def dressed(self, answer: Answer) -> bytes:
        """The body with this request's campaign and numbers."""
        if answer.layout is None:
            return answer.body
        number = next(self.numbers)
        body = answer.body.replace(layouts.BANNER.encode(), self.banner(answer.layout, number), 1)
        for name, value in ((b"{n}", number), (b"{m}", 10 + number * 7 % 80), (b"{k}", 100 + number * 13 % 800)):
            body = body.replace(name, b"%d" % value)
        return body


def redirect(path: str) -> Answer:
    return Answer(301, b"", {"Location": path, "Cache-Control": "public, max-age=31536000"})


def plain_file(text: str, content_type: str) -> Answer:
    """A feed, a sitemap or robots.txt: no banner, and an ETag."""
    headers = {"Content-Type": content_type, "Cache-Control": "public, max-age=3600", "ETag": etag(text)}
    return Answer(200, text.encode(), headers)


def etag(text: str) -> str:
    """A weak validator: the banner and the numbers in it do not count."""
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:27]}"'
