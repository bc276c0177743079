"""docs/logs.md names every counter in the code and every closing reason, and no counter that is not there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kicrawl import health, metrics, pipelines, runs
from kicrawl.middlewares import siteonly
from kicrawl.site import norms

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")
COUNTERS = PAGE.split("\n## Counters\n")[1]
COUNTING = {"inc_value", "set_value", "tally"}
NO_NUMBERS = {"run/refused", "run/incomplete", "run/reason", "run/told"}  # texts that a run keeps for its end
NAMED = {"ERRORS": runs.ERRORS, "BROKEN": runs.BROKEN, "STORING_FAILED": runs.STORING_FAILED}


def described() -> set[str]:
    """The counters that the page explains."""
    rows = re.findall(r"^\| (`.*?) \|", COUNTERS, re.M)
    return {name for row in rows for name in re.findall(r"`([\w<>]+/[\w<>]+)`", row)}


@cache
def counted() -> dict[str, str]:
    """Each counter in the code as a pattern, `.+` for what is put in, with the module that counts it."""
    found = {}
    for path in sorted((ROOT / "kicrawl").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COUNTING:
                for name in names(node.args[0]):
                    found[name] = path.name
    return {name: module for name, module in found.items() if re.sub(r"\\(.)", r"\1", name) not in NO_NUMBERS}


def names(node: ast.expr) -> list[str]:
    """The counters that an expression names."""
    match node:
        case ast.Constant(value=str(name)):
            return [re.escape(name)]
        case ast.JoinedStr(values=parts):
            return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)]
        case ast.IfExp(body=one, orelse=other):
            return names(one) + names(other)
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in NAMED:
            return [re.escape(NAMED[name])]
    return []


def undocumented(counters: dict[str, object]) -> list[str]:
    """Counters of ours that the page does not explain, of those that a real run counted."""
    patterns = [re.sub(r"<\w+>", r"\\w+", name) for name in described()]
    ours = re.compile(r"(store|check|strip|dedup|stories|newsfeed|archive|authors|replay|reading|refused|pace|run)/")
    return [name for name in counters if ours.match(name) and not any(re.fullmatch(p, name) for p in patterns)]


def test_every_counter_in_the_code_is_explained() -> None:
    assert len(counted()) > 30
    assert {
        name: module
        for name, module in counted().items()
        if not any(re.fullmatch(name, known) for known in described())
    } == {}


def test_no_counter_is_explained_that_nobody_counts() -> None:
    assert [known for known in described() if not any(re.fullmatch(name, known) for name in counted())] == []


@pytest.mark.parametrize(
    "name",
    [
        *(f"refused/{reason}" for reason in siteonly.REASONS),
        *(f"store/{verdict}" for verdict in pipelines.COUNTED),
        *(f"check/{reason}" for reason in ("not_a_story", "no_title", "no_body", "no_name", "no_address")),
        *(f"dedup/{reason}" for reason in ("no_text", "text_lost", "byline_lost")),
    ],
)
def test_what_is_put_into_a_counter_is_explained_too(name: str) -> None:
    assert name in described()


def test_what_makes_a_run_incomplete_is_a_counter_that_is_explained() -> None:
    last_parts = {name.rpartition("/")[2] for name in described()}
    assert set(runs.UNREADABLE) <= last_parts


def test_every_closing_reason_is_explained() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kicrawl").rglob("*.py"))
    reasons = set(re.findall(r'\.end\("(\w+)"\)', source)) | {"storing_failed", "finished", "gave_way", "died"}
    table = PAGE.split("## Why a run ended")[1].split("\n## ")[0]
    assert {reason for reason in reasons if reason not in table} == set()


def test_every_gauge_is_explained() -> None:
    assert set(re.findall(r"^\| `(kicrawl_\w+)` \|", PAGE, re.M)) == set(metrics.HELP)


def test_the_numbers_of_the_alarm_are_those_in_the_code() -> None:
    said = re.sub(r"\s+", " ", PAGE)
    for names_, floor in ((("title", "published_at"), 0.9), (("body",), 0.8), (("authors",), 0.5)):
        assert all(norms.FIELDS[name].floor == floor for name in names_)
        assert f"{floor:.0%}".replace("%", " %") in said
    assert (norms.CHANCE, norms.CHANGE, norms.MOST_BEFORE) == (1e-6, 0.25, 100)
    vital = {name for name, norm in norms.FIELDS.items() if norm.vital}
    assert vital == {"title", "body", "authors", "published_at"}
    assert health.chance(3, 3, 0.1) <= norms.CHANCE_OF_FLOOR, "three without a headline are enough"
