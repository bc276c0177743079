"""Serves the invented copy of the newspaper's site on 127.0.0.1, and lets a test change it while it is read."""

import gzip
import hashlib
import re
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count as counter
from pathlib import Path
from random import Random
from socket import SHUT_RDWR, socket
from typing import Any
from urllib.parse import unquote, urlsplit

from . import feeds, grammar, layouts
from .expected import expected, expected_author
from .scramble import scramble
from .stories import Author, Story, all_authors, changed, newest_first, written_posts, written_stories

STORIES = 72  # as many as there are by default
DAYS = 6  # stories that differ in numbers only
LIST_SIZE = 15  # cards on a list page
FEED_SIZE = 16  # as on the site
SITEMAP_SIZE = 1000  # addresses in a sitemap file
STARTED = datetime(2025, 11, 20, tzinfo=UTC)  # when Ghost "was started": the lastmod of pages
OLD_SECTIONS = {"news-feed", "national", "uncategorized", "opinion", "podcasts"}
WITHDRAWN = {"correction-the-bridge-was-never-there", "live-updates-from-the-second-mark"}  # 410 from the beginning
PICTURE = bytes.fromhex(  # a PNG of one grey point
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154785e6368060000820081d3b43fb70000000049454e44ae426082"
)
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass
class Request:
    """What the server was asked, and what it answered."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    status: int
    time: float  # seconds since the epoch, when it was answered
    size: int  # bytes of the answer's body as sent


@dataclass
class Answer:
    """A response before it is made ready for one visitor."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    layout: str | None = None  # whose banner it takes; None: it has none


@dataclass
class Fault:
    """Misbehaviour on a path: what is given here replaces what the site would answer."""

    matches: Callable[[str], bool]
    times: int | None = None  # how often; None: always
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0  # seconds before the answer
    cut: int | None = None  # bytes of the body after which the connection is closed
    drop: bool = False  # the connection is closed without an answer


@cache
def site_pages() -> dict[str, dict[str, Any]]:
    """The pages that are no stories (pages.toml)."""
    return tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))


def other_posts() -> list[Story]:
    """Posts that are not stories: vacancies, appeals for money."""
    return [post for post in written_posts() if not post.is_story]


