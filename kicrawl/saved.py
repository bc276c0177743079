"""Saved pages: WARC and WET files, and single pages as .html or .txt. What do they hold, and when was it taken?

A first pass over a file notes where the site's records stand and when they were taken; the pages are then read one by
one by their place, in whatever order is wanted.
"""

import base64
import glob
import gzip
import hashlib
import json
import zlib
from collections import Counter
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import brotli
from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from kicrawl import items
from kicrawl.site import urls

WARC_ENDINGS = (".warc", ".warc.gz", ".wet", ".wet.gz")
HTML_ENDINGS = (".html", ".html.gz", ".htm", ".htm.gz")
TEXT_ENDINGS = (".txt", ".txt.gz")
ENDINGS = WARC_ENDINGS + HTML_ENDINGS + TEXT_ENDINGS
PAGE_RECORDS = ("response", "resource", "conversion", "revisit")  # the others describe how those were got
HTTP_HEADERS = ("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding")
MAX_SIZE = 16 * 2**20  # bytes, as for pages from the wire


File = Path | str  # a str is an address that fsspec opens, such as s3://bucket/crawl.warc.gz


class Place(NamedTuple):
    """Where a saved page stands. Places sort by the time their pages were taken, wherever they stand."""

    taken: float  # seconds since 1970
    digest: str  # of the payload, as its record states it; "" where none is stated
    path: File
    offset: int  # 0 where the whole file is the page
    length: int = 0  # of the record in the file, in bytes; 0 where the whole file is the page


@dataclass(kw_only=True)
class Index:
    """What a file holds."""

    places: list[Place] = field(default_factory=list)  # of pages that may be a story's or an author's
    skipped: Counter[str] = field(default_factory=Counter)  # records of other pages, by the reason
    damage: str | None = None  # why the file could not be read to its end


@dataclass(kw_only=True)
class Saved:
    """A page as it was received, its encodings undone."""

    url: str | None = None  # None for a single page without a note of its address
    body: bytes = b""
    content_type: str | None = None
    status: int = 200
    seen_at: datetime
    capture: items.SavedResponse | None = None  # the record it stands in; None for a single page


def find_files(source: str) -> list[Path]:
    """The files that a path, a folder (to any depth) or a glob names, sorted. ValueError if there are none to read."""
    path = Path(source)
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.name.lower().endswith(ENDINGS)]
    else:
        found = [path] if path.exists() else [Path(name) for name in glob.glob(source, recursive=True)]
    files = sorted(file for file in found if file.is_file())
    if not files:
        raise ValueError("holds no .warc, .wet, .html or .txt file" if path.is_dir() else "there is no such file")
    for file in files:
        if not file.name.lower().endswith(ENDINGS):
            raise ValueError(f"{file.name} is no .warc[.gz], .wet[.gz], .html or .txt file")
    return files


def is_page(path: File) -> bool:
    """Whether the file is one page, not a WARC of many."""
    return not str(path).lower().endswith(WARC_ENDINGS)


def as_file(name: str) -> File:
    """A file by its path, or by an address that fsspec knows."""
    return name if "://" in name else Path(name)


def open_file(file: File) -> BinaryIO:
    """A file to read. OSError where it cannot be, ValueError if that is because something is not installed."""
    if isinstance(file, Path):
        return file.open("rb")
    try:
        import fsspec  # type: ignore[import-untyped]

        return cast(BinaryIO, fsspec.open(file, "rb").open())
    except ImportError as error:
        raise ValueError(f"{file}: {error} (pip install 'kicrawl[cluster]')") from None


def read_index(path: File, root: str) -> Index:
    """Where the site's pages stand in a file. A damaged file is read up to the damage, which the index tells."""
    if isinstance(path, Path) and is_page(path):
        return Index(places=[Place(date_of_page(path).timestamp(), "", path, 0)])
    index = Index()
    try:
        with open_file(path) as file, redirect_stderr(StringIO()):  # where warcio speaks of damage; the index tells it
            file.seek(index_records(file, path, root, index))
            if file.read(64).strip(b"\r\n"):
                index.damage = "cut short"
    except ArchiveLoadFailed as error:
        index.damage = "damaged: " + " ".join(str(error).split())[:200]
    except OSError as error:
        index.damage = f"not to be read: {error.strerror or error}"
    return index


def index_records(file: BinaryIO, path: File, root: str, index: Index) -> int:
    """Notes each whole record's place, or why it is of no use; returns where the last whole record ends."""
    records = WARCIterator(file, no_record_parse=True)
    end = 0
    for record in records:
        records.read_to_end(record)
        if is_cut(record, records.reader.decompressor):
            break
        offset, length = records.get_record_offset(), records.get_record_length()
        end = offset + length
        if record.rec_type not in PAGE_RECORDS:
            continue
        reason = useless(record, root)
        if reason:
            index.skipped[reason] += 1
        else:
            digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            index.places.append(Place(date_of(record, path).timestamp(), digest, path, offset, length))
    return end


def is_cut(record: Any, member: Any) -> bool:
    """Whether the file ends within the record just read (its header, its content, or the gzip member it is in)."""
    length = (record.rec_headers.get_header("Content-Length") or "").strip()
    return not length.isdigit() or record.raw_stream.limit > 0 or (member is not None and not member.eof)


