"""The WARC files that a program writes: record by record, each whole, whatever happens to the program."""

import fcntl
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kicrawl import __version__, items
from kicrawl.archive.errors import ArchiveError

LARGEST_FILE = 2**28  # bytes; a file that has reached this is followed by another
FILES = "kicrawl-*.warc.gz"
NAME = "kicrawl-{:%Y%m%d%H%M%S%f}.warc.gz"  # names sort by the time of their first record
ABOUT = {
    "software": f"kicrawl/{__version__}",
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}
CHUNK = 2**16  # bytes read at once


class Warc:
    """The file that responses are appended to, in a folder that is made when there is one to keep.

    It goes on with the folder's newest file unless that is full or another program writes to it, and first takes off
    what a killed program left of a record at its end. Raises ArchiveError where it cannot write. Not for two threads.
    """

    def __init__(self, folder: Path, largest: int = LARGEST_FILE) -> None:
        self.folder = folder
        self._largest = largest
        self._file: BinaryIO | None = None
        self._end = 0

    def append(self, response: items.RawResponse, known_end: Callable[[str], int]) -> items.SavedResponse:
        """Write a response; it is safe after `sync`. `known_end`: up to where a file is known to be whole, in bytes."""
        try:
            file = self._ready(response, known_end)
            record, digest = pack(response)
            offset = self._end
            self._write(file, record)
        except OSError as error:
            raise self._failure(error) from error
        return items.SavedResponse(
            url=response.url,
            status=response.status,
            fetched_at=response.fetched_at,
            file=Path(file.name).name,
            offset=offset,
            length=len(record),
            digest=digest,
        )

    def sync(self) -> None:
        """Have the disk hold what was appended."""
        try:
            if self._file:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
            self._file = None

    def _ready(self, response: items.RawResponse, known_end: Callable[[str], int]) -> BinaryIO:
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            newest = max(self.folder.glob(FILES), default=None)
            self._file = self._go_on_with(newest, known_end) if newest else None
        if self._file is None or self._end >= self._largest:
            self.sync()
            self.close()
            self._file = self._start(response.fetched_at or datetime.now(UTC))
        return self._file

    def _go_on_with(self, path: Path, known_end: Callable[[str], int]) -> BinaryIO | None:
        """The file, cut to its last whole record; None if another program writes to it."""
        file = path.open("r+b", buffering=0)
        if not lock(file):
            file.close()
            return None
        known = known_end(path.name)
        self._end = whole_until(file, known if known <= path.stat().st_size else 0)
        file.truncate(self._end)
        file.seek(self._end)
        return file

    def _start(self, moment: datetime) -> BinaryIO:
        """A new file that says by whom it was written."""
        file = (self.folder / NAME.format(moment.astimezone(UTC))).open("xb", buffering=0)
        lock(file)
        self._end = 0
        self._write(file, pack_about(Path(file.name).name))
        sync_folder(self.folder)
        return file

    def _write(self, file: BinaryIO, record: bytes) -> None:
        left = memoryview(record)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError:
            file.truncate(self._end)  # a full disk leaves half a record
            file.seek(self._end)
            raise
        self._end += len(record)

    def _failure(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"captures cannot be written to {self.folder}: {error.strerror}")


def pack(response: items.RawResponse) -> tuple[bytes, str]:
    """A response as a record, and the digest of its payload."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    headers = StatusAndHeaders(status_line(response.status), response.headers, protocol="HTTP/1.1")
    moment = response.fetched_at or datetime.now(UTC)
    date = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    record = writer.create_warc_record(
        response.url,
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": date},
    )
    writer.write_record(record)
    return buffer.getvalue(), record.rec_headers.get_header("WARC-Payload-Digest")


def pack_about(name: str) -> bytes:
    """The record with which a file begins."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, ABOUT))
    return buffer.getvalue()


def status_line(status: int) -> str:
    """The status with its usual reason, which Scrapy does not hand on.

    >>> status_line(200), status_line(299)
    ('200 OK', '299 ')
    """
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "


def whole_until(file: BinaryIO, start: int) -> int:
    """Where the last whole gzip member ends, from a place where one may begin."""
    file.seek(start)
    end, rest = start, b""
    while True:
        member, length = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
        while not member.eof:
            chunk = rest or file.read(CHUNK)
            if not chunk or not feed(member, chunk):
                return end
            rest = member.unused_data
            length += len(chunk) - len(rest)
        end += length


def feed(member: Any, chunk: bytes) -> bool:
    """Whether a chunk goes on as a gzip member should."""
    try:
        member.decompress(chunk)
    except zlib.error:
        return False
    return True


def lock(file: BinaryIO) -> bool:
    """Whether this program alone now writes to the file; the lock goes with the program."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names of the files in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
