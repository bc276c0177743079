"""How did a run end? Its exit code and its summary, out of what it counted."""

from collections.abc import Mapping, Sequence

COMPLETE, FAILED, WRONG, INCOMPLETE, LOCKED = range(5)  # exit codes; WRONG and LOCKED are given before a run begins

ERRORS = "run/errors"  # items and pages that broke the program
STORING_FAILED = "store/failed"  # items and pages lost because the archive could not be read or written
BROKEN = "run/broken"  # the run itself could not begin, or not note its end; a line says why
ENDS = ("finished", "gave_way", "not_begun")  # Scrapy's closing reasons of which there is nothing more to say
READ = ("store/article_new", "store/article_updated", "store/article_unchanged")
LOST = ("text_lost", "byline_lost", "not_shown")  # pages that show less than is known of their story
# Pages that should have been a story's and could not be read, by the last part of their counters.
UNREADABLE = (
    *LOST,
    "fetch_failed",
    "challenge",
    "empty",
    "binary",
    "truncated",
    "too_big",
    "damaged",
    "no_title",
    "no_body",
)
MAX_UNREADABLE = 0.2  # of a run's pages; more means that the site has changed or blocks us


def signs_of_trouble(counters: Mapping[str, float], reason: str) -> list[str]:
    """What the counters and Scrapy's closing reason tell of a run that did not do all it should; a line each."""
    bad = sum(number for name, number in counters.items() if name.rpartition("/")[2] in UNREADABLE)
    pages = bad + sum(counters.get(name, 0) for name in READ)
    lines = [f"{bad} of {pages} pages could not be read"] if bad > MAX_UNREADABLE * pages else []
    if reason not in ENDS:
        lines.append(f"stopped before its end ({reason})")
    elif counters.get(STORING_FAILED):
        lines.append("not all of it could be stored, see the log")
    if counters.get(ERRORS):
        lines.append(f"{counters[ERRORS]} errors, see the log")
    return lines


def exit_code(counters: Mapping[str, float], missing: Sequence[str]) -> int:
    """The exit code of a run, given the lines that say what is missing."""
    if any(counters.get(name) for name in (ERRORS, STORING_FAILED, BROKEN)):
        return FAILED
    return INCOMPLETE if missing else COMPLETE


def summary(spider: str, counters: Mapping[str, float], missing: Sequence[str] = ()) -> str:
    """What a run did, in plain words. Nothing new is only said of a run that missed nothing."""
    new, changed, as_before = (counters.get(name, 0) for name in READ)
    profiles = counters.get("store/author_new", 0) + counters.get("store/author_updated", 0)
    parts = [f"{new} stories new", f"{changed} changed", f"{as_before} as before", f"{profiles} author profiles"]
    if not new + changed + profiles:
        parts = ["nothing stored" if missing else "nothing new", f"{as_before} stories as before"]
    skipped = skipped_pages(spider, counters)
    if skipped:
        parts.append("skipped: " + ", ".join(skipped))
    return f"{spider}: " + ", ".join(parts)


def skipped_pages(spider: str, counters: Mapping[str, float]) -> list[str]:
    """How many pages gave no story, by the reason: `3 not a story`."""
    sources = (f"{spider}/", "check/")
    return [
        f"{number} {name.rpartition('/')[2].replace('_', ' ')}"
        for name, number in sorted(counters.items())
        if name.startswith(sources) and number
    ]
