"""Starts `kicrawl ...` without its second of imports: python -m tests.forked

A process that has imported everything forks a child per command, as real as any: its own folder, environment, output
and exit code. One line of JSON tells it what to run, one line tells how that ended. Only what reads the environment at
import, kicrawl.settings, is left to the children.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import kicrawl

HOUSE = Path(__file__).parents[1]
# What a crawl loads by name or when first needed.
ALSO = """
    alembic.ddl.postgresql alembic.ddl.sqlite psycopg sqlalchemy.dialects.postgresql.psycopg sqlalchemy.dialects.sqlite
    scrapy.commands.crawl scrapy.core.downloader.handlers.http11
    scrapy.core.downloader.contextfactory scrapy.downloadermiddlewares.retry scrapy.pqueues scrapy.squeues
    scrapy.extensions.logstats scrapy.pipelines.files twisted.web.client twisted.internet.endpoints
"""
MOST_SECONDS = 300  # that a command may take


@dataclass(frozen=True, kw_only=True)
class Order:
    """A command to run."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    out: str  # the files that take its output
    err: str


class Server:
    """The process that forks, as seen by the tests; started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self, order: Order) -> int:
        """Runs a command to its end; its exit code, below zero for the signal that ended it."""
        with self._lock:
            process = self._process or self._start()
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(asdict(order)) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.forked"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=HOUSE, stdin=pipe, stdout=pipe, text=True)
        atexit.register(self._process.kill)
        return self._process


def import_everything() -> None:
    """What the commands import, but for the settings and Twisted's reactor, which only a running crawl may have."""
    unwanted = ("kicrawl.settings", "kicrawl.archive.migrations")
    for module in pkgutil.walk_packages(kicrawl.__path__, "kicrawl."):
        if not module.name.startswith(unwanted):
            importlib.import_module(module.name)
    for name in ALSO.split():
        importlib.import_module(name)
    assert "kicrawl.settings" not in sys.modules
    assert "twisted.internet.reactor" not in sys.modules


def serve() -> None:
    """Forks a child per order until there are no more."""
    import_everything()
    gc.freeze()  # or the first collection of each child would copy every page of memory
    while line := sys.stdin.readline():
        order = Order(**json.loads(line))
        child = os.fork()
        if not child:
            become(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(order: Order) -> None:
    """Turns this process into the command; never returns."""
    from kicrawl import cli

    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for path in (order.out, order.err))
    for source, target in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)
    sys.argv = ["kicrawl", *order.arguments]
    signal.alarm(MOST_SECONDS)
    cli.main()
    sys.exit()


if __name__ == "__main__":
    serve()
