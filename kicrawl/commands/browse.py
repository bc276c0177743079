"""`kicrawl browse`: the archive in a browser, on this machine only, and only to be read."""

import argparse
import json
import os
import socket
import sqlite3
import webbrowser
from pathlib import Path

from scrapy.commands import ScrapyCommand

from kicrawl import archive, runs
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json, open_existing

HOST = "127.0.0.1"
PORT = 8001
MISSING = "browse needs Datasette: pip install 'kicrawl[browse]'"
EXPORT_FIRST = (
    "a PostgreSQL archive is browsed through an export: "
    "kicrawl export --format sqlite -o copy.db, then kicrawl browse copy.db"
)


class Command(ArchiveCommand, ScrapyCommand):
    """Serves pages until it is told to stop."""

    name = "browse"
    arguments = "[FILE] [--port N] [--open]"
    says = "Look at the archive in a browser: search, stories and what was cut, charts, tables"
    examples = ("--open", "copy.db", "--port 0")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where to serve."""
        super().add_options(parser)
        parser.add_argument("--port", default=str(PORT), metavar="N", help=f"0: any that is free (default: {PORT})")
        add_json(parser, "print the address as JSON")
        parser.add_argument("--open", action="store_true", help="open the start page in your browser")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        if args[1:]:
            leave(f"browse takes one FILE, not also {args[1]!r}", runs.WRONG)
        if not (opts.port.isascii() and opts.port.isdigit() and int(opts.port) < 2**16):
            leave(f"--port {opts.port}: must be a number up to 65535", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves until Ctrl+C; ends with 2 and one line if there is nothing to show, or no way to show it."""
        assert self.settings is not None
        try:
            file = Path(args[0]) if args else archive_file(self.settings["DATABASE_URL"])
            check_archive(file)
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        try:
            door = socket.create_server((HOST, int(opts.port)))
        except OSError as error:
            leave(
                f"port {opts.port} cannot be had ({os.strerror(error.errno or 0)}): --port 0 takes any that is free",
                runs.WRONG,
            )
        with door:
            serve(file, door, open_page=opts.open, as_json=opts.json)


def archive_file(database_url: str) -> Path:
    """The file of the archive, brought up to date. Raises ArchiveError if it is in no file."""
    if database_url.startswith("postgres"):
        raise archive.ArchiveError(EXPORT_FIRST)
    engine = open_existing(database_url)
    engine.dispose()
    if not engine.url.database:
        raise archive.ArchiveError(f"no archive in {database_url}: crawl first, or set KICRAWL_DATABASE_URL")
    return Path(engine.url.database)


def check_archive(file: Path) -> None:
    """Raises ArchiveError if this is not the file of an archive."""
    if not file.is_file():
        raise archive.ArchiveError(f"no archive in {file}: crawl first, or name another file")
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT 1 FROM article_boilerplate, article_fts LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise archive.ArchiveError(f"{file} is no archive of kicrawl that can be read: {error}") from None
    finally:
        connection.close()


def serve(file: Path, door: socket.socket, *, open_page: bool, as_json: bool = False) -> None:
    """Answers at the door until Ctrl+C; ends with 2 and one line if Datasette is not installed."""
    try:
        import uvicorn

        from kicrawl.browse.app import open_browser

        app = open_browser(file).app()
    except ModuleNotFoundError:
        leave(MISSING, runs.WRONG)
    address = f"http://{HOST}:{door.getsockname()[1]}/"
    told = json.dumps({"file": str(file), "address": address})
    print(told if as_json else f"{file} is shown at {address} (Ctrl+C ends it)", flush=True)
    if open_page:
        webbrowser.open(address)
    config = uvicorn.Config(app, log_level="warning", lifespan="on")
    uvicorn.Server(config).run(sockets=[door])
