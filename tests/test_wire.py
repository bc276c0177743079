"""On the wire: whom kicrawl asks, how often, and what it does when told to wait or led astray."""

import gzip
import re
import ssl
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from kicrawl.archive.models import Article, CrawlRun, Frontier
from kicrawl.middlewares.pace import LONGEST_PAUSE, pause_of
from kicrawl.middlewares.siteonly import fault
from kicrawl.resolver import is_public
from tests.faults import MEBIBYTE, answer, brotli_bomb, encrypted, endless, make_certificate, reset
from tests.replica import Site, serve
from tests.running import Ended, ended, let_pass, rows, run, started, wait_for

ROOT = "https://kyivindependent.com"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORIES = "/(?!news-archive)[a-z0-9-]+/"
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"


def long(*values: Any) -> Any:
    """One more of a kind, for the long runs."""
    return pytest.param(*values, marks=pytest.mark.long)


@pytest.fixture
def site() -> Iterator[Site]:
    """Twelve stories, none in the feed, which would tell their texts."""
    with serve(count=12, feed_size=0) as site:
        yield site


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An archive."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def newsfeed(site: Site, url: str, tmp_path: Path, *settings: str, root: str | None = None) -> Ended:
    """A run."""
    return run("crawl", "newsfeed", *settings, folder=tmp_path, database_url=url, root=root or site.root)


def stored(url: str) -> int:
    """How many stories are stored."""
    return len(rows(url, Article))


def gaps(site: Site) -> list[float]:
    """The seconds between one answer and the next."""
    times = [request.time for request in site.log]
    return [later - earlier for earlier, later in pairwise(times)]


# Pauses that the site asks for


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5", 5),
        (" 120 ", 120),
        ("999999999999", LONGEST_PAUSE),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Fri, 01 Mar 2126 12:00:00 GMT", LONGEST_PAUSE),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("5.5", None),
        ("Sun, 99 Mar 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(said: str, seconds: float | None) -> None:
    assert pause_of(Response(ROOT, status=429, headers={"Retry-After": said}), NOW) == seconds


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, long(503)])
def test_a_pause_that_the_site_asks_for_is_kept_by_the_whole_run(
    site: Site, url: str, tmp_path: Path, status: int
) -> None:
    busy = f"/{site.stories[3].slug}/"
    site.fault(busy, status=status, headers={"Retry-After": "5"}, times=1)
    done = newsfeed(site, url, tmp_path)
    [refused] = [number for number, request in enumerate(site.log) if request.status == status]
    assert site.log[refused + 1].time - site.log[refused].time >= 5
    assert site.log[refused + 1].path == busy  # the same page first
    assert (done.code, done.err, stored(url)) == (0, "", 12)


@pytest.mark.slow
def test_a_long_pause_ends_the_run_and_the_next_comes_in_time(site: Site, url: str, tmp_path: Path) -> None:
    busy = site.stories[3].slug
    site.fault(f"/{busy}/", status=429, headers={"Retry-After": "3600"})
    done = newsfeed(site, url, tmp_path)
    assert done.code == 3
    assert done.err.splitlines() == [
        f"kicrawl: newsfeed is incomplete: the site wants a pause of 3600 s ({site.url(busy)} answers 429)"
    ]
    assert site.log[-1].status == 429
    [row] = [row for row in rows(url, Frontier) if row["url"] == site.url(busy)]
    assert row["state"] == "due"
    assert timedelta(minutes=59) < row["due_at"] - datetime.now(UTC) <= timedelta(minutes=60)
    site.faults.clear()
    site.log.clear()
    early = newsfeed(site, url, tmp_path)
    assert (early.code, site.log) == (3, [])
    assert early.err.startswith("kicrawl: newsfeed is incomplete: the site wants a pause until ")
    let_pass(url, minutes=61)
    assert newsfeed(site, url, tmp_path).code == 0
    assert stored(url) == 12


@pytest.mark.slow
def test_a_site_that_wants_pauses_and_nothing_else_is_left_alone(site: Site, url: str, tmp_path: Path) -> None:
    site.fault(STORIES, status=429)
    done = newsfeed(site, url, tmp_path)
    assert done.code == 3
    assert len(done.err.splitlines()) == 1
    assert "the 5th in a row" in done.err
    assert [request.status for request in site.log].count(429) == 5
    site.faults.clear()
    let_pass(url, minutes=1)
    assert newsfeed(site, url, tmp_path).code == 0
    assert stored(url) == 12


