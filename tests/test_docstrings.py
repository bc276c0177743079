"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import kicrawl

MODULES = [
    module.name
    for module in pkgutil.walk_packages(kicrawl.__path__, "kicrawl.")
    if not module.name.startswith("kicrawl.archive.migrations.")  # alembic alone can import those
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
