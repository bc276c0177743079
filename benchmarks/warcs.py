"""Pages in WARC files: reading the gold's, writing our own."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2026-03-02T10:00:00Z"


class Saved(NamedTuple):
    """A page as a WARC file holds it."""

    url: str
    body: bytes
    content_type: str


def pages(path: Path) -> Iterator[Saved]:
    """The pages of a WARC or WET file: answers with status 200 (decoded), and conversions."""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            url = record.rec_headers.get_header("WARC-Target-URI")
            if record.rec_type == "conversion":
                yield Saved(url, record.content_stream().read(), "text/plain")
            elif record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                kind = record.http_headers.get_header("Content-Type") or "text/html"
                yield Saved(url, record.content_stream().read(), kind)


def write(found: Iterable[Saved], path: Path) -> None:
    """Write pages as responses of a WARC file."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for page in found:
            http = StatusAndHeaders("200 OK", [("Content-Type", page.content_type)], protocol="HTTP/1.1")
            payload = {"payload": BytesIO(page.body), "http_headers": http, "warc_headers_dict": {"WARC-Date": DATE}}
            record = writer.create_warc_record(page.url, "response", **payload)
            writer.write_record(record)
            record.raw_stream.close()  # warcio leaves its temporary copy open
