"""Serves the invented copy of the newspaper's site on 127.0.0.1 while a test runs."""

import gzip
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any

from . import grammar, layouts
from .newsroom import Fault, Request
from .site import Answer, Site
from .stories import Story, written_stories

STORIES = 72  # as many as there are by default
DAYS = 6  # stories that differ in numbers only
LIST_SIZE = 15  # cards on a list page
FEED_SIZE = 16  # as on the site
SITEMAP_SIZE = 1000  # addresses in a sitemap file


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
        if fault and fault.act:
            self.close_connection = True
            self._note(0, 0)
            return fault.act(self)
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
