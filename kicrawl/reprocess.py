"""Reading captures again with today's rules, in many processes, and storing what differs."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from kicrawl import items
from kicrawl.archive.captures import Captures
from kicrawl.archive.readings import Difference, captures_to_read, find_differences, read_tasks, write_readings
from kicrawl.boilerplate import Rules
from kicrawl.pools import OpenPool, work_in_order
from kicrawl.rereading import Reading, Task
from kicrawl.rereading import read_tasks as read_again
from kicrawl.saved import File, find_files, is_page, read_index

BATCH = 20  # captures in one piece of work: a fraction of a second's
GROUP = 10  # pieces of work in one transaction
EXAMPLES = 5


@dataclass(kw_only=True)
class Report:
    """What was read, and what differs from what was stored."""

    read: int = 0  # captures
    known: int | None = None  # captures that are to be read
    seconds: float = 0
    stories: int = 0  # readings of stories
    differ: int = 0  # of them, otherwise than what is stored
    fields: Counter[str] = field(default_factory=Counter)
    cut: tuple[int, int] = (0, 0)  # characters of boilerplate, before and now
    kept: tuple[int, int] = (0, 0)  # characters of stories
    faults: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)  # captures whose records are not there
    unread: list[str] = field(default_factory=list)  # addresses that tell no story any more
    damaged: list[str] = field(default_factory=list)  # files that could not be read to their end
    examples: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        """Counts one more reading."""
        self.stories += 1
        self.fields.update(difference.fields.keys())
        self.cut = (self.cut[0] + difference.cut[0], self.cut[1] + difference.cut[1])
        self.kept = (self.kept[0] + difference.kept[0], self.kept[1] + difference.kept[1])
        if difference.fields:
            self.differ += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(difference)

    def cut_share(self, when: int) -> float:
        """How much of the pages' text was boilerplate, before (0) or now (1)."""
        return self.cut[when] / ((self.cut[when] + self.kept[when]) or 1)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What is to be done."""

    engine: Engine
    root: str
    rules: Rules
    folder: Path  # of the captures that this program writes
    captures_at: Path | str  # where the workers find that folder
    since: datetime | None = None
    again: bool = False
    dry_run: bool = False
    store_body: bool = True
    sources: Sequence[File] = ()  # WARC files to read in place of the captures

    @property
    def by(self) -> str:
        """The rules' name: another one when the reader or the user's own rules change."""
        lines = {name: sorted(lines) for name, lines in self.rules.items()}
        digest = hashlib.blake2b(json.dumps(lines, sort_keys=True).encode(), digest_size=6).hexdigest()
        return f"{items.READER_VERSION}-{digest}"


def reprocess(orders: Orders, open_pool: OpenPool, tell: Callable[[Report], None] | None = None) -> Report:
    """Reads and stores. What a stopped program has stored is not read again by the next. `tell` hears how far it is.

    Raises WorkersDie as pools.work_in_order does.
    """
    report, began = Report(), time.monotonic()
    tasks = source_tasks(orders, report) if orders.sources else capture_tasks(orders, report)
    work = partial(read_again, root=orders.root, rules=orders.rules)
    captures = Captures(orders.folder)
    results = work_in_order(open_pool, work, in_pieces(tasks, BATCH))
    try:
        for some in in_pieces(results, GROUP):
            store(orders, [reading for readings in some for reading in readings], captures, report)
            report.seconds = time.monotonic() - began
            if tell:
                tell(report)
    finally:
        results.close()
        captures.close()
    return report


def capture_tasks(orders: Orders, report: Report) -> Iterator[Task]:
    """The archive's captures."""
    ids = captures_to_read(orders.engine, orders.by, since=orders.since, again=orders.again)
    report.known = len(ids)
    for some in in_pieces(ids, BATCH * GROUP):
        for id_, capture, cards in read_tasks(orders.engine, some, orders.captures_at):
            yield Task(id=id_, capture=capture, cards=cards)


def source_tasks(orders: Orders, report: Report) -> Iterator[Task]:
    """The records of WARC files, in the order in which they were taken."""
    places = []
    for file in orders.sources:
        index = read_index(file, orders.root)
        places += index.places
        report.faults.update(index.skipped)
        if index.damage:
            report.damaged.append(f"{file} is {index.damage}")
    for place in sorted(places, key=lambda place: place[:2]):
        taken = datetime.fromtimestamp(place.taken, UTC)
        if not orders.since or taken >= orders.since:
            where = items.SavedResponse(file=str(place.path), offset=place.offset, length=place.length)
            yield Task(capture=replace(where, fetched_at=taken))


def find_sources(names: Iterable[str]) -> list[File]:
    """The WARC files that paths, folders, globs and addresses name. ValueError if there are none to read."""
    files: list[File] = []
    for name in names:
        found: list[File] = [name] if "://" in name else [*find_files(name)]
        files += [file for file in found if not is_page(file)]
        if "://" in name and is_page(name):
            raise ValueError(f"{name} is no .warc[.gz] or .wet[.gz] file")
    if not files:
        raise ValueError("holds no .warc or .wet file")
    return files


def store(orders: Orders, readings: Sequence[Reading], captures: Captures, report: Report) -> None:
    """Stores readings in one transaction (or only says what differs), and adds them to the report."""
    stories = [(reading.task.id, story) for reading in readings for story in reading.stories]
    read = [reading.task.id for reading in readings if reading.task.id is not None and reading.fault != "lost"]
    if orders.dry_run:
        with orders.engine.connect() as connection:
            found = find_differences(connection, stories, store_body=orders.store_body)
    else:
        found = write_readings(orders.engine, stories, read, orders.by, captures, store_body=orders.store_body)
    for difference in found:
        report.add(difference)
    report.read += len(readings)
    for reading in readings:
        if reading.fault:
            note_fault(reading, report)


def note_fault(reading: Reading, report: Report) -> None:
    """Notes a capture that gave no story."""
    assert reading.fault
    report.faults[reading.fault] += 1
    place = f"{reading.task.capture.url or 'a record'} in {reading.task.capture.file} at {reading.task.capture.offset}"
    notes: Mapping[str, list[str]] = {"lost": report.lost, "no_story": report.unread}
    if reading.fault in notes and len(notes[reading.fault]) < EXAMPLES:
        notes[reading.fault].append(place)


def in_pieces(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The values in lists of that size.

    >>> list(in_pieces([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece
