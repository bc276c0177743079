"""reprocess: captures read again by today's rules give what a fresh replay gives, whoever reads them."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from kicrawl import archive, boilerplate, items
from kicrawl.archive.captures import Captures
from kicrawl.archive.export import export_articles, export_revisions
from kicrawl.archive.models import Article, ArticleBoilerplate, Boilerplate, Capture, Revision, Rule
from kicrawl.archive.store import Writer
from kicrawl.loaders import load_article
from kicrawl.page import read_page
from kicrawl.pipelines import read_rules
from kicrawl.pools import OpenPool, WorkersDie, cluster, processes, work_in_order
from kicrawl.reprocess import Orders, Report, reprocess
from tests.archived import NOON, hours, rows
from tests.replica import Site, serve
from tests.running import Ended, run

HTML = "text/html; charset=utf-8"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(count=12) as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def stored(site: Site, engine: Engine, folder: Path) -> list[str]:
    """The site's stories as a crawl stores them, with captures; one of them was edited. Their addresses."""
    writer = Writer(engine, captures=Captures(folder))
    pages = [(story.slug, site.dressed(site.answer(f"/{story.slug}/"))) for story in site.stories]
    [(slug, body), *_] = pages
    title = site.stories[0].title
    pages.append((slug, body.replace(title.encode(), b"A headline that the newsroom has changed")))
    for number, (slug, body) in enumerate(pages):
        writer.submit(look(site, slug, body, number))
    writer.close()
    return [site.url(slug) for slug, _ in pages[:-1]]


def look(site: Site, slug: str, body: bytes, hour: float) -> items.Article:
    """A story as a crawl hands it to the archive."""
    url = site.url(slug)
    article = load_article(read_page(body, url, HTML, root=site.root), seen_at=hours(hour))
    article.capture = items.RawResponse(url=url, headers=[("Content-Type", HTML)], body=body, fetched_at=hours(hour))
    return boilerplate.strip(article)


def add_rule(engine: Engine, lines: str) -> None:
    """From now on these lines are boilerplate."""
    with archive.writing(engine) as connection:
        rule = {"name": "mine", "grade": "exact", "pattern": lines, "created_at": NOON}
        connection.execute(Rule.__table__.insert().values(rule))


def first_paragraphs(engine: Engine) -> list[str]:
    """The first paragraph of every third story that has more of them."""
    stories = [(row["body"] or "").split("\n\n") for row in rows(engine, Article)]
    return [first for first, *rest in stories if rest][::3]


def again(engine: Engine, site: Site, folder: Path, pool: OpenPool, **options: Any) -> Report:
    """One reprocess with the rules that the archive holds."""
    given = {"root": site.root, "rules": read_rules(engine), "folder": folder, "captures_at": folder}
    return reprocess(Orders(engine=engine, **{**given, **options}), pool)


@contextmanager
def threads() -> Iterator[tuple[ThreadPoolExecutor, int]]:
    """Workers in this process, which share its rules."""
    with ThreadPoolExecutor(2) as pool:
        yield pool, 2


def told(engine: Engine) -> tuple[list[Any], ...]:
    """What an archive says of its stories, whatever the numbers of its rows."""
    cut = select(Article.url, ArticleBoilerplate.position, ArticleBoilerplate.block, ArticleBoilerplate.rule)
    cut = cut.add_columns(Boilerplate.fingerprint).select_from(ArticleBoilerplate).join(Article).join(Boilerplate)
    with engine.connect() as connection:
        pieces = [tuple(row) for row in connection.execute(cut.order_by(Article.url, ArticleBoilerplate.position))]
    return list(export_articles(engine)), list(export_revisions(engine)), pieces


def replayed(site: Site, folder: Path, lines: str) -> tuple[list[Any], ...]:
    """What a fresh archive says after a replay of the captures with a rule."""
    url = f"sqlite:///{folder.parent}/fresh.db"
    fresh = archive.open_archive(url)
    add_rule(fresh, lines)
    ended = run("crawl", "replay", "-a", f"source={folder}", folder=folder.parent, database_url=url, root=site.root)
    assert ended.code == 0, ended
    try:
        return told(fresh)
    finally:
        fresh.dispose()


