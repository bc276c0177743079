"""The gold through the whole program never scores below the floors, which only rise."""

import json
from pathlib import Path

import pytest

from benchmarks import accuracy, profiles, routes
from benchmarks.gold import BESIDE, HTML_LAYOUTS, Gold

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))
GOLD = Gold(BESIDE)
WHOLE_PROGRAM = (*HTML_LAYOUTS, "WET")
READER_ALONE = (accuracy.UNSEEN, *(accuracy.SCRAMBLED + name for name in HTML_LAYOUTS))  # make accuracy replays them

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GOLD.is_there, reason="no gold in ../shared/gold: accuracy is not measured"),
]


@pytest.mark.parametrize("name", WHOLE_PROGRAM)
def test_replayed_pages_are_read_as_exactly_as_they_were(name, tmp_path):
    one = accuracy.score_layout(GOLD, name, quick=False, folder=tmp_path)

    assert not below(name, one.summary), "\n".join(accuracy.worst(one, 3))


@pytest.mark.parametrize("name", READER_ALONE)
def test_layouts_never_seen_are_read_as_exactly_as_they_were(name, tmp_path):
    one = accuracy.score_layout(GOLD, name, quick=True, folder=tmp_path)

    assert not below(name, one.summary), "\n".join(accuracy.worst(one, 3))


def test_author_pages_are_read_as_exactly_as_they_were(tmp_path):
    found = routes.crawl(GOLD.author_pages, tmp_path, table="author")

    assert not below("author pages", profiles.score_authors(GOLD, found))


@pytest.mark.parametrize("seed", GOLD.seeds if GOLD.is_there else [], ids=lambda seed: seed.stem)
def test_the_two_first_texts_are_read_to_the_last_line(seed, tmp_path):
    assert profiles.score_seed(GOLD, seed, tmp_path) == {"wrong": [], "not boilerplate": []}


def below(name: str, summary: dict[str, float]) -> list[str]:
    """What is worse than its floor."""
    least, most = FLOORS[name]["at least"], FLOORS[name]["at most"]
    low = [f"{key} {summary[key]:.4f} < {floor}" for key, floor in least.items() if summary[key] < floor]
    return low + [f"{key} {summary[key]:.4f} > {roof}" for key, roof in most.items() if summary[key] > roof]