@pytest.mark.slow
def test_a_run_that_is_stopped_does_not_sit_a_pause_out(site: Site, url: str, tmp_path: Path) -> None:
    site.fault(f"/{site.stories[3].slug}/", status=429, headers={"Retry-After": "250"})
    with started("crawl", "newsfeed", folder=tmp_path, database_url=url, root=site.root) as process:
        wait_for(lambda: 429 in [request.status for request in site.log])
        process.terminate()
        done = ended(process, timeout=60)
    assert done.code == 3
    assert "stopped before its end (shutdown)" in done.err
    assert [request.status for request in site.log].count(429) == 1
    states = {row["url"]: (row["state"], row["failures"]) for row in rows(url, Frontier)}
    assert states[site.url(site.stories[3].slug)] == ("due", 0)


# A site in trouble


@pytest.mark.slow
@pytest.mark.parametrize(
    "trouble",
    [{"status": 403}, long({"status": 503}), {"body": CHALLENGE}, {"drop": True}, long({"act": reset})],
    ids=["blocks", "is overloaded", "shows challenges", "hangs up", "resets connections"],
)
def test_a_site_that(site: Site, url: str, tmp_path: Path, trouble: dict[str, Any]) -> None:
    site.fault(STORIES, **trouble)
    done = newsfeed(site, url, tmp_path)
    assert done.code == 3
    assert "5 pages in a row could not be had, the rest is not asked for" in done.err
    assert "Traceback" not in done.err
    assert len({request.path for request in site.log if re.fullmatch(STORIES, request.path)}) in (5, 6)
    assert stored(url) == 0
    site.faults.clear()
    healed = newsfeed(site, url, tmp_path)
    assert (healed.code, stored(url)) == (0, 12)


@pytest.mark.slow
@pytest.mark.parametrize(
    "trouble", [{"status": 503}, long({"drop": True}), long({"act": reset})], ids=["503", "drop", "reset"]
)
def test_without_robots_txt_a_run_waits_for_the_next(
    site: Site, url: str, tmp_path: Path, trouble: dict[str, Any]
) -> None:
    site.fault("/robots.txt", **trouble)
    done = newsfeed(site, url, tmp_path)
    assert done.code == 3
    assert len(done.err.splitlines()) == 1
    assert "nothing is fetched while robots.txt cannot be had" in done.err
    assert site.requested() == ["/robots.txt"] * 3
    site.faults.clear()
    assert newsfeed(site, url, tmp_path).code == 0
    assert stored(url) == 12


@pytest.mark.slow
def test_robots_txt_that_leads_elsewhere_is_not_followed(site: Site, url: str, tmp_path: Path) -> None:
    site.fault("/robots.txt", status=302, headers={"Location": "http://127.0.0.1:9/robots.txt"})
    done = newsfeed(site, url, tmp_path)
    assert done.code == 3
    assert "http://127.0.0.1:9/robots.txt is not asked for: it is not on the site" in done.err
    assert site.requested() == ["/robots.txt"]
    assert rows(url, CrawlRun)[0]["counters"]["refused/off_site"] == 1


# How fast


@pytest.mark.slow
def test_the_delay_that_robots_txt_asks_for_is_kept(url: str, tmp_path: Path) -> None:
    with serve(count=2) as site:
        site.robots = "User-agent: *\nCrawl-delay: 0.7\n"
        assert newsfeed(site, url, tmp_path, "-a", "pages=1").code == 0
        assert len(site.log) >= 5
        assert min(gaps(site)[1:]) >= 0.65  # the first is robots.txt itself


@pytest.mark.slow
def test_a_slow_site_is_asked_more_slowly(url: str, tmp_path: Path) -> None:
    with serve(count=1) as site:
        site.fault("/.*", delay=1.2)
        assert newsfeed(site, url, tmp_path, "-a", "pages=1").code == 0
        assert min(gaps(site)[1:]) >= 2.3  # as long again as it took to answer


@pytest.mark.slow
def test_one_page_is_asked_for_at_a_time_and_not_by_the_clock(url: str, tmp_path: Path) -> None:
    with serve(count=5) as site:
        assert newsfeed(site, url, tmp_path, "-a", "pages=1", "-s", "DOWNLOAD_DELAY=0.3").code == 0
        waits = gaps(site)
        assert min(waits[1:]) >= 0.14
        assert max(waits) - min(waits[1:]) > 0.02


