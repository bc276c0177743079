"""replay of public archives: whatever the order of the records, and of the files, the archive says the same."""

from pathlib import Path

import pytest

from benchmarks.backfill import ROOT, make_records, told, write_files
from kicrawl import archive
from kicrawl.archive.models import Article, Capture, Revision
from tests.archived import rows
from tests.running import run


def replayed(folder: Path, source: Path, name: str) -> str:
    """A replay of a folder into the archive of that name; its address."""
    url = f"sqlite:///{folder}/{name}.db"
    ended = run("crawl", "replay", "-a", f"source={source}", folder=folder, database_url=url, root=ROOT)
    assert (ended.code, ended.err) == (0, ""), ended
    return url


@pytest.mark.slow
def test_two_orders_of_the_same_records_give_the_same_archive(tmp_path: Path) -> None:
    records = make_records(tmp_path / "records", 40)
    archives = []
    for seed in range(2):
        write_files(tmp_path / f"order-{seed}", records, seed)
        engine = archive.open_archive(replayed(tmp_path, tmp_path / f"order-{seed}", f"{seed}"))
        archives.append(told(engine))
        engine.dispose()
    assert archives[0] == archives[1]
    assert archives[0]["stories"]
    assert archives[0]["revisions"], "some were edited"
    assert not any("example" in story["url"] for story in archives[0]["stories"]), "other sites' pages are skipped"


@pytest.mark.long
def test_a_replay_that_is_done_again_changes_nothing(tmp_path: Path) -> None:
    write_files(tmp_path / "order", make_records(tmp_path / "records", 12), 1)
    url = replayed(tmp_path, tmp_path / "order", "twice")
    engine = archive.open_archive(url)
    before = told(engine), [rows(engine, table) for table in (Article, Revision, Capture)]
    replayed(tmp_path, tmp_path / "order", "twice")
    assert (told(engine), [rows(engine, table) for table in (Article, Revision, Capture)]) == before
    engine.dispose()