@pytest.mark.slow
def test_two_processes_read_what_a_fresh_replay_reads(
    stored: list[str], engine: Engine, site: Site, folder: Path
) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("which database is written to is none of the workers' business")
    lines = "\n".join(first_paragraphs(engine))
    add_rule(engine, lines)
    report = again(engine, site, folder, partial(processes, 2))
    assert (report.read, report.stories, report.faults) == (len(stored) + 1, len(stored) + 1, {})
    assert report.fields["body"] >= len(lines.splitlines())
    assert report.cut_share(0) < report.cut_share(1)
    assert told(engine) == replayed(site, folder, lines)
    assert len(rows(engine, Revision)) == 1, "the newsroom's own edit, and no other"


def test_what_was_read_by_these_rules_is_not_read_again(
    stored: list[str], engine: Engine, site: Site, folder: Path
) -> None:
    add_rule(engine, "\n".join(first_paragraphs(engine)))
    again(engine, site, folder, threads)
    before = [rows(engine, table) for table in (Article, Revision, Capture)]
    assert again(engine, site, folder, threads).read == 0
    everything = again(engine, site, folder, threads, again=True)
    assert (everything.read, everything.differ) == (len(stored) + 1, 0)
    assert [rows(engine, table) for table in (Article, Revision, Capture)] == before


def test_a_reprocess_that_was_stopped_is_gone_on_with(
    stored: list[str], engine: Engine, site: Site, folder: Path
) -> None:
    add_rule(engine, "\n".join(first_paragraphs(engine)))
    again(engine, site, folder, threads)
    everything = told(engine)
    with archive.writing(engine) as connection:
        connection.execute(update(Capture).where(Capture.id > 7).values(reread_by=None))
    assert again(engine, site, folder, threads).read == len(stored) + 1 - 7
    assert told(engine) == everything


def test_a_dry_run_tells_what_would_differ_and_writes_nothing(
    stored: list[str], engine: Engine, site: Site, folder: Path
) -> None:
    lines = first_paragraphs(engine)
    add_rule(engine, "\n".join(lines))
    before = told(engine), rows(engine, Capture)
    report = again(engine, site, folder, threads, dry_run=True)
    assert report.differ >= len(lines)
    assert all(difference.fields["body"][0].split("\n\n")[0] in lines for difference in report.examples)
    assert (told(engine), rows(engine, Capture)) == before


def test_only_captures_since_a_moment_are_read(stored: list[str], engine: Engine, site: Site, folder: Path) -> None:
    assert again(engine, site, folder, threads, since=hours(8)).read == len(stored) + 1 - 8


