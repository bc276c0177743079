"""Storing costs a known multiple of the driver's own work (benchmarks/store.py measures it)."""

import gc
import itertools
from pathlib import Path

from benchmarks.store import measure


def test_store_keeps_up_with_the_driver(tmp_path: Path) -> None:
    """A loose floor: what is measured in earnest is above 0.5; loops over statements or words would fall below."""
    ours, theirs = measure((f"sqlite:///{tmp_path}/{number}.db" for number in itertools.count()), 200)
    gc.unfreeze()
    assert ours > 0.2 * theirs
