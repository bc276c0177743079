"""The steps from each schema to the next: alembic, and where it finds them. Imported only when one is to be taken."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = "migrations"


def versions(folder: Traversable | None = None) -> list[str]:
    """The names of all schemas, newest first."""
    with _configured(folder) as config:
        return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def upgrade(connection: Connection, folder: Traversable | None = None) -> None:
    """Take the steps to the newest schema, in the caller's transaction. `folder`: other steps than this program's."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it announces itself each time
    with _configured(folder) as config:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _configured(folder: Traversable | None) -> Iterator[Config]:
    """Alembic's configuration. It wants a folder of files, which a package that stays zipped (an egg) does not have."""
    found = folder or files("kicrawl.archive") / MIGRATIONS
    with tempfile.TemporaryDirectory(prefix="kicrawl-") as temporary:
        if not isinstance(found, Path):
            found = _copy(found, Path(temporary) / MIGRATIONS)
        config = Config()
        config.set_main_option("script_location", str(found).replace("%", "%%"))
        yield config


def _copy(source: Traversable, target: Path) -> Path:
    """The Python files of a folder, in a real one."""
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        elif entry.name.endswith(".py"):
            (target / entry.name).write_bytes(entry.read_bytes())
    return target