# Only the site


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"{ROOT}/x/", None),
        ("https://www.kyivindependent.com/x/", None),
        ("http://kyivindependent.com/x/", "not_encrypted"),
        ("https://kyivindependent.com:8443/", "off_site"),
        ("https://kyivindependent.com.evil.example/", "off_site"),
        ("https://kyivindependent.com@evil.example/", "off_site"),
        ("https://evil.example@kyivindependent.com/", "off_site"),
        ("https://evil.example\\@kyivindependent.com/", "off_site"),
        ("https://127.0.0.1/", "off_site"),
        ("https://2130706433/", "off_site"),
        ("https://0x7f000001/", "off_site"),
        ("https://[::1]/", "off_site"),
        ("https://[::1/", "not_web"),
        ("file:///etc/passwd", "not_web"),
        ("ftp://kyivindependent.com/x", "not_web"),
        ("data:text/html,x", "not_web"),
    ],
)
def test_only_the_site_is_asked(address: str, reason: str | None) -> None:
    assert fault(address, ROOT) == reason


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 "
    "::1 fe80::1 fd00::1 ::ffff:127.0.0.1".split(),
)
def test_addresses_that_are_not_public_are_told_apart(address: str) -> None:
    assert not is_public(address)


@pytest.mark.slow
@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", long("127.1"), long("0177.0.0.1")])
def test_a_disguised_address_of_this_machine_is_not_connected_to(
    site: Site, url: str, tmp_path: Path, host: str
) -> None:
    root = site.root.replace("127.0.0.1", host)
    done = newsfeed(site, url, tmp_path, root=root)
    assert done.code == 3
    assert f"it is in a private network ({host} is at 127.0.0.1)" in done.err
    assert site.log == []
    assert rows(url, CrawlRun)[0]["counters"]["refused/private_address"] == 1


LED_ASTRAY = """
import socket
socket.gethostbyname = lambda name: "{address}"
from kicrawl.cli import main
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1", long("169.254.169.254"), long("10.0.0.1")])
def test_a_name_that_leads_into_a_private_network_is_not_connected_to(
    site: Site, url: str, tmp_path: Path, address: str
) -> None:
    root = site.root.replace("127.0.0.1", "courier.example")
    program = (sys.executable, "-c", LED_ASTRAY.format(address=address))
    with started("crawl", "newsfeed", folder=tmp_path, database_url=url, root=root, program=program) as process:
        done = ended(process)
    assert done.code == 3
    assert f"it is in a private network (courier.example is at {address})" in done.err
    assert site.log == []


# Encryption


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "certificate", "trusted", "versions", "said"),
    [
        ("sound", {}, True, {}, None),
        ("self-signed", {}, False, {}, "certificate verify failed"),
        long("another's", {"address": "127.0.0.9"}, True, {}, "VerificationError"),
        long("expired", {"days": -1}, True, {}, "certificate verify failed"),
        ("too old", {}, True, {"lowest": ssl.TLSVersion.TLSv1, "highest": ssl.TLSVersion.TLSv1_1}, "protocol"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_encryption_is_checked(
    site: Site,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    certificate: dict[str, Any],
    trusted: bool,
    versions: dict[str, ssl.TLSVersion],
    said: str | None,
) -> None:
    made = make_certificate(tmp_path / "certificate.pem", **certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with encrypted(site.root, made, **versions) as root:
        site.root = root
        site.refresh()
        done = newsfeed(site, url, tmp_path)
    if said:
        assert done.code == 3
        assert said in done.err
        assert site.log == []
    else:
        assert (done.code, stored(url)) == (0, 12)


# Sizes

WITH_PEAK = """
import atexit, pathlib
def tell():
    status = pathlib.Path("/proc/self/status").read_text()
    pathlib.Path("peak").write_text(status.partition("VmHWM:")[2].split()[0])
atexit.register(tell)
from kicrawl.cli import main
main()
"""


@pytest.mark.slow
def test_a_gigabyte_and_bombs_are_refused_in_little_memory(site: Site, url: str, tmp_path: Path) -> None:
    gigabyte = 1 << 30
    packed = gzip.compress(b" " * (64 * MEBIBYTE), 1, mtime=0) * 16
    files = {
        "declared": answer(b"<urlset>", Content_Length=str(gigabyte)),
        "streamed": endless(gigabyte),
        "encoded": answer(packed, Content_Encoding="gzip"),
        "packed": answer(packed, Content_Type="application/gzip"),
        "brotli": answer(brotli_bomb(gigabyte // 4), Content_Encoding="br"),
    }
    places = "".join(f"<sitemap><loc>{site.root}/sitemap-{name}.xml</loc></sitemap>" for name in files)
    site.fault("/sitemap.xml", body=f"<sitemapindex>{places}</sitemapindex>".encode())
    for name, act in files.items():
        site.fault(f"/sitemap-{name}.xml", act=act)
    program = (sys.executable, "-c", WITH_PEAK)
    with started("crawl", "newsfeed", folder=tmp_path, database_url=url, root=site.root, program=program) as process:
        done = ended(process)
    assert "5 sitemap unreadable" in done.out
    assert stored(url) == 12
    assert int((tmp_path / "peak").read_text()) < 300_000  # kB
