"""Responses to be kept, and whether every capture's row points at a whole record."""

import gzip
import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from kicrawl import items
from tests.archived import NOON, ROOT
from tests.running import BIN

Rows = Sequence[Mapping[str, Any]]


def response(
    url: str = f"{ROOT}/lighthouse-moves-inland/", text: str = "It moved.", **values: Any
) -> items.RawResponse:
    """An answer of the site, compressed on its way."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", '"one"')]
    given = {"url": url, "headers": headers, "body": gzip.compress(text.encode(), mtime=0), "fetched_at": NOON}
    return items.RawResponse(**{**given, **values})


def large_response(size: int, **values: Any) -> items.RawResponse:
    """An answer that no compression makes smaller."""
    return response(headers=[], body=Random(size).randbytes(size), **values)


def read_record(folder: Path, row: Mapping[str, Any]) -> items.RawResponse:
    """The response at the place that a capture's row names, and nothing beside it; fails if it is not whole."""
    with (folder / row["file"]).open("rb") as file:
        file.seek(row["offset"])
        member = gzip.decompress(file.read(row["length"]))  # raises for anything but whole members
    record = next(iter(ArchiveIterator(BytesIO(member), check_digests="raise")))
    assert record.rec_headers.protocol == "WARC/1.1"
    assert record.rec_type == "response"
    assert record.rec_headers.get_header("WARC-Payload-Digest") == row["digest"]
    assert record.rec_headers.get_header("WARC-Target-URI") == row["url"]
    fetched_at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    assert fetched_at == row["fetched_at"]
    body = record.raw_stream.read()
    return items.RawResponse(
        url=row["url"],
        status=int(record.http_headers.get_statuscode()),
        headers=record.http_headers.headers,
        body=body,
        fetched_at=fetched_at,
    )


def check_rows(folder: Path, rows: Rows) -> None:
    """Fails unless every row points at a whole record, and no two at the same."""
    assert len({(row["file"], row["offset"]) for row in rows}) == len(rows)
    for row in rows:
        read_record(folder, row)


def check_files(folder: Path) -> None:
    """Fails unless `warcio check` finds nothing wrong with any file."""
    files = sorted(str(path) for path in folder.glob("*.warc.gz"))
    assert files
    done = subprocess.run([str(BIN / "warcio"), "check", *files], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def fingerprint(folder: Path) -> dict[str, str]:
    """A digest of each file in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
