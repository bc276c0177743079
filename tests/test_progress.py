"""How far a run or a command has come is drawn on a terminal, said in logs, and kept from Scrapyd."""

import io
import logging
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from benchmarks.warcs import Saved, write
from kicrawl.middlewares import Pace
from kicrawl.progress import SAID, CrawlProgress, LiveLine, Progress, describe, describe_pause
from kicrawl.spiders.replay import ReplaySpider
from tests.running import BIN


class Terminal(io.StringIO):
    """An output that passes for a terminal."""

    def isatty(self) -> bool:
        """It does."""
        return True


def test_a_line_is_drawn_over_the_last_one_and_cleared() -> None:
    line = LiveLine(Terminal())
    line.draw("one")
    line.draw("two \x1b[31m")
    line.clear()
    assert line.output.getvalue() == "\r\x1b[2Kone\r\x1b[2Ktwo \\x1b[31m\r\x1b[2K"  # type: ignore[attr-defined]


def test_nothing_is_drawn_where_nobody_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = LiveLine(io.StringIO())
    monkeypatch.setenv("SCRAPY_JOB", "17")
    under_scrapyd = LiveLine(Terminal())
    for line in (pipe, under_scrapyd):
        line.draw("one")
        line.clear()
        assert line.output.getvalue() == ""  # type: ignore[attr-defined]


def test_the_time_left_is_told_where_it_can_be_known() -> None:
    assert describe("stories", 0, 2000, 0) == "0 / 2,000 stories, 0.0 a second"
    assert describe("stories", 30, None, 60) == "30 stories, 0.5 a second"
    assert describe("pages", 100, 400, 100) == "100 / 400 pages, 1.0 a second, 5 min left"


def test_a_command_counts_what_it_does() -> None:
    with Progress("stories", 3) as progress:
        progress.step()
        progress.step(2)
    assert progress.done == 3


@pytest.fixture
def crawling() -> CrawlProgress:
    """The progress of a replay that has done 30 of 120 pages."""
    crawler = get_crawler(ReplaySpider)
    crawler.stats.inc_value("store/article_new", 20)
    crawler.stats.inc_value("store/article_unchanged", 10)
    return CrawlProgress.from_crawler(crawler)


def replay(done: int, known: int | None) -> Any:
    """A spider that is so far."""
    return type("Spider", (), {"name": "replay", "done": done, "known": known})()


def test_a_run_says_in_its_log_once_a_minute_how_far_it_is(
    crawling: CrawlProgress, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for seconds in range(1, int(2 * SAID) + 2):
            crawling.tell(replay(30, 120), crawling.began + seconds)
    assert caplog.messages == [
        "replay: 30 / 120 pages, 0.5 a second, 3 min left; stories: 20 new, 0 changed, 10 as before",
        "replay: 30 / 120 pages, 0.2 a second, 6 min left; stories: 20 new, 0 changed, 10 as before",
    ]


def test_a_job_of_scrapyd_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRAPY_JOB", "17")
    with pytest.raises(NotConfigured):
        CrawlProgress.from_crawler(get_crawler(ReplaySpider))


@pytest.mark.slow
def test_a_replay_on_a_terminal_draws_its_line_and_leaves_none_of_it(tmp_path: Path) -> None:
    page = "<title>Ferry {0}</title><h1>Ferry {0} waits for a heron</h1><article><p>{1}</p></article>"
    text = "The noon ferry waited for a heron to leave the landing in Lower Tarrow, the harbormaster said. " * 4
    urls = [f"https://kyivindependent.com/ferry-{number}/" for number in range(250)]
    pages = [Saved(url, page.format(place, text).encode(), "text/html") for place, url in enumerate(urls)]
    write(pages, tmp_path / "pages.warc.gz")
    screen, terminal = pty.openpty()
    command = [str(BIN / "kicrawl"), "crawl", "replay", "-a", "source=pages.warc.gz"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY_", "KICRAWL_"))}
    environment |= {"TERM": "xterm"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=terminal, check=True)
    os.close(terminal)
    drawn = os.read(screen, 100_000).decode()
    os.close(screen)
    assert done.stdout.startswith(b"replay: 250 stories new")
    assert re.search(r"\r\x1b\[2Kreplay: \d+ / 250 pages", drawn)
    assert drawn.endswith("\r\x1b[2K")


def test_a_pause_and_its_reason_are_told() -> None:
    pace = Pace(get_crawler(ReplaySpider))
    assert describe_pause(pace) == describe_pause(None) == ""
    pace.rest(25.4)
    pace.lag = 30.0
    assert describe_pause(pace) == "pausing 25 s: the site is slow"
    pace.pauses = 1
    assert describe_pause(pace) == "pausing 25 s: the site asks for it"
