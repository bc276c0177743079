"""Times as pages write them: machine values, and the Kyiv times that layouts A and B show."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")
MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may may|jun june|jul july|aug august|sep sept september|"
        "oct october|nov november|dec december".split("|"),
        1,
    )
    for name in names.split()
}
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s*(?P<half>[ap])\.?m\b\.?)?"
SHOWN = re.compile(
    r"\b(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>(?:19|20)\d\d),?\s*(?:at\s+|[-–|·•]\s*)?" + CLOCK,
    re.I,
)
SHOWN_DAY_FIRST = re.compile(
    r"\b(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>(?:19|20)\d\d),?\s*(?:at\s+|[-–|·•]\s*)?" + CLOCK,
    re.I,
)
UPDATED = re.compile(r"\b(?:last\s+)?updated(?:\s+on)?:?\s*(?P<when>[^()]{8,60})", re.I)
SCRIPT_DATE = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{2}) (?P<year>\d{4}) "
    r"(?P<clock>\d{2}:\d{2}:\d{2}) GMT(?P<zone>[+-]\d{4})"
)


def read_moment(value: object) -> datetime | None:
    """A machine-readable time (ISO 8601, RFC 822, JavaScript's Date text) as UTC; None where it is none or has no zone.

    >>> read_moment("2024-07-14T12:57:21+03:00").isoformat()
    '2024-07-14T09:57:21+00:00'
    >>> read_moment("Tue Jun 03 2025 13:18:00 GMT+0000 (Coordinated Universal Time)").isoformat()
    '2025-06-03T13:18:00+00:00'
    >>> read_moment("2024-07-14") is None
    True
    """
    if not isinstance(value, str) or not 10 < len(value.strip()) < 80:
        return None
    text = value.strip()
    moment = _iso(text) or _script_date(text) or _mail_date(text)
    return in_utc(moment) if moment and moment.tzinfo else None


def in_utc(moment: datetime) -> datetime | None:
    """The same moment in UTC; None for one at the very edge of the calendar."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _script_date(text: str) -> datetime | None:
    match = SCRIPT_DATE.match(text)
    if not match:
        return None
    return _mail_date(f"{match['day']} {match['month']} {match['year']} {match['clock']} {match['zone']}")


def read_shown_moment(text: str) -> datetime | None:
    """A date with its time as layouts A and B show it (Kyiv time), in UTC; None without a time of day.

    >>> read_shown_moment("by A B March 8, 2025 2:47 PM 2 min read").isoformat()
    '2025-03-08T12:47:00+00:00'
    >>> read_shown_moment("September 5, 2022 7:53 pmby A B").isoformat()
    '2022-09-05T16:53:00+00:00'
    """
    text = text[:400]
    for match in [
        *SHOWN.finditer(text.replace("pmby", "pm by").replace("amby", "am by")),
        *SHOWN_DAY_FIRST.finditer(text),
    ]:
        moment = _shown(match)
        if moment:
            return moment
    return None


def _shown(match: re.Match[str]) -> datetime | None:
    month = MONTHS.get(match["month"].lower())
    hour = int(match["hour"])
    if month is None or hour > (12 if match["half"] else 23):
        return None
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        local = datetime(int(match["year"]), month, int(match["day"]), hour, int(match["minute"]), tzinfo=KYIV)
    except ValueError:
        return None
    return local.astimezone(UTC)


def read_updated_moment(text: str) -> datetime | None:
    """The time in an `(Updated: ...)` mark, which can be empty.

    >>> read_updated_moment("May 24, 2025 12:53 AM (Updated: )") is None
    True
    """
    match = UPDATED.search(text[:400])
    return read_shown_moment(match["when"]) if match else None


def without_moment(text: str) -> str:
    """The text before the first date in it: a byline without its date."""
    found = re.search(
        r"\b[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+(?:19|20)\d\d|\b\d{1,2}\s+[A-Za-z]{3,9}\.?\s+(?:19|20)\d\d", text
    )
    return text[: found.start()] if found else text
