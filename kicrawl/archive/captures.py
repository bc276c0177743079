"""Captures: the responses that gave new readings, and where in which WARC file each of them stands."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from kicrawl import items
from kicrawl.archive.models import Capture
from kicrawl.archive.upserts import chunks, insert_new
from kicrawl.archive.warc import LARGEST_FILE, Warc

CAPTURE = Capture.__table__

Response = items.RawResponse | items.SavedResponse
Places = dict[tuple[str, int], int]  # file and offset -> id of the row


class Captures:
    """What a program keeps of responses. One that stands in a file of somebody else is noted there and not copied."""

    def __init__(self, folder: Path, largest_file: int = LARGEST_FILE) -> None:
        self.folder = folder
        self._warc = Warc(folder, largest_file)

    def keep(self, connection: Connection, responses: Sequence[Response]) -> list[int]:
        """Rows for responses, in order; what is new to WARC is written there. Call `sync` before the commit.

        Raises ArchiveError where WARC cannot be written.
        """
        saved = [self._save(connection, response) for response in responses]
        insert_new(connection, Capture, [self._row(one) for one in saved], key=["file", "offset"])
        ids = self.find(connection, saved)
        return [ids[self._place(one)] for one in saved]

    def find(self, connection: Connection, saved: Iterable[items.SavedResponse]) -> Places:
        """The rows of responses that stand in WARC files, of those that have one."""
        offsets: dict[str, list[int]] = {}
        for file, offset in map(self._place, saved):
            offsets.setdefault(file, []).append(offset)
        ids: Places = {}
        for file, places in offsets.items():
            for some in chunks(places):
                found = select(CAPTURE.c.offset, CAPTURE.c.id).where(CAPTURE.c.file == file, CAPTURE.c.offset.in_(some))
                ids |= {(file, offset): id_ for offset, id_ in connection.execute(found)}
        return ids

    def id_of(self, response: Response | None, ids: Places) -> int | None:
        """The row of a response, among those found; None if it has none."""
        return ids.get(self._place(response)) if isinstance(response, items.SavedResponse) else None

    def sync(self) -> None:
        """Have the disk hold what was written."""
        self._warc.sync()

    def close(self) -> None:
        """Let go of the file."""
        self._warc.close()

    def _save(self, connection: Connection, response: Response) -> items.SavedResponse:
        if isinstance(response, items.SavedResponse):
            return response
        if response.saved is None:  # one answer may tell several stories, as the feed does
            response.saved = self._warc.append(response, lambda file: known_end(connection, file))
        return response.saved

    def _row(self, saved: items.SavedResponse) -> dict[str, Any]:
        file, offset = self._place(saved)
        stated = {name: getattr(saved, name) for name in ("url", "fetched_at", "status", "length", "digest")}
        return {**stated, "file": file, "offset": offset}

    def _place(self, saved: items.SavedResponse) -> tuple[str, int]:
        if "://" in saved.file:
            return saved.file, saved.offset
        path, folder = Path(saved.file), self.folder.absolute()
        return str(path.relative_to(folder) if path.is_relative_to(folder) else path), saved.offset


def known_end(connection: Connection, file: str) -> int:
    """Where the last capture in a file ends, in bytes; 0 if none is known."""
    last = select(CAPTURE.c.offset + CAPTURE.c.length).where(CAPTURE.c.file == file)
    return int(connection.execute(last.order_by(CAPTURE.c.offset.desc()).limit(1)).scalar() or 0)


def read_captures(connection: Connection, ids: Iterable[int | None], folder: Path | str) -> list[items.SavedResponse]:
    """The captures with these ids, in that order, each with the path or address of its file."""
    found: dict[int, items.SavedResponse] = {}
    for some in chunks(id_ for id_ in ids if id_ is not None):
        for row in connection.execute(select(CAPTURE).where(CAPTURE.c.id.in_(some))).mappings():
            stated = {name: row[name] for name in ("url", "fetched_at", "status", "offset", "length", "digest")}
            found[row["id"]] = items.SavedResponse(file=locate(row["file"], folder), **stated)
    return [found[id_] for id_ in ids if id_ in found]


def locate(file: str, folder: Path | str) -> str:
    """Where a capture's file is to be read.

    >>> locate("a.warc.gz", "s3://bucket/warc"), locate("/data/b.warc.gz", "s3://bucket/warc")
    ('s3://bucket/warc/a.warc.gz', '/data/b.warc.gz')
    """
    if "://" in file or Path(file).is_absolute():
        return file
    return f"{folder.rstrip('/')}/{file}" if isinstance(folder, str) else str(folder.absolute() / file)
