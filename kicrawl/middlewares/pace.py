"""How fast the site is asked: no faster than robots.txt allows and the site answers, and not while it asks for a pause.

Scrapy itself keeps to one request at a time and the delay between two, with jitter.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from kicrawl.middlewares.patience import give_up
from kicrawl.middlewares.putback import PutBack

QUICK = 1.0  # seconds; a site that answers within them is not slow
SLOWEST = 60.0  # seconds between two requests to a site that is
LONGEST_DELAY = 3600.0  # seconds that robots.txt may ask for between two requests
LONGEST_WAIT = 300.0  # seconds of a pause that a run waits for; after a longer one another run comes
LONGEST_PAUSE = 24 * 3600.0  # seconds; whoever asks for more is asked again after a day
UNSAID = 10  # delays to wait for a site that wants a pause and does not say how long; doubled each time
MOST_PAUSES = 5  # in a row, then the run gives up
BLINK = 0.2  # seconds between two looks whether the run is to end


class Pace:
    """Waits before a request for as long as the site wants, and asks again after a pause."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.asked_delay = 0.0  # seconds, by robots.txt
        self.lag = 0.0  # seconds that the site took to answer lately
        self.ready_at = 0.0  # when the next request may be made, by the clock that is never set back
        self.pauses = 0  # in a row
        crawler.signals.connect(self.obey, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Pace":
        """Reads DOWNLOAD_DELAY and ROBOTSTXT_USER_AGENT."""
        return cls(crawler)

    def obey(self, robotparser: RobotParser) -> None:
        """Keeps the delay that robots.txt asks for."""
        asked = robotparser.crawl_delay(self.agent) or 0.0
        if asked > LONGEST_DELAY:
            give_up(self.crawler, f"robots.txt asks for {asked:g} seconds between two requests")
        self.asked_delay = min(asked, LONGEST_DELAY) if isfinite(asked) else LONGEST_DELAY

    async def process_request(self, request: Request) -> None:
        """Waits. A run that is to end waits for nothing."""
        while (left := self.ready_at - time.monotonic()) > 0:
            if is_ending(self.crawler):
                raise PutBack("the run ends while the site wants a pause")
            await asyncio.sleep(min(left, BLINK))
        self.rest(self.spacing())

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The answer; or, if it asks for a pause, the request again."""
        self.learn(request.meta.get("download_latency", 0.0), slower_only=response.status != 200)
        self.rest(self.spacing())
        if not wants_pause(response):
            self.pauses = 0
            return response
        self.pauses += 1
        seconds = pause_of(response, datetime.now(UTC))
        if seconds is None:
            seconds = UNSAID * max(self.delay, self.asked_delay) * 2**self.pauses
        self.crawler.stats.inc_value("pace/pauses")
        self.rest(seconds)
        if seconds > LONGEST_WAIT or self.pauses == MOST_PAUSES:
            times = f", the {self.pauses}th in a row" if self.pauses == MOST_PAUSES else ""
            why = f"the site wants a pause of {seconds:.0f} s{times} ({response.url} answers {response.status})"
            give_up(self.crawler, why)
            self.crawler.stats.set_value("pace/pause_seconds", seconds)  # the next run heeds it
            raise PutBack(why, datetime.now(UTC) + timedelta(seconds=seconds))
        return request.replace(dont_filter=True, priority=request.priority + 1)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A site that does not answer in time is slow."""
        if isinstance(exception, DownloadTimeoutError):
            self.learn(request.meta.get("download_timeout", 0.0))
        self.rest(self.spacing())

    def learn(self, seconds: float, *, slower_only: bool = False) -> None:
        """How long an answer took. Short answers, as errors are, do not make us faster."""
        lag = min(max(seconds, (self.lag + seconds) / 2), SLOWEST)
        if lag > self.lag or not slower_only:
            self.lag = lag

    def spacing(self) -> float:
        """Seconds to leave between two requests, beside Scrapy's own delay."""
        return max(self.asked_delay, self.lag if self.lag > QUICK else 0.0)

    def rest(self, seconds: float) -> None:
        """No request before so many seconds have passed."""
        self.ready_at = max(self.ready_at, time.monotonic() + seconds)


def is_ending(crawler: Crawler) -> bool:
    """Whether a crawl waits for its last requests."""
    slot = crawler.engine._slot  # Scrapy says it nowhere else
    return slot is None or slot.closing is not None


def wants_pause(response: Response) -> bool:
    """Whether the site says that we ask too much."""
    return response.status == 429 or (response.status == 503 and "Retry-After" in response.headers)


def pause_of(response: Response, now: datetime) -> float | None:
    """The seconds that an answer says in Retry-After, as such or as a date; None if it says nothing."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_PAUSE)
