"""Saved pages: what a WARC holds, wherever it is cut, and which files a source names."""

import gzip
from pathlib import Path

import pytest

from kicrawl.saved import find_files, read_index, read_saved
from kicrawl.site.urls import ROOT
from tests.test_replay import Record, warc_record

RECORDS = [
    warc_record(Record(url=f"{ROOT}/story-{number}/", body=f"<h1>Story {number}</h1>".encode())) for number in range(3)
]


def test_a_warc_cut_anywhere_gives_its_whole_records_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    whole = b"".join(RECORDS)
    ends = [len(b"".join(RECORDS[:number])) for number in range(4)]
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:cut])
        index = read_index(path, ROOT)
        read = max(number for number, end in enumerate(ends) if cut >= end - 4)  # 4: the blank lines after a record
        assert len(index.places) == read, cut
        assert bool(index.damage) == (cut > ends[read]), cut


def test_a_compressed_warc_cut_anywhere_gives_its_whole_records_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    members = [gzip.compress(record) for record in RECORDS]
    ends = [len(b"".join(members[:number])) for number in range(4)]
    for cut in range(1, ends[-1]):
        path.write_bytes(b"".join(members)[:cut])
        index = read_index(path, ROOT)
        read = max(number for number, end in enumerate(ends) if cut >= end)
        assert len(index.places) == read, cut
        assert bool(index.damage) == (cut != ends[read]), cut


def test_places_are_read_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, RECORDS)))
    places = read_index(path, ROOT).places
    assert [read_saved(place).body for place in reversed(places)] == [
        f"<h1>Story {number}</h1>".encode() for number in (2, 1, 0)
    ]


def test_a_record_without_a_sound_date_is_as_old_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(warc_record(Record(url=f"{ROOT}/a-story/", body=b"<h1>A</h1>", date="yesterday")))
    [place] = read_index(path, ROOT).places
    assert place.taken == pytest.approx(path.stat().st_mtime)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing-here.warc", "there is no such file"),
        ("*.warc.gz", "there is no such file"),
        ("empty", "holds no .warc, .wet, .html or .txt file"),
        ("notes.pdf", "notes.pdf is no .warc"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.pdf").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=said):
        find_files(source)


def test_a_page_that_cannot_be_unpacked_or_is_too_large_is_refused_with_a_word(tmp_path: Path) -> None:
    broken, large = tmp_path / "a.html.gz", tmp_path / "b.html.gz"
    broken.write_bytes(gzip.compress(b"<h1>A</h1>" * 1000)[:30])
    large.write_bytes(gzip.compress(bytes(17 * 2**20)))
    for path, word in ((broken, "damaged"), (large, "too_big")):
        [place] = read_index(path, ROOT).places
        with pytest.raises(ValueError, match=word):
            read_saved(place)


@pytest.mark.parametrize("note", ["", "[]", "{", '{"url": 7, "fetched_at": "now"}', "[" * 100_000])
def test_a_note_that_makes_no_sense_is_no_note(tmp_path: Path, note: str) -> None:
    (tmp_path / "page.html").write_bytes(b"<h1>A</h1>")
    (tmp_path / "page.json").write_text(note)
    [place] = read_index(tmp_path / "page.html", ROOT).places
    assert read_saved(place).url is None


def test_a_folder_is_searched_to_its_depth(tmp_path: Path) -> None:
    names = ["a.warc", "deep/er/b.warc.wet.gz", "deep/c.html", "d.TXT"]
    for name in [*names, "deep/page.json"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert find_files(str(tmp_path)) == sorted(tmp_path / name for name in names)
