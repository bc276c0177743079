"""A run costs the same whether the archive is small or large."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.growth import cost_of_a_run, fill_up
from tests.replica import serve
from tests.servers import new_database
from tests.statements import whole_reads


@pytest.fixture
def another_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/another.db"
        return
    with new_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [(300, 1500), pytest.param((2000, 100_000), marks=pytest.mark.long)], ids=str)
def test_a_run_in_a_larger_archive_asks_no_more_of_site_and_database(
    database_url: str, another_url: str, tmp_path: Path, sizes: tuple[int, int]
) -> None:
    costs = []
    for url, size in zip((database_url, another_url), sizes, strict=True):
        with serve(count=30) as site:
            fill_up(url, site.root, size)
            costs.append(cost_of_a_run(tmp_path, url, site))
    small, large = costs
    assert small.requests == large.requests
    assert small.statements == large.statements
    assert {statement: found for statement, plan in large.plans.items() if (found := whole_reads(plan))} == {}


def test_a_plan_that_reads_a_whole_table_is_noticed() -> None:
    assert whole_reads(["SCAN article", "SEARCH alias USING INDEX ix_alias_article_id (article_id=?)"]) == [
        "SCAN article"
    ]
    scan = {"Node Type": "Seq Scan", "Relation Name": "article"}
    search = {"Node Type": "Index Scan", "Relation Name": "alias", "Index Cond": "(url = 'x')"}
    assert whole_reads({"Node Type": "Nested Loop", "Plans": [search, scan]}) == ["Seq Scan of article"]
    assert whole_reads({"Node Type": "Limit", "Plans": [scan]}) == ["Seq Scan of article"]


def test_a_plan_that_stops_at_a_limit_reads_no_whole_table() -> None:
    ordered = {"Node Type": "Index Scan", "Relation Name": "capture"}
    assert whole_reads(ordered) == ["Index Scan of capture"]
    assert whole_reads({"Node Type": "Limit", "Plans": [ordered]}) == []
    assert whole_reads(["SCAN capture"]) == ["SCAN capture"]
    assert whole_reads(["SCAN capture, up to a limit"]) == []