def useless(record: Any, root: str) -> str | None:
    """Why a record holds no story and no author, as far as its address tells; None if it may."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not urls.on_site(url, root):
        return "other_site"
    if not (urls.story_url(url, root) or urls.author_url(url, root)):
        return "not_a_story"
    return "revisit" if record.rec_type == "revisit" else None  # a revisit says: as before


def date_of(record: Any, path: File) -> datetime:
    """A record's WARC-Date."""
    return read_date(record.rec_headers.get_header("WARC-Date"), path)


def date_of_page(path: Path) -> datetime:
    """When a single page was taken, as the note beside it says."""
    return read_date(read_note(path).get("fetched_at"), path)


def read_date(text: str | None, path: File) -> datetime:
    """A date; without a sound one the time at which the file was last written: no page in it was taken later."""
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) if isinstance(path, Path) else datetime.now(UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def read_saved(place: Place) -> Saved:
    """The page at a place. ValueError, with the word it is counted under, if it is too_big, truncated or damaged."""
    if isinstance(place.path, Path) and is_page(place.path):
        return read_page_file(place.path)
    with open_file(place.path) as file:
        file.seek(place.offset)
        record = next(iter(WARCIterator(file)))
        headers = record.http_headers
        http = {name: headers.get_header(name) or "" for name in HTTP_HEADERS} if headers else {}
        chunked = http.get("Transfer-Encoding", "").lower() == "chunked"
        stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
        raw = limited(stream.read(MAX_SIZE + 1))
        if record.rec_headers.get_header("WARC-Truncated") or len(raw) < number_in(http.get("Content-Length")):
            raise ValueError("truncated")
        saved = Saved(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            body=decoded(raw, http.get("Content-Encoding", "")),
            content_type=http["Content-Type"] if headers else record.content_type,
            status=number_in(headers.get_statuscode() if headers else None) if record.rec_type == "response" else 200,
            seen_at=datetime.fromtimestamp(place.taken, UTC),
        )
    saved.capture = capture_of(saved, place, record.rec_headers.get_header("WARC-Payload-Digest") or digest_of(raw))
    return saved


def capture_of(saved: Saved, place: Place, digest: str) -> items.SavedResponse:
    """The record that a page stands in, as the archive notes it."""
    return items.SavedResponse(
        url=saved.url or "",
        status=saved.status,
        fetched_at=saved.seen_at,
        file=str(place.path.absolute() if isinstance(place.path, Path) else place.path),
        offset=place.offset,
        length=place.length,
        digest=digest,
    )


def digest_of(payload: bytes) -> str:
    """A digest as WARC writes it.

    >>> digest_of(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def read_capture(capture: items.SavedResponse) -> Saved | None:
    """The page in a capture; None if its record is no longer there. One without a digest is read whatever it holds."""
    taken = capture.fetched_at.timestamp() if capture.fetched_at else 0
    try:
        saved = read_saved(Place(taken, capture.digest, as_file(capture.file), capture.offset, capture.length))
    except (OSError, ValueError, ArchiveLoadFailed, StopIteration):
        return None
    same = saved.capture and (saved.capture.url, saved.capture.digest) == (capture.url, capture.digest)
    return saved if same or not capture.digest else None


def number_in(text: str | None) -> int:
    """A header's number; 0 where it holds none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else 0


def read_page_file(path: Path) -> Saved:
    """A file that is one page; `<name>.json` beside it may say its url, content_type and fetched_at (as probe does)."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            body = limited(file.read(MAX_SIZE + 1))
    except (OSError, EOFError, zlib.error):
        raise ValueError("damaged") from None
    note = read_note(path)
    kind = "text/plain" if path.name.lower().endswith(TEXT_ENDINGS) else "text/html"
    return Saved(
        url=note.get("url"), body=body, content_type=note.get("content_type", kind), seen_at=date_of_page(path)
    )


def read_note(path: Path) -> dict[str, str]:
    """What `<name>.json` beside a page says about it; {} if there is none that makes sense."""
    stem = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    try:
        note = json.loads(stem.with_suffix(".json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in note.items() if isinstance(value, str)} if isinstance(note, dict) else {}


def decoded(body: bytes, encodings: str) -> bytes:
    """The body without its Content-Encoding; unchanged where the header does not tell the truth."""
    names = [name.strip() for name in encodings.lower().split(",") if name.strip()]
    if not names and body.startswith(b"\x1f\x8b"):
        names = ["gzip"]
    for name in reversed(names):
        try:
            body = limited(inflate(body, name))
        except (zlib.error, brotli.error):
            return body
    return body


def inflate(body: bytes, encoding: str) -> bytes:
    """The body without one encoding, as far as it goes if it is cut; unchanged if the encoding is none we know."""
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_SIZE + 1)
    if encoding == "deflate":  # with zlib's header, or (as some servers do) without
        bits = zlib.MAX_WBITS if body[:1] == b"\x78" else -zlib.MAX_WBITS
        return zlib.decompressobj(bits).decompress(body, MAX_SIZE + 1)
    if encoding == "br":
        return bytes(brotli.Decompressor().process(body, output_buffer_limit=MAX_SIZE + 1))
    return body


def limited(body: bytes) -> bytes:
    """The body, if it is of a sensible size."""
    if len(body) > MAX_SIZE:
        raise ValueError("too_big")
    return body
