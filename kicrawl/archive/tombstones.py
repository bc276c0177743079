"""Records taken out of the WARC files that kicrawl wrote: overwritten in place, so that all others stay put."""

import os
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kicrawl.archive.warc import FILES

CHUNK = 2**20  # bytes read at once
GZIP = b"\x1f\x8b\x08"
COMMENT = 16  # the flag of a gzip header with a comment
MARK = "X-Kicrawl-Purged"  # in the header of a record of which a part was cut out


class Member(NamedTuple):
    """A gzip member: a record."""

    offset: int
    length: int
    content: bytes


def own_files(folder: Path) -> list[Path]:
    """The files in the folder of captures that kicrawl wrote."""
    return sorted(folder.glob(FILES))


def read_members(path: Path) -> Iterator[Member]:
    """The whole members of a file, up to one that is cut (it may be in the writing)."""
    with path.open("rb") as file:
        offset, rest = 0, b""
        while rest or (rest := file.read(CHUNK)):
            member, content, length = zlib.decompressobj(zlib.MAX_WBITS | 16), [], 0
            while not member.eof:
                chunk = rest or file.read(CHUNK)
                if not chunk:
                    return
                try:
                    content.append(member.decompress(chunk))
                except zlib.error:
                    return
                rest = member.unused_data
                length += len(chunk) - len(rest)
            yield Member(offset, length, b"".join(content))
            offset += length


def overwrite(path: Path, member: Member, record: bytes) -> bool:
    """Put a record in the place of another, of which nothing is left; False if it is too long for that."""
    packed = fit(record, member.length)
    if packed is None:
        return False
    with path.open("r+b", buffering=0) as file:
        file.seek(member.offset)
        left = memoryview(packed)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    return True


def fit(record: bytes, length: int) -> bytes | None:
    """A record as a gzip member of exactly so many bytes, filled up with a comment in its header; None if too long."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = squeeze.compress(record) + squeeze.flush()
    end = zlib.crc32(record).to_bytes(4, "little") + (len(record) % 2**32).to_bytes(4, "little")
    room = length - len(GZIP) - 7 - len(body) - len(end)
    if room < 0:
        return None
    header = GZIP + bytes([COMMENT if room else 0]) + bytes(4) + b"\x02\xff"
    return header + (b" " * (room - 1) + b"\x00" if room else b"") + body + end


def tombstone(url: str, at: datetime, length: int) -> bytes:
    """The record in place of one that was taken down, short enough for any member that held a response."""
    said = f"taken-down: {moment(at)}\r\nby: kicrawl purge\r\n".encode()
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        "metadata",
        payload=BytesIO(said),
        length=len(said),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Date": moment(at)},
    )
    writer.write_record(record)
    if fit(buffer.getvalue(), length):
        return buffer.getvalue()
    lines = ["WARC/1.1", "WARC-Type: metadata", f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>"]
    return "\r\n".join([*lines, f"WARC-Date: {moment(at)}", "Content-Length: 0", "", "", "", ""]).encode()


def response(
    url: str, date: str, status: str, headers: list[tuple[str, str]], body: bytes, at: datetime
) -> tuple[bytes, str]:
    """A response of which a part was cut out, as a record that says so, and the digest of its payload."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": date, MARK: moment(at)},
    )
    writer.write_record(record)
    return buffer.getvalue(), record.rec_headers.get_header("WARC-Payload-Digest")


def moment(at: datetime) -> str:
    """A time as WARC writes it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
