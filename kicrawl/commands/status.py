"""`kicrawl status`: what the last runs did and what is in the archive; with --check, an alarm for monitoring."""

import argparse
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine

from kicrawl import runs
from kicrawl.archive.lock import ASKS, WITHOUT, Holder, find_holder
from kicrawl.archive.runs import DIED, SILENT
from kicrawl.archive.status import (
    count_contents,
    count_frontier,
    count_missing,
    find_gaps,
    last_finished,
    last_read,
    last_runs,
)
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json
from kicrawl.commands.printing import console, show, show_json

Row = Mapping[str, Any]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
GAPS = 5  # that are named
STYLES = {"completed": "green", "running": "cyan", "failed": "red", "died": "red"}  # of a run, by its state


class Command(ArchiveCommand, ScrapyCommand):
    """Says how the archive is doing."""

    name = "status"
    arguments = "[--runs N] [--json] | --check [--max-age 30m] [--spider newsfeed] [--json]"
    says = "Say what is in the archive, how fresh it is, and what the last runs did; with --check, fail at an alarm"
    examples = ("", "--json --runs 1", "--check --max-age 30m", "--check --spider archive --max-age 2d")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What to say, or what to check."""
        super().add_options(parser)
        parser.add_argument("--runs", default="10", metavar="N", help="how many runs to show (default: 10)")
        add_json(parser)
        parser.add_argument("--check", action="store_true", help="print one line; exit code 3 if it is an alarm")
        parser.add_argument("--max-age", default="30m", help="how long ago a run may have completed: 90s, 30m, 2h, 1d")
        parser.add_argument("--spider", default=ASKS, help="whose runs to check (default: newsfeed)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        self.takes_none(args)
        if not (opts.runs.isascii() and opts.runs.isdigit()):
            leave(f"--runs {opts.runs}: must be a whole number", runs.WRONG)
        try:
            opts.max_age = read_age(opts.max_age)
        except ValueError as error:
            leave(f"--max-age {opts.max_age}: {error}", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints; ends with 2 and one line if there is no archive, with 3 and one line if the check fails."""
        with self.reading() as engine:
            if opts.check:
                self.check(engine, opts.spider, opts.max_age, as_json=opts.json)
            else:
                self.show(engine, int(opts.runs), as_json=opts.json)

    def show(self, engine: Engine, number: int, *, as_json: bool) -> None:
        """What is stored and how fresh it is, what it lacks, what is to be fetched, and the last runs."""
        now, holder = datetime.now(UTC), find_holder(engine)
        contents, frontier, rows = count_contents(engine), count_frontier(engine, now), last_runs(engine, number)
        missing, gaps = count_missing(engine), find_gaps(engine)
        completed = last_finished(engine, ASKS, runs.COMPLETE)
        if as_json:
            fresh = {"newest_story": contents["newest"], "newsfeed_completed": completed and completed["finished_at"]}
            about = {"archive": contents, "freshness": fresh, "missing": missing, "gaps": gaps, "frontier": frontier}
            told = [tell_run(row, holder, now) for row in rows]
            show_json({**about, "fetching": holder and holder.run, "runs": told})
            return
        out = console()
        show(out, describe_contents(contents), style="bold")
        show(out, describe_freshness(contents["newest"], completed, now))
        show(out, describe_missing(missing, contents["stories"]))
        show(out, describe_gaps(gaps))
        for kind, states in sorted(frontier.items()):
            show(out, describe_states(kind, states))
        for row in rows:
            show(out, describe_run(row, holder, now), style=STYLES.get(state_of(row, holder, now), "yellow"))
            for alarm in row["alarms"] or []:
                show(out, f"  {describe_alarm(alarm)}", style="bold red" if alarm["grave"] else "yellow")

    def check(self, engine: Engine, spider: str, max_age: timedelta, *, as_json: bool) -> None:
        """Says when a run of the spider last completed; leaves with 3 if that is too long ago, or at an alarm."""
        completed = last_finished(engine, spider, runs.COMPLETE)
        age = datetime.now(UTC) - completed["finished_at"] if completed else None
        line = find_fault(engine, spider, completed, age, max_age)
        if as_json:
            seconds = None if age is None else round(age.total_seconds(), 3)
            show_json({"ok": line is None, "spider": spider, "completed_seconds_ago": seconds, "alarm": line})
            self.exitcode = runs.COMPLETE if line is None else runs.INCOMPLETE
        elif line is not None:
            leave(line, runs.INCOMPLETE)
        elif completed and age is not None:
            print(f"{spider} completed {in_words(age)} ago (run {completed['id']})")


def find_fault(
    engine: Engine, spider: str, completed: Row | None, age: timedelta | None, max_age: timedelta
) -> str | None:
    """What is to be looked at, in a line; None if all is well."""
    if completed and age is not None and age <= max_age:
        alarmed = last_read(engine, spider)
        if not alarmed or not alarmed["alarms"]:
            return None
        lines = "; ".join(alarm["line"] for alarm in alarmed["alarms"])
        return f"run {alarmed['id']} of {spider} found the site changed: {lines}"
    line = f"no {spider} run has completed in the last {in_words(max_age)}"
    line += f": the last one did {in_words(age)} ago (run {completed['id']})" if completed and age else ""
    latest = last_finished(engine, spider)
    if latest and latest["exit_code"] != runs.COMPLETE:
        line += f"; run {latest['id']} ended with exit code {latest['exit_code']}: {latest['reason']}"
    return line