class Site:
    """The newspaper's site. Everything that changes it may be called while it is served."""

    def __init__(self, stories: Iterable[Story], layout: str | None, seed: int, sizes: dict[str, int]):
        self.root = ""
        self.layout = layout or "mixed"
        self.seed = seed
        self.log: list[Request] = []
        self.robots = feeds.ROBOTS
        self.faults: list[Fault] = []
        self.hidden: dict[str, set[str]] = {}  # slug -> places: sitemap, list, feed, author
        self.gone: dict[str, int] = dict.fromkeys(WITHDRAWN, 410)
        self.moved: dict[str, str] = {}  # old slug -> new slug
        self.authors = dict(all_authors())
        self.numbers = counter(1)  # of requests: what banners show
        self.errors: list[BaseException | None] = []  # mistakes of the replica itself; serve() raises the first
        self._sizes = sizes
        self._stories = {story.slug: story for story in stories}
        self._ordered: tuple[Story, ...] | None = None
        self._answers: dict[str, Answer] = {}
        self._lock = threading.RLock()
        self._published = 0

    # What a test asks

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories a visitor can read, newest first."""
        with self._lock:
            if self._ordered is None:
                self._ordered = newest_first(self._stories.values())
            return self._ordered

    def story(self, slug: str) -> Story:
        return self._stories[slug]

    def url(self, slug: str) -> str:
        return f"{self.root}/{slug}/"

    def expected(self, slug: str) -> dict[str, Any]:
        """What kicrawl must find on the story's page as it is now."""
        story = self._stories[slug]
        layout = "scrambled" if self.layout == "scrambled" else self.layout_of(story)
        return expected(story, self.root, layout, self.authors)

    def expected_author(self, slug: str) -> dict[str, Any]:
        """What kicrawl must find on the pages of an author together."""
        stories = [story for story in self.stories if slug in story.authors and self._shown(story, "author")]
        return expected_author(self.authors[slug], stories, self.root)

    def requested(self, start: str = "/") -> list[str]:
        """The paths asked for so far, in order, that begin so."""
        return [request.path for request in self.log if request.path.startswith(start)]

    # What the newsroom does

    def publish(self, *stories: Story, n: int = 0, at: datetime | None = None) -> list[Story]:
        """Publishes the given stories, or `n` invented ones, newer than all others (or at a moment)."""
        with self._change():
            self._published += n
            last = at or self._newest() + timedelta(minutes=7 * n)
            seed = self.seed + 1000 + self._published
            new = list(stories) or list(grammar.bulk_stories(n, seed, last, timedelta(minutes=7)))
            self._stories |= {story.slug: story for story in new}
            return new

    def edit(self, slug: str, **changes: Any) -> Story:
        """Changes a story in place; its modified time moves an hour on unless `updated` is given."""
        with self._change():
            story = self._stories[slug]
            changes = {"updated": story.modified + timedelta(hours=1)} | changes
            self._stories[slug] = changed(story, **changes)
            return self._stories[slug]

    def retitle(self, slug: str, title: str, new_slug: str | None = None, redirect: bool = False) -> Story:
        """A new headline, and with `new_slug` a new address; Ghost answers 404 at the old one, `redirect` gives 301."""
        story = self.edit(slug, title=title)
        if not new_slug:
            return story
        with self._change():
            del self._stories[slug]
            self._stories[new_slug] = changed(story, slug=new_slug)
            if redirect:
                self.moved[slug] = new_slug
            return self._stories[new_slug]

    def unpublish(self, slug: str, status: int = 404) -> Story:
        """Takes a story off the site; its address answers 404, or 410."""
        with self._change():
            self.gone[slug] = status
            return self._stories.pop(slug)

    def edit_author(self, slug: str, **changes: Any) -> Author:
        """Changes what is said of an author everywhere, e.g. the role."""
        with self._change():
            self.authors[slug] = replace(self.authors[slug], **changes)
            return self.authors[slug]

    def hide(self, slug: str, *places: str) -> None:
        """Leaves a story out of some of: sitemap, list (tags too), feed, author. Its page stays."""
        with self._change():
            self.hidden.setdefault(slug, set()).update(places)

    def redesign(self, layout: str | None) -> None:
        """From now on every page is in this layout (A, B, C, mixed or scrambled)."""
        with self._change():
            self.layout = layout or "mixed"

    def fault(self, path: str, **misbehaviour: Any) -> Fault:
        """Misbehaves on paths that match a regular expression in full (see Fault); returns it, for `faults.remove`."""
        fault = Fault(re.compile(path).fullmatch, **misbehaviour)
        self.faults.append(fault)
        return fault

    def refresh(self) -> None:
        """Forgets rendered pages, after a change that was not made through the site's own methods."""
        with self._change():
            pass

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            yield
            self._answers.clear()
            self._ordered = None

    def _newest(self) -> datetime:
        return max((story.published for story in self._stories.values()), default=grammar.NEWEST)

    # What a visitor gets

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

    def layout_of(self, story: Story) -> str:
        """The layout a story's page is in."""
        return self.layout if self.layout in ("A", "B", "C") else story.era

    def _story(self, story: Story) -> Answer:
        layout = self.layout_of(story)
        others = [other for other in self.stories[:40] if self._shown(other, "list")]
        text = layouts.render_story(story, layout, self.root, others[:14], self.authors)
        answer = self._html(200, text, layout)
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
        return self.layout if self.layout in ("A", "B", "C") else mixed

    def _html(self, status: int, text: str, layout: str) -> Answer:
        text = scramble(text, self.seed) if self.layout == "scrambled" else text
        headers = {"Content-Type": HTML, "Cache-Control": "public, max-age=0" if status < 400 else "no-store"}
        headers |= {"ETag": etag(text)} if status == 200 else {}
        return Answer(status, text.encode(), headers, layout)

    def _shown(self, story: Story, place: str) -> bool:
        return place not in self.hidden.get(story.slug, ())

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


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "replica", ""
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def __init__(self, *args: Any, site: Site):
        self.site = site
        super().__init__(*args)

    def do_GET(self) -> None:
        fault = self._fault()
        if fault and fault.delay:
            time.sleep(fault.delay)
        if fault and fault.drop:
            self.close_connection = True
            return self._note(0, 0)
        answer = self.site.answer(self.path, self.headers.get("Host", ""))
        if fault:
            answer = misbehaving(answer, fault)
        elif self._is_known(answer):
            answer = Answer(304, b"", {key: answer.headers[key] for key in ("ETag", "Cache-Control")})
        return self._send(answer, fault)

    do_HEAD = do_GET

    def _fault(self) -> Fault | None:
        """The first fault that is for this path and not used up."""
        for fault in self.site.faults:
            if fault.matches(self.path) and fault.times != 0:
                fault.times = fault.times and fault.times - 1
                return fault
        return None

    def _is_known(self, answer: Answer) -> bool:
        """Whether the visitor has this version already. Only layout A heeds If-Modified-Since, as on the site."""
        known, tag = self.headers.get("If-None-Match"), answer.headers.get("ETag")
        if known and tag:
            return tag.removeprefix("W/") in [part.strip().removeprefix("W/") for part in known.split(",")]
        since, changed_at = self.headers.get("If-Modified-Since"), answer.headers.get("Last-Modified")
        return bool(since and changed_at) and parsedate_to_datetime(changed_at) <= parsedate_to_datetime(since)

    def _send(self, answer: Answer, fault: Fault | None) -> None:
        body, headers = self.site.dressed(answer), dict(answer.headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500 and "Content-Encoding" not in headers:
            body = gzip.compress(body, 1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        cut = fault.cut if fault else None
        self.close_connection = self.close_connection or cut is not None
        self.end_headers()
        self._note(answer.status, len(body))
        if self.command != "HEAD":
            self.wfile.write(body[:cut])
        self.wfile.flush()

    def _note(self, status: int, size: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.log.append(Request(self.command, self.path, headers, status, time.time(), size))

    def log_message(self, *args: Any) -> None:
        """Nothing: what was asked is in site.log."""


def misbehaving(answer: Answer, fault: Fault) -> Answer:
    """The answer with the fault's own status, headers and body in place of the site's."""
    body = answer.body if fault.body is None else fault.body
    layout = answer.layout if fault.body is None else None
    return Answer(fault.status or answer.status, body, answer.headers | fault.headers, layout)


class Server(ThreadingHTTPServer):
    """Threads that end when the server does, and no connection left open."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, site: Site, port: int):
        self._open: set[socket] = set()
        self._site = site
        super().__init__(("127.0.0.1", port), partial(Handler, site=site))
        site.root = f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up is no concern of ours; a mistake in a story or template is, and serve() raises it."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self._site.errors.append(error)

    def server_close(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(SHUT_RDWR)
            except OSError:  # already closed by its own thread or the other side
                continue
        super().server_close()


def choose_stories(stories: Iterable[Story] | None, count: int | None, seed: int) -> list[Story]:
    """The given stories, or those written by hand, some daily ones, and invented ones up to `count`."""
    if stories is not None:
        return list(stories)
    count = STORIES if count is None else count
    known = [*written_stories(), *grammar.daily_stories(DAYS)][:count]
    return [*known, *grammar.bulk_stories(count - len(known), seed)]


@contextmanager
def serve(
    layout: str | None = None,
    stories: Iterable[Story] | None = None,
    count: int | None = None,
    seed: int = 0,
    port: int = 0,
    list_size: int = LIST_SIZE,
    feed_size: int = FEED_SIZE,
    sitemap_size: int = SITEMAP_SIZE,
) -> Iterator[Site]:
    """Serves the site while the block runs.

    layout: A, B, C or scrambled for all pages; None (or mixed): each story in the layout of its day. stories: these
    only. count: how many stories, written ones first. seed: of the invented stories and of the scrambling.
    """
    if layout is not None and layout not in layouts.LAYOUTS:
        raise ValueError(f"no such layout: {layout}")
    sizes = {"list": list_size, "feed": feed_size, "sitemap": sitemap_size}
    site = Site(choose_stories(stories, count, seed), layout, seed, sizes)
    server = Server(site, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="replica")
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    for error in site.errors:
        raise error
