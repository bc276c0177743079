"""Taking a story down for good: its text goes from the captures, then from the database, and it does not come back."""

import gzip
import html
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
from sqlalchemy import Engine
from warcio.archiveiterator import ArchiveIterator

from kicrawl.archive import tombstones
from kicrawl.archive.purge import (
    Known,
    delete_story,
    find_known,
    is_said_elsewhere,
    keep_from_coming_back,
    names_of,
    update_digests,
    wipe,
)
from kicrawl.archive.tombstones import Member
from kicrawl.saved import decoded
from kicrawl.site import urls

SHORTEST = 25  # characters of a passage that is told apart from other texts
SENTENCES = re.compile(r"(?<=[.!?…”\"])\s+")
TAGS = re.compile(r"<[^<>]*>|\\u003c.{0,500}?\\u003e", re.I | re.S)
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# What may stand between two words of a passage in a page, a feed or an embedded post.
BETWEEN = r"(?:\s|&nbsp;|&#160;|\\[nrt]|<[^<>]{0,500}>|&lt;.{0,500}?&gt;|\\u003c.{0,500}?\\u003e|\\/)"
REMOVED = "[removed]"
FEED_ITEM = re.compile(rb"<item\b.*?</item>", re.S)


@dataclass(kw_only=True)
class Report:
    """What became of a story."""

    known: Known
    counts: dict[str, int] = field(default_factory=dict)  # rows taken out of the database
    buried: list[tuple[str, int]] = field(default_factory=list)  # file and offset of records that are tombstones now
    gone: list[tuple[str, int]] = field(default_factory=list)  # ... that were so before: by a purge that was stopped
    cut: list[tuple[str, int, str]] = field(default_factory=list)  # ... of which a part was cut out, and their digest
    whole: list[str] = field(default_factory=list)  # other pages' addresses whose records had to go as a whole
    foreign: list[str] = field(default_factory=list)  # records in files that are not ours to rewrite
    busy: bool = False  # other programs kept the database from being wiped


def purge(engine: Engine, folder: Path, url: str, root: str, *, at: datetime, reason: str | None) -> Report:
    """Take the story at an address down. What a stopped purge has left, the next one does."""
    known = find_known(engine, url)
    keep_from_coming_back(engine, known, at, reason)
    report = Report(known=known)
    passages = Passages(engine, known)
    for path in tombstones.own_files(folder):
        for member in tombstones.read_members(path):
            clean_member(path, member, root, passages, report, at)
    update_digests(engine, report.cut)
    ours = {path.name for path in tombstones.own_files(folder)}
    foreign = [row for row in known.captures if row["file"] not in ours]
    report.foreign = names_of(foreign)
    records = [*report.buried, *report.gone]
    report.counts = delete_story(engine, known, records, [row["id"] for row in foreign], passages.are_in)
    report.busy = not wipe(engine)
    return report


class Passages:
    """The sentences and paragraphs of a story, and finding them wherever they stand."""

    def __init__(self, engine: Engine, known: Known) -> None:
        self.urls = known.urls
        self.all = read_passages(known.texts)
        self.said_elsewhere: Callable[[str], bool] = cache(partial(is_said_elsewhere, engine, known=known))

    def are_in(self, text: str) -> bool:
        """Whether a text holds any."""
        return bool(self.found_in(text))

    def found_in(self, text: str) -> list[str]:
        """Those that a text holds and no other story says."""
        plain = fold(text)
        return [passage for passage in self.all if passage in plain and not self.said_elsewhere(passage)]


def read_passages(texts: Iterable[str]) -> list[str]:
    """The paragraphs and sentences of texts that are long enough to be known again, the longest first.

    >>> read_passages(["Too short. The lighthouse moved a mile inland."])
    ['Too short. The lighthouse moved a mile inland.', 'The lighthouse moved a mile inland.']
    """
    parts = {fold(part) for text in texts for part in (text, *SENTENCES.split(text))}
    return sorted((part for part in parts if len(part) >= SHORTEST), key=lambda part: (-len(part), part))


def fold(text: str) -> str:
    r"""A text or the source of a page as it reads, white space folded.

    >>> fold("<p>Nine\n <b>men</b> &amp; a dog&#8217;s tail</p>")
    'Nine men & a dog’s tail'
    """
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace('\\"', '"').replace("\\n", " ")
    plain = html.unescape(html.unescape(plain))  # a feed escapes what was escaped
    return " ".join(TAGS.sub("", plain).split())


