"""Real Scrapyd runs kicrawl, set up as deploy/ says: as a wheel beside it and as an egg, cancelled and restarted."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kicrawl import __version__
from kicrawl.archive.models import CrawlRun
from tests.exported import exported
from tests.replica import Site, serve
from tests.running import BIN, environment, rows, run, stories_asked, wait_for

pytestmark = pytest.mark.slow

HOUSE = Path(__file__).parents[1]
PASSWORD = "behind the lighthouse"
STORIES = 24


class Service:
    """Scrapyd in a folder of its own, as scrapyd.service starts and stops it."""

    def __init__(self, folder: Path, database_url: str, site: Site) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = environment(database_url, site.root)
        self.environment |= {"HOME": str(folder), "CREDENTIALS_DIRECTORY": str(folder)}
        self.environment.pop("PYTHONPATH", None)
        self.python, self.packages = make_environment(folder / "opt")
        self.process: subprocess.Popen[bytes] | None = None
        conf = (HOUSE / "deploy" / "scrapyd.conf").read_text(encoding="utf-8")
        conf = conf.replace("6800", str(self.port)).replace("poll_interval    = 2.0", "poll_interval = 0.5")
        write(folder / "scrapyd.conf", conf)
        write(folder / ".scrapyd.conf", f"[scrapyd]\npassword = {PASSWORD}\n")
        for name in (".netrc", "netrc"):
            write(folder / name, f'machine 127.0.0.1 login kicrawl password "{PASSWORD}"\n')

    def start(self) -> None:
        """Returns once it answers."""
        with (self.folder / "scrapyd.log").open("ab") as log:
            options: dict[str, Any] = {"stdout": log, "stderr": log, "start_new_session": True}
            command = [self.python, "-m", "scrapyd", "--pidfile="]
            self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, **options)

        def answers() -> bool:
            with suppress(OSError):
                return self.ask("daemonstatus.json")["status"] == "ok"
            return False

        wait_for(answers)

    def stop(self) -> None:
        """As systemd does with KillMode=control-group: Scrapyd and its crawls are asked to end, and waited for."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(60)
            wait_for(lambda group=self.process.pid: not lives(group))

    def ask(self, path: str, *, password: str = PASSWORD, **data: str) -> dict[str, Any]:
        """What it answers."""
        url = f"http://127.0.0.1:{self.port}/"
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        passwords.add_password(None, url, "kicrawl", password, is_authenticated=True)
        opener = urllib.request.build_opener(
            urllib.request.HTTPBasicAuthHandler(passwords), urllib.request.ProxyHandler({})
        )
        sent = urllib.parse.urlencode(data).encode() if data else None
        with opener.open(url + path, sent, timeout=30) as answer:
            return dict(json.load(answer))

    def schedule(self, spider: str) -> str:
        """Runs what the timer's unit runs, on a machine that has curl; the name of the job."""
        if shutil.which("curl") is None:
            return str(self.ask("schedule.json", project="kicrawl", spider=spider)["jobid"])
        unit = (HOUSE / "deploy" / "systemd" / "kicrawl-schedule@.service").read_text(encoding="utf-8")
        [command] = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", unit, re.M)
        command = command.replace("%i", spider).replace("6800", str(self.port)).replace("$$", "$")
        journal, ours = socket.socketpair()  # which is what systemd gives a unit for its output
        with journal, ours:
            done = subprocess.run(
                ["/bin/sh", "-c", command], env=self.environment, stdout=ours, stderr=ours, check=False
            )
            said = journal.recv(10_000).decode()
        assert done.returncode == 0, said
        return str(json.loads(said)["jobid"])

    def finished(self, job: str) -> bool:
        """Whether a job is over; takes a moment, since asking is work for both."""
        time.sleep(0.3)
        return job in [done["id"] for done in self.ask("listjobs.json?project=kicrawl")["finished"]]


def make_environment(folder: Path) -> tuple[Path, Path]:
    """An environment that has all we have but kicrawl: its Python, and where packages belong in it."""
    venv.create(folder)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    write(
        packages / "ours.pth", sysconfig.get_path("purelib") + "\n"
    )  # not what the .pth files there name: the checkout
    return folder / "bin" / "python", packages


