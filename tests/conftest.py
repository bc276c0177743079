"""Databases for the tests: each test of SQL runs on SQLite and on a real PostgreSQL, and gets one that is empty."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import archive
from tests import counting
from tests.servers import new_database, postgresql


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL of this test process, without the name of a database."""
    with postgresql() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own for one test, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kicrawl.db'}"
        return
    with new_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An archive with its tables, empty."""
    engine = archive.connect(database_url)
    archive.migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def hostile_inputs(record_property: Any) -> Iterator[None]:
    """Notes how many hostile inputs a test gave to the readers."""
    before = counting.tried
    yield
    record_property("hostile inputs", counting.tried - before)


FAULTS = ("test_faults.py", "test_wire.py", "test_storage_faults.py", "test_kills.py")  # a test for each


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how many faults of site, wire and storage real runs were put through."""
    passed = [report for report in terminalreporter.stats.get("passed", []) if "slow" in report.keywords]
    tried = sum(report.nodeid.partition("::")[0].endswith(FAULTS) for report in passed)
    if tried:
        terminalreporter.write_line(f"{tried} faults of site, wire and storage tried on real runs")
    ended = [report for report in terminalreporter.stats.get("", []) if report.when == "teardown"]
    properties = [told for report in ended for told in report.user_properties]
    given = sum(number for name, number in properties if name == "hostile inputs")
    if given:
        terminalreporter.write_line(f"{given:,} hostile inputs tried")