def test_a_newer_reader_takes_back_what_an_older_one_took_for_an_edit(
    stored: list[str], engine: Engine, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kinder(page: Any, **options: Any) -> items.Article:
        article = load_article(page, **options)
        if article.title == "A headline that the newsroom has changed":
            article.title = site.stories[0].title
        return article

    monkeypatch.setattr("kicrawl.rereading.load_article", kinder)
    monkeypatch.setattr(items, "READER_VERSION", items.READER_VERSION + 1)
    report = again(engine, site, folder, threads)
    assert report.differ == 1
    assert rows(engine, Revision) == []
    assert {row["reader_version"] for row in rows(engine, Article)} == {items.READER_VERSION}


def test_facts_that_only_a_later_look_saw_stay(stored: list[str], engine: Engine, site: Site, folder: Path) -> None:
    later = look(site, site.stories[1].slug, site.dressed(site.answer(f"/{site.stories[1].slug}/")), 99)
    later.tags, later.modified_at, later.capture = [*later.tags, "Sea"], hours(98), None
    writer = Writer(engine)
    writer.submit(later)
    writer.close()
    add_rule(engine, "\n".join((row["body"] or "").split("\n\n")[0] for row in rows(engine, Article)))
    again(engine, site, folder, threads)
    [story] = [one for one in export_articles(engine) if one["url"] == later.url]
    assert "Sea" in story["tags"]
    assert story["modified_at"] == f"{hours(98).replace(tzinfo=None).isoformat()}Z"
    assert rows(engine, Revision) != []


def test_records_at_an_address_are_read_into_an_empty_archive(
    stored: list[str], engine: Engine, site: Site, folder: Path, tmp_path: Path
) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    [path] = folder.iterdir()
    MemoryFileSystem().pipe("/warc/crawl.warc.gz", path.read_bytes())
    fresh = archive.open_archive(f"sqlite:///{tmp_path}/fresh.db")
    again(fresh, site, folder, threads, sources=["memory://warc/crawl.warc.gz"])
    assert told(fresh) == told(engine)
    add_rule(fresh, "\n".join(first_paragraphs(fresh)))
    assert again(fresh, site, folder, threads).differ > 0, "where they stand is noted"
    fresh.dispose()


def reprocess_command(site: Site, engine: Engine, folder: Path, *arguments: str) -> Ended:
    url = engine.url.render_as_string(hide_password=False)
    return run("reprocess", *arguments, folder=folder.parent, database_url=url, root=site.root)


@pytest.mark.slow
def test_the_command_says_what_changes_and_which_captures_are_lost(
    stored: list[str], engine: Engine, site: Site, folder: Path
) -> None:
    paragraph, *_ = first_paragraphs(engine)
    add_rule(engine, paragraph)
    ended = reprocess_command(site, engine, folder, "--dry-run", "--workers", "1")
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines[0].startswith(f"reprocess: {len(stored) + 1} captures read in ")
    assert ended.lines[0].endswith(" a second (1 process)")
    assert f"    -{paragraph}"[:100] in ended.out
    for path in folder.iterdir():
        path.unlink()
    lost = reprocess_command(site, engine, folder, "--workers", "1", "--json")
    assert lost.code == 3
    assert json.loads(lost.out)["faults"] == {"lost": len(stored) + 1}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--workers", "0"), "--workers 0: must be a whole number from 1 on"),
        (("--since", "yesterday"), "--since yesterday: "),
        (("nothing.warc.gz",), "nothing.warc.gz: there is no such file"),
        (("--scheduler", "tcp://127.0.0.1:1"), "no Dask scheduler answers at tcp://127.0.0.1:1"),
    ],
)
@pytest.mark.slow
def test_a_mistake_gives_one_line(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    url = f"sqlite:///{tmp_path}/kicrawl.db"
    archive.open_archive(url).dispose()
    ended = run("reprocess", *arguments, folder=tmp_path, database_url=url)
    assert (ended.code, len(ended.lines)) == (2, 1), ended
    assert line in ended.err


def die_once(number: int, mark: str) -> int:
    """Work; the first process that comes to 5 is killed."""
    if number == 5 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_the_work_of_a_process_that_is_killed_is_done_again(tmp_path: Path) -> None:
    work = partial(die_once, mark=str(tmp_path / "died"))
    assert list(work_in_order(partial(processes, 2), work, range(20))) == [number * 2 for number in range(20)]
    assert (tmp_path / "died").exists()


def test_work_that_kills_every_process_ends_it() -> None:
    with pytest.raises(WorkersDie):
        list(work_in_order(partial(processes, 1), die, range(3)))


@contextmanager
def dask(folder: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A scheduler and two workers, as processes of their own: its address, and the workers."""
    note = folder / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    plain = ("--no-dashboard", "--scheduler-file", str(note))
    begin = (str(BIN / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", *plain)
    started = [subprocess.Popen(begin, **quiet)]
    try:
        wait_for(lambda: note.exists() and note.read_text().endswith("}"))
        worker = (str(BIN / "dask"), "worker", "--nthreads", "1", "--no-nanny", *plain)
        started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        yield json.loads(note.read_text())["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def wait_for(happened: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_a_cluster_of_which_a_worker_is_killed_reads_what_a_fresh_replay_reads(
    stored: list[str],
    engine: Engine,
    site: Site,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("which database is written to is none of the workers' business")
    lines = "\n".join(first_paragraphs(engine))
    add_rule(engine, lines)
    monkeypatch.setattr("kicrawl.reprocess.BATCH", 2)
    with dask(tmp_path) as (address, workers):
        wait_for(lambda: count_threads(address) == 2)
        report = again(engine, site, folder, partial(losing, address, workers[0]))
        assert workers[0].poll() is not None
    assert report.read == len(stored) + 1
    assert told(engine) == replayed(site, folder, lines)


@contextmanager
def losing(address: str, worker: "subprocess.Popen[bytes]") -> Iterator[tuple[Executor, int]]:
    """The workers of a cluster, of which one is killed once the fourth piece of work is given out."""
    with cluster(address) as (pool, number):
        submit, given = pool.submit, itertools.count(1)

        def submit_and_kill(*work: Any) -> Any:
            if next(given) == 4:
                worker.kill()
            return submit(*work)

        pool.submit = submit_and_kill  # type: ignore[method-assign]
        yield pool, number


def count_threads(address: str) -> int:
    with cluster(address) as (_, number):
        return number