def write(path: Path, text: str) -> None:
    """A file that only we read."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def lives(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def copy_checkout(target: Path, version: str) -> None:
    """What packages are made from, with a version of its own, by which the site knows who asks."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("kicrawl", "deploy", "docs"):
        shutil.copytree(HOUSE / name, target / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(HOUSE / name, target / name)
    module = target / "kicrawl" / "__init__.py"
    module.write_text(module.read_text(encoding="utf-8").replace(f'"{__version__}"', f'"{version}"'), encoding="utf-8")


def deploy_wheel(service: Service, checkout: Path) -> None:
    """The wheel, installed beside Scrapyd, and scrapy.cfg in Scrapyd's working folder."""
    wheels = checkout / "dist"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True)
    [wheel] = wheels.glob("*.whl")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(service.packages),
    ]
    subprocess.run([*install, str(wheel)], check=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    shutil.copy(HOUSE / "deploy" / "scrapy.cfg", service.folder)
    service.start()


def deploy_egg(service: Service, checkout: Path) -> None:
    """scrapyd-deploy from deploy/egg."""
    folder = checkout / "deploy" / "egg"
    cfg = (folder / "scrapy.cfg").read_text(encoding="utf-8").replace("6800", str(service.port))
    write(folder / "scrapy.cfg", cfg)
    service.start()
    done = subprocess.run(
        [BIN / "scrapyd-deploy"], cwd=folder, env=service.environment, capture_output=True, text=True, check=False
    )
    assert '"status": "ok"' in done.stdout, done.stdout + done.stderr


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A few stories."""
    with serve(count=STORIES) as site:
        yield site


@pytest.fixture(scope="module")
def plain(site: Site, tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """What a run from the command line stores."""
    folder = tmp_path_factory.mktemp("plain")
    done = run("crawl", "newsfeed", folder=folder, database_url=f"sqlite:///{folder}/kicrawl.db", root=site.root)
    assert (done.code, done.err) == (0, "")
    site.fault("/[a-z0-9-]+/", delay=0.1)  # from now on there is time to interrupt
    return exported(f"sqlite:///{folder}/kicrawl.db")


@dataclass
class Running:
    """Scrapyd with kicrawl in it, and where its crawls store."""

    service: Service
    database_url: str
    version: str  # by which the site knows who asks

    def finish(self, job: str) -> None:
        """Waits for the end of a job."""
        wait_for(lambda: self.service.finished(job), 120)

    def jobs(self) -> list[tuple[str, int]]:
        """What the archive says of the jobs: name and exit code."""
        return [(row["job"], row["exit_code"]) for row in rows(self.database_url, CrawlRun)]


Deploy = Callable[[Service, Path], None]


@contextmanager
def running(deploy: Deploy, site: Site, folder: Path) -> Iterator[Running]:
    """Scrapyd with kicrawl deployed, stopped in the end."""
    version = f"{__version__}+{deploy.__name__}".replace("_", ".")
    url = f"sqlite:///{folder}/kicrawl.db"
    found = Running(Service(folder, url, site), url, version)
    copy_checkout(folder / "checkout", version)
    site.log.clear()
    try:
        deploy(found.service, folder / "checkout")
        yield found
    finally:
        found.service.stop()
    assert {request.headers["user-agent"].split()[0] for request in site.log} == {f"kicrawl/{version}"}


@pytest.mark.parametrize(
    "deploy", [deploy_wheel, pytest.param(deploy_egg, marks=pytest.mark.long)], ids=["wheel", "egg"]
)
def test_scrapyd_cancelled_and_restarted_reads_the_same_archive_as_a_plain_run(
    site: Site, plain: list[list[dict[str, Any]]], tmp_path: Path, deploy: Deploy
) -> None:
    with running(deploy, site, tmp_path) as scrapyd:
        service = scrapyd.service
        with pytest.raises(urllib.error.HTTPError, match="401"):
            service.ask("daemonstatus.json", password="guessed")
        cancelled = service.schedule("newsfeed")
        wait_for(lambda: stories_asked(site) > 5, 120)
        service.ask("cancel.json", project="kicrawl", job=cancelled)
        scrapyd.finish(cancelled)
        interrupted, asked = service.schedule("newsfeed"), stories_asked(site)
        wait_for(lambda: stories_asked(site) > asked + 5, 120)
        service.stop()
        service.start()
        assert service.finished(cancelled)  # not forgotten
        last = service.schedule("newsfeed")
        scrapyd.finish(last)
    assert scrapyd.jobs() == [(cancelled, 3), (interrupted, 3), (last, 0)]
    assert exported(scrapyd.database_url) == plain


def test_an_egg_that_stays_zipped_reads_the_same_archive_as_a_plain_run(
    site: Site, plain: list[list[dict[str, Any]]], tmp_path: Path
) -> None:
    with running(deploy_egg, site, tmp_path) as scrapyd:
        job = scrapyd.service.schedule("newsfeed")
        scrapyd.finish(job)
    assert scrapyd.jobs() == [(job, 0)]
    assert exported(scrapyd.database_url) == plain
    [egg] = tmp_path.glob("scrapyd/eggs/kicrawl/*.egg")
    checkout = tmp_path / "checkout"
    data = {str(path.relative_to(checkout)) for path in (checkout / "kicrawl").rglob("*") if path.is_file()}
    assert data | {"kicrawl/archive/columns.md"} <= set(zipfile.ZipFile(egg).namelist())
