"""A server that misbehaves: what is stored, what stays due, what the run says, and how it ends. One test per fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kicrawl.archive.models import Article, CrawlRun, Frontier, Revision
from tests import faults
from tests.faults import MEBIBYTE, answer
from tests.replica import Site, serve
from tests.running import Ended, let_pass, rows, run

pytestmark = pytest.mark.slow

CHALLENGE = b"""<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1><div id="cf-challenge"></div></body></html>"""
ERROR = b"<!DOCTYPE html><html><head><title>500 Internal Server Error</title></head><body><h1>Oops</h1></body></html>"
TOO_LARGE = "larger than we take"
OFF_SITE = "it leads off the site"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
BOMBS = {"gzip, gzip": faults.gzip_bomb(64 * MEBIBYTE), "br": faults.brotli_bomb(256 * MEBIBYTE)}


@dataclass
class Case:
    """A fault of one page, and what comes of it."""

    fault: dict[str, Any]
    state: str = "due"
    said: str = ""  # in the log, on a line with the page's address


def redirect(to: str) -> dict[str, Any]:
    """The page leads elsewhere."""
    return {"status": 302, "headers": {"Location": to}, "body": b""}


def bomb(encoding: str) -> dict[str, Any]:
    """A few hundred bytes that become 64 MiB or 256."""
    return {"act": answer(BOMBS[encoding], Content_Encoding=encoding)}


PAGES = {
    "closes the connection": Case({"drop": True}, said="the site cannot be reached"),
    "resets the connection": Case({"act": faults.reset}, said="the site cannot be reached"),
    "speaks no HTTP": Case({"act": faults.speak_another_protocol}, said="the site cannot be reached"),
    "truncates the body": Case({"cut": 3000}, said="the site cannot be reached"),
    "says more bytes than come": Case({"act": answer(b"<p>word", Content_Length="999")}, said="cannot be reached"),
    "says what is not gzip is": Case({"act": answer(ERROR, Content_Encoding="gzip")}),
    "is slower than we wait": Case({"act": faults.trickle(5)}, said="took longer than 2"),
    "answers 500": Case({"status": 500}, said="the site answers 500"),
    "answers 503": Case({"status": 503}, said="the site answers 503"),
    "answers 403": Case({"status": 403}, said="the site answers 403"),
    "shows an error with 200": Case({"body": ERROR}, said="read as: other"),
    "shows a challenge with 200": Case({"body": CHALLENGE}, said="read as: challenge"),
    "shows nothing with 200": Case({"body": b""}, said="read as: empty"),
    "shows a picture": Case({"body": PICTURE}, said="read as: binary"),
    "says a gigabyte will come": Case({"act": answer(b"<p>", Content_Length=str(1 << 30))}, "refused", TOO_LARGE),
    "never ends": Case({"act": faults.endless(64 * MEBIBYTE)}, "refused", TOO_LARGE),
    "is a bomb of gzip": Case(bomb("gzip, gzip"), "refused", "exceeded"),
    "is a bomb of brotli": Case(bomb("br"), "refused", "exceeded"),
    "leads to itself": Case(redirect(""), said="it leads on and on"),
    "leads to this machine": Case(redirect("http://127.0.0.1/"), "refused", OFF_SITE),
    "leads to another port": Case(redirect("http://127.0.0.1:22/x/"), "refused", OFF_SITE),
    "leads to the cloud's data": Case(redirect("http://169.254.169.254/meta/"), "refused", OFF_SITE),
    "leads to a private network": Case(redirect("http://10.0.0.1/"), "refused", OFF_SITE),
    "leads to a file": Case(redirect("file:///etc/passwd"), "refused", OFF_SITE),
    "leads to another host": Case(redirect("https://example.org/"), "refused", OFF_SITE),
    "leads to a host without a scheme": Case(redirect("//example.org/"), "refused", OFF_SITE),
    "leads to localhost": Case(redirect("http://localhost/"), "refused", OFF_SITE),
    "leads to a decimal address": Case(redirect("http://2130706433/"), "refused", OFF_SITE),
    "leads to a hexadecimal address": Case(redirect("http://0x7f.0.0.1/"), "refused", OFF_SITE),
    "leads to a mapped address": Case(redirect("http://[::ffff:127.0.0.1]/"), "refused", OFF_SITE),
    "leads to a host with a user": Case(redirect("http://{site}@example.org/"), "refused", OFF_SITE),
}


# Pages that lie and can be read all the same: the headers with which they come.
LIES = {
    "says another character set": {"Content_Type": "text/html; charset=koi8-r"},
    "says an unknown character set": {"Content_Type": "text/html; charset=klingon"},
    "says no character set": {"Content_Type": "text/html"},
    "says it is plain text": {"Content_Type": "text/plain; charset=utf-8"},
    "says it is a picture": {"Content_Type": "image/png"},
    "says nothing of its kind": {"Content_Type": ""},
    "repeats a header without end": {f"X_{number}": "x" * 1000 for number in range(100)},
}


@dataclass
class Met:
    """What a run made of a site of which every third page is faulty."""

    site: Site
    ended: Ended
    log: list[str]
    slugs: dict[str, str]  # the pages, by their faults
    lying: dict[str, str]  # and by their lies
    states: dict[str, str]  # by slug
    stored: set[str]
    healed: Ended  # a run after all faults were gone
    stored_then: set[str]
    counters: dict[str, float]
    database_url: str


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    """One run over all faults, and one when they are gone."""
    folder = tmp_path_factory.mktemp("faults")
    database_url = f"sqlite:///{folder}/kicrawl.db"
    with serve(count=3 * len(PAGES) + 30) as site:
        slugs = {name: site.stories[3 * number].slug for number, name in enumerate(PAGES)}
        for name, slug in slugs.items():
            site.hide(slug, "feed")  # or its text would be stored
            fault = dict(PAGES[name].fault)
            if "headers" in fault:
                place = fault["headers"]["Location"].format(site=site.root.removeprefix("http://"))
                fault["headers"] = {"Location": place or site.url(slug)}
            site.fault(f"/{slug}/", **fault)
        lying = {name: site.stories[3 * number + 1].slug for number, name in enumerate(LIES)}
        for name, slug in lying.items():
            site.hide(slug, "feed")
            page = site.dressed(site.answer(f"/{slug}/"))
            site.fault(f"/{slug}/", act=answer(page, **LIES[name]), times=1)
        where: dict[str, Any] = {"folder": folder, "database_url": database_url, "root": site.root}
        log = folder / "log"
        quick = ("-s", "DOWNLOAD_TIMEOUT=2", "-s", f"LOG_FILE={log}")
        ended = run("crawl", "newsfeed", *quick, **where)
        states = {row["url"].rstrip("/").rpartition("/")[2]: row["state"] for row in rows(database_url, Frontier)}
        stored = {row["slug"] for row in rows(database_url, Article)}
        lines = log.read_text(encoding="utf-8").splitlines()
        site.faults.clear()
        let_pass(database_url, days=8)  # until what was refused is asked for again
        healed = run("crawl", "newsfeed", **where)
        stored_then = {row["slug"] for row in rows(database_url, Article)}
        counters = rows(database_url, CrawlRun)[0]["counters"]
        yield Met(site, ended, lines, slugs, lying, states, stored, healed, stored_then, counters, database_url)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that(met: Met, name: str) -> None:
    slug, case = met.slugs[name], PAGES[name]
    assert slug not in met.stored
    assert met.states[slug] == case.state
    assert any(slug in line and case.said in line for line in met.log), [line for line in met.log if slug in line]
    assert slug in met.stored_then  # nothing that was met is forgotten


@pytest.mark.parametrize("name", LIES)
def test_a_page_is_read_that(met: Met, name: str) -> None:
    slug = met.lying[name]
    [row] = [row for row in rows(met.database_url, Article) if row["slug"] == slug]
    assert row["title"] == met.site.expected(slug)["title"]
    assert row["body"].split("\n\n") == met.site.expected(slug)["body"]


def test_faulty_pages_leave_the_others_alone(met: Met) -> None:
    others = {story.slug for story in met.site.stories} - set(met.slugs.values())
    assert others <= met.stored
    assert (met.ended.code, met.ended.err) == (0, "")  # they are less than a fifth
    assert "11 fetch failed" in met.ended.out
    assert "Traceback" not in "".join(met.log) + met.ended.err
    assert rows(met.database_url, Revision) == []
    assert met.stored_then == {story.slug for story in met.site.stories}


def test_a_bomb_is_small() -> None:
    assert [len(bomb) < 300 for bomb in BOMBS.values()] == [True, True]


def test_what_must_not_be_asked_for_is_counted(met: Met) -> None:
    elsewhere = sum(case.said == OFF_SITE for case in PAGES.values())
    assert met.counters["refused/off_site"] + met.counters["refused/not_web"] == elsewhere
    assert met.counters["refused/not_web"] == 1
