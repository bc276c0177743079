"""What deploy/ and docs/operations.md give an operator: sound units, a closed Scrapyd, backups that work."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.archived import everything, story, write
from tests.manual import commands

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SYSTEMD = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, as if the programs that they start were installed."""
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        for program in re.findall(r"/opt/kicrawl/bin/\w+", text):
            (folder / Path(program).name).write_text("#!/bin/sh\n", encoding="utf-8")
            (folder / Path(program).name).chmod(0o755)
        (folder / unit.name).write_text(text.replace("/opt/kicrawl/bin", str(folder)), encoding="utf-8")
    return folder


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """What systemd says of units, on a machine that has it."""
    if SYSTEMD is None:
        pytest.skip("no systemd-analyze here")
    return subprocess.run([SYSTEMD, *arguments], capture_output=True, text=True, check=False)


def test_systemd_takes_every_unit(units: Path) -> None:
    done = analyze("verify", *[str(units / unit.name) for unit in UNITS])
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_finds_the_service_well_shut_in(units: Path) -> None:
    done = analyze("security", "--offline=true", "--threshold=20", str(units / "scrapyd.service"))
    assert done.returncode == 0, done.stdout[-300:]


def test_newsfeed_runs_every_ten_minutes_archive_nightly_and_authors_weekly() -> None:
    timers = {}
    for name in ("newsfeed", "archive", "authors"):
        text = (DEPLOY / "systemd" / f"kicrawl-{name}.timer").read_text(encoding="utf-8")
        assert f"Unit=kicrawl-schedule@{name}.service" in text
        timers[name] = re.findall(r"^OnCalendar=(.*)$", text, re.M)
    assert timers == {"newsfeed": ["*:0/10"], "archive": ["*-*-* 01:30:00"], "authors": ["Sun *-*-* 03:30:00"]}


def test_scrapyd_listens_on_this_machine_wants_a_password_and_remembers_jobs() -> None:
    conf = configparser.ConfigParser()
    conf.read(DEPLOY / "scrapyd.conf")
    scrapyd = conf["scrapyd"]
    assert (scrapyd["bind_address"], scrapyd["username"]) == ("127.0.0.1", "kicrawl")
    assert scrapyd["jobstorage"] == "scrapyd.jobstorage.SqliteJobStorage"
    assert 3 <= scrapyd.getint("max_proc") <= 8
    assert "password" not in scrapyd
    assert "password.conf" in (DEPLOY / "systemd" / "scrapyd.service").read_text(encoding="utf-8")


def test_every_file_to_install_is_named_in_the_manual() -> None:
    manual = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in ("scrapyd.conf", "scrapy.cfg", "environment", "roles.sql", "systemd/*", "egg"):
        assert f"deploy/{name}" in manual


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the manual's commands need sqlite3")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_sqlite_taken_while_it_is_open_brings_everything_back(engine: Engine, tmp_path: Path) -> None:
    write(engine, story())
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "one.warc.gz").write_bytes(b"a record")
    (tmp_path / "backup").mkdir()
    before = everything(engine)
    save, bring_back = commands("SQLite")
    subprocess.run(["/bin/sh", "-ec", save], cwd=tmp_path, check=True)
    write(engine, story("lost", title="Lost with the disk"))
    engine.dispose()
    shutil.rmtree(tmp_path / "warc")
    subprocess.run(["/bin/sh", "-ec", bring_back], cwd=tmp_path, check=True)
    assert everything(engine) == before
    assert (tmp_path / "warc" / "one.warc.gz").read_bytes() == b"a record"