def read_age(text: str) -> timedelta:
    """A length of time.

    >>> read_age("30m")
    datetime.timedelta(seconds=1800)
    """
    found = re.fullmatch(r"(\d{1,6})([smhd])", text, re.ASCII)
    if not found:
        raise ValueError("must be a number and a unit: 90s, 30m, 2h or 1d")
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])


def in_words(length: timedelta) -> str:
    """A length of time as people say it, in the largest unit of which there are two.

    >>> in_words(timedelta(seconds=100)), in_words(timedelta(minutes=119)), in_words(timedelta(hours=50))
    ('100 s', '119 min', '2 days')
    """
    seconds = max(0, round(length.total_seconds()))
    for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def state_of(row: Row, holder: Holder | None, now: datetime) -> str:
    """What a run is doing, or how it ended: running, died, refused (locked out), completed, incomplete or failed."""
    if row["finished_at"]:
        return {runs.COMPLETE: "completed", runs.FAILED: "failed", runs.LOCKED: "refused"}.get(
            row["exit_code"], "incomplete"
        )
    lives = now - row["heartbeat_at"] < SILENT if row["spider"] in WITHOUT else holder and holder.run == row["id"]
    return "running" if lives and row["reason"] != DIED else "died"


def tell_run(row: Row, holder: Holder | None, now: datetime) -> dict[str, Any]:
    """A run with all its columns, its state, and how long it took or has taken."""
    length = (row["finished_at"] or row["heartbeat_at"]) - row["started_at"]
    row = {name: value for name, value in row.items() if name != "readings"}  # long, and of no use here
    return {**row, "state": state_of(row, holder, now), "seconds": round(length.total_seconds(), 3)}


def describe_run(row: Row, holder: Holder | None, now: datetime) -> str:
    """A run in a line."""
    state = state_of(row, holder, now)
    begins = f"run {row['id']} of {row['started_at']:%Y-%m-%d %H:%M} UTC, "
    did = runs.summary(row["spider"], row["counters"], [] if state == "completed" else [state])
    if state == "refused":
        return f"{begins}{row['spider']}: did not run, exit code 4: {row['reason']}"
    if state == "running":
        return f"{begins}{did} - running for {in_words(now - row['started_at'])}"
    if state == "died":
        return f"{begins}{did} - died, last sign of life {in_words(now - row['heartbeat_at'])} ago"
    why = "" if row["reason"] == "finished" else f" ({row['reason'].replace('gave_way', 'gave way to newsfeed')})"
    return f"{begins}{did} - took {in_words(row['finished_at'] - row['started_at'])}, exit code {row['exit_code']}{why}"


def describe_alarm(alarm: Row) -> str:
    """What has changed on the site, in a line."""
    return f"{'alarm' if alarm['grave'] else 'changed'}: {alarm['line']}"


def describe_contents(contents: Row) -> str:
    """The archive in a line."""
    words = {"partial": "partial", "gone": "gone", "duplicates": "near-duplicates of others"}
    parts = [f"{contents[name]} {word}" for name, word in words.items() if contents[name]]
    aside = f" ({', '.join(parts)})" if parts else ""
    newest = f", the newest of {contents['newest']:%Y-%m-%d %H:%M} UTC" if contents["newest"] else ""
    others = [f"{contents[name]} {name}" for name in ("revisions", "authors", "captures")]
    return f"archive: {contents['stories']} stories{aside}{newest}, {', '.join(others)}"


def describe_freshness(newest: datetime | None, completed: Row | None, now: datetime) -> str:
    """How old the latest news is, in a line."""
    story = f"the newest story is {in_words(now - newest)} old" if newest else "no story has a date"
    run = (
        f"newsfeed completed {in_words(now - completed['finished_at'])} ago"
        if completed
        else "newsfeed never completed"
    )
    return f"freshness: {story}, {run}"


def describe_missing(missing: Mapping[str, int], stories: int) -> str:
    """Which share of the stories lacks which field, in a line.

    >>> describe_missing({"subtitle": 3, "tags": 1, "body": 0}, 4)
    'fields missing: subtitle 75 %, tags 25 %'
    """
    parts = [f"{name} {share(number, stories)}" for name, number in missing.items() if number]
    return f"fields missing: {', '.join(parts) or 'none'}"


def share(number: int, of: int) -> str:
    """A share in percent.

    >>> share(1, 3), share(1, 5000)
    ('33 %', '0.02 %')
    """
    percent = 100 * number / of
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.1g} %"


def describe_gaps(gaps: Sequence[tuple[date, date]]) -> str:
    """The days without a story, in a line.

    >>> describe_gaps([(date(2025, 6, 3), date(2025, 6, 3)), (date(2025, 5, 1), date(2025, 5, 4))])
    'days without a story: 5, the latest 2025-06-03, 2025-05-01 to 2025-05-04'
    """
    number = sum((end - start).days + 1 for start, end in gaps)
    told = [str(start) if start == end else f"{start} to {end}" for start, end in gaps[:GAPS]]
    return f"days without a story: {number}" + (f", the latest {', '.join(told)}" if told else "")


def describe_states(kind: str, states: Mapping[str, int]) -> str:
    """What the frontier says of one kind of address, in a line."""
    parts = [f"{number} {state.replace('_', ' ')}" for state, number in sorted(states.items()) if state != "now"]
    return f"frontier, {kind}: {', '.join(parts)}; {states['now']} to be fetched now"