def clean_member(path: Path, member: Member, root: str, passages: Passages, report: Report, at: datetime) -> None:
    """Make a record a tombstone if it is the story's; else cut out of it what it shows of the story."""
    record = next(iter(ArchiveIterator(BytesIO(member.content), no_record_parse=False)), None)
    if record is not None and record.rec_type == "metadata":
        report.gone.append((path.name, member.offset))
    if record is None or record.rec_type != "response" or record.http_headers is None:
        return
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if urls.story_url(url, root) in passages.urls or url in passages.urls:
        tombstones.overwrite(path, member, tombstones.tombstone(url, at, member.length))
        report.buried.append((path.name, member.offset))
        return
    headers = record.http_headers.headers
    encoding = record.http_headers.get_header("Content-Encoding") or ""
    body = decoded(record.raw_stream.read(), encoding)
    left = cut_out(body, passages)
    if left is None:
        if record.rec_headers.get_header(tombstones.MARK):  # a purge that was stopped may not have noted its digest
            digest = record.rec_headers.get_header("WARC-Payload-Digest")
            report.cut.append((path.name, member.offset, digest))
        return
    packed = encode(left, encoding)
    date = record.rec_headers.get_header("WARC-Date")
    status = record.http_headers.statusline
    kept, digest = tombstones.response(url, date, status, with_length(headers, len(packed)), packed, at)
    if not passages.found_in(left.decode("utf-8", "replace")) and tombstones.overwrite(path, member, kept):
        report.cut.append((path.name, member.offset, digest))
        return
    tombstones.overwrite(path, member, tombstones.tombstone(url, at, member.length))
    report.buried.append((path.name, member.offset))
    report.whole.append(url)


def cut_out(body: bytes, passages: Passages) -> bytes | None:
    """A page or feed without the story's passages; None if it shows none."""
    text = body.decode("utf-8", "surrogateescape")
    found = passages.found_in(text)
    if not found:
        return None
    body = FEED_ITEM.sub(lambda item: b"" if any(url.encode() in item[0] for url in passages.urls) else item[0], body)
    text = body.decode("utf-8", "surrogateescape")
    for passage in found:
        text = pattern_of(passage).sub(REMOVED, text)
    return text.encode("utf-8", "surrogateescape")


def pattern_of(passage: str) -> re.Pattern[str]:
    """A passage as it may stand in the source of a page: with tags between its words, its signs escaped.

    >>> bool(pattern_of("a dog’s tail").search("a <b>dog&#8217;s</b> tail"))
    True
    """
    words = [[spell(sign) for sign in re.findall(r"\w+|.", word)] for word in passage.split()]
    return re.compile(f"{BETWEEN}+".join(f"{BETWEEN}*".join(word) for word in words), re.S)


def spell(sign: str) -> str:
    """A word or sign as it may be spelled in a page: as it is, as an entity, as JSON escapes it."""
    if sign.isascii() and sign.isalnum():
        return sign
    return "".join(map(spell_character, sign))


def spell_character(character: str) -> str:
    """One character in all its spellings."""
    code = ord(character)
    names = [name for name, value in html.entities.html5.items() if value == character and name.endswith(";")]
    spellings = [f"&(?:amp;)?{re.escape(name)}" for name in names]
    spellings += [f"&(?:amp;)?#{code};", f"&(?:amp;)?#x0*{code:x};", f"\\\\u{code:04x}", f"\\\\?{re.escape(character)}"]
    return f"(?:{'|'.join(spellings)})" if not character.isascii() or not character.isalnum() else character


def encode(body: bytes, encoding: str) -> bytes:
    """A body with the encoding it came in, packed as well as can be."""
    name = encoding.strip().lower()
    if name in ("gzip", "x-gzip"):
        return gzip.compress(body, 9, mtime=0)
    if name == "deflate":
        return zlib.compress(body, 9)
    return bytes(brotli.compress(body)) if name == "br" else body


def with_length(headers: Iterable[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """The headers of an answer, true to the length of its body."""
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "transfer-encoding")]
    return [*kept, ("Content-Length", str(length))]


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    known = {"addresses": sorted(report.known.urls), "was_stored": report.known.article_id is not None}
    records = {"buried": report.buried, "cut": [record[:2] for record in report.cut], "whole": report.whole}
    return {**known, **report.counts, **records, "foreign": report.foreign, "nearly_the_same": report.known.repeats}
