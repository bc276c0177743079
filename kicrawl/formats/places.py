"""Where an export is written: whole under its name, or not at all."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path
from typing import TextIO


@contextmanager
def growing(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; it gets that name at the end, and nothing is left of it if that fails.

    Raises FileNotFoundError, with what to do, if the folder for it is not there.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(ENOENT, f"there is no folder {path.parent}; make it, or name another")
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe, a terminal
        yield path
        return
    part = path.with_name(path.name + ".part")
    _remove(part)
    try:
        yield part
        if path.is_dir():
            path.rmdir()  # it was empty: a package found it so
        part.replace(path)
    finally:
        _remove(part)


@contextmanager
def text_output(path: Path | None) -> Iterator[TextIO]:
    """A text file to write, or stdout. Whoever reads stdout may stop when they have seen enough."""
    if path:
        with growing(path) as part, part.open("w", encoding="utf-8", newline="\n") as output:
            yield output
        return
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)
