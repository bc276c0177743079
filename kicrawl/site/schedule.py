"""When pages are fetched again: refreshes, failures, pages that are gone. All of it is data."""

from datetime import datetime, timedelta

# A story of up to this age is read again so often, where no sitemap tells when it changed.
BY_AGE: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=6), timedelta(minutes=30)),
    (timedelta(days=1), timedelta(hours=2)),
    (timedelta(days=3), timedelta(hours=8)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=60)),
)
UNDATED = timedelta(days=7)
SELDOM = timedelta(days=180)  # older stories, and all whose changes a sitemap tells: in case it forgets one
SITEMAP = timedelta(hours=1)  # between two looks of newsfeed at the sitemap
SITEMAP_TELLS = timedelta(days=1)  # a sitemap that has not shown a story for so long tells nothing of it
PROFILE = timedelta(days=7)  # between two looks at an author's pages

MOST_REFRESHES = 60  # in one run of newsfeed, together with what archive met and with what only a link leads to

FIRST_BACK_OFF = timedelta(minutes=10)  # after a failure; doubled after each that follows
LONGEST_BACK_OFF = timedelta(days=7)
TRIES = 3  # so often, an hour and more in all, a page without a text is asked for again before it is taken as it is
TROUBLE_SHARE = 0.2  # more of a run's pages failing is the site's trouble: none of them backs off for it
TROUBLE_LEAST = 5
REFUSED = timedelta(days=7)  # robots.txt may change

SECOND_LOOK = timedelta(days=1)  # a page that is not there is gone if it is not there so much later either
GONE = timedelta(days=30)  # between two looks at a page that is gone
ALARM_SHARE = 0.05  # more of a run's known stories answering 404 is the site's mistake: none counts as gone
ALARM_LEAST = 5  # fewer than so many prove nothing either way


def refresh_after(published_at: datetime | None, seen_at: datetime, *, in_sitemap: bool) -> timedelta:
    """How long after a look at a story to look again.

    >>> now = datetime(2025, 6, 3, 12)
    >>> refresh_after(datetime(2025, 6, 3, 10), now, in_sitemap=False)
    datetime.timedelta(seconds=1800)
    """
    if in_sitemap:
        return SELDOM
    if published_at is None:
        return UNDATED
    age = seen_at - published_at
    return next((interval for oldest, interval in BY_AGE if age <= oldest), SELDOM)


def back_off(failures: int) -> timedelta:
    """How long to leave an address alone after so many failures in a row.

    >>> back_off(1), back_off(3), back_off(99)
    (datetime.timedelta(seconds=600), datetime.timedelta(seconds=2400), datetime.timedelta(days=7))
    """
    doublings: int = min(failures - 1, 20)
    return min(FIRST_BACK_OFF * (1 << doublings), LONGEST_BACK_OFF)


def is_alarming(missing: int, known: int) -> bool:
    """Whether so many of a run's known stories answer 404 that the site must be wrong.

    >>> is_alarming(4, 10), is_alarming(6, 200), is_alarming(12, 200)
    (False, False, True)
    """
    return missing >= ALARM_LEAST and missing > ALARM_SHARE * known


def is_site_trouble(failed: int, asked: int) -> bool:
    """Whether so many of a run's pages failed that it is not their own doing.

    >>> is_site_trouble(1, 1), is_site_trouble(10, 20)
    (False, True)
    """
    return failed >= TROUBLE_LEAST and failed > TROUBLE_SHARE * asked
