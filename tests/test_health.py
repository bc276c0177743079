"""The alarm: quiet while nothing happens, however small the runs, and awake the day something does. No site, no SQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from kicrawl import health
from kicrawl.health import Alarm, Past, Reading, judge, pack, recurring, unpack

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STATED = {  # how often stories of the newspaper state a field
    "title": 1.0,
    "body": 0.97,
    "authors": 0.94,
    "published_at": 1.0,
    "modified_at": 1.0,
    "subtitle": 0.15,
    "kicker": 0.95,
    "tags": 0.97,
    "images": 0.85,
    "reading_minutes": 0.98,
    "language": 1.0,
}
Change = Callable[[Reading], Reading]


def invent(random: Random, number: int, day: int) -> Reading:
    """What a page of layout C says."""
    said = {name: "embedded" for name, share in STATED.items() if random.random() < share}
    size = int(random.lognormvariate(5.6, 0.9)) + 12 if "body" in said else 0
    cut = int(random.lognormvariate(5.2, 0.5))
    return Reading(story=f"story-{number}", sources=said, layout="C", words=size, cut=cut, day=day)


def newsfeed(seed: int, runs: int) -> Iterator[list[Reading]]:
    """Runs of newsfeed, one an hour: a few new stories each, and some of the last ones read again, as they were."""
    random, known = Random(seed), []
    for number in range(runs):
        day = NOON.toordinal() + number // 24
        new = [invent(random, len(known) + place, day) for place in range(random.choice([0, 0, 1, 1, 2, 3]))]
        again = random.sample(known[-30:], min(len(known[-30:]), random.choice([0, 1, 2, 4])))
        known += new
        yield new + again


def alarms_of(seed: int, runs: int, change: Change | None = None, since: int = 0) -> list[tuple[int, Alarm]]:
    """What a series of runs raised, with the number of its run. `change`: what the site does from a run on."""
    raised: list[tuple[int, Alarm]] = []
    past: list[Past] = []
    for number, readings in enumerate(newsfeed(seed, runs)):
        read = [change(reading) for reading in readings] if change and number >= since else readings
        at = NOON + timedelta(hours=number)
        raised += [(number, alarm) for alarm in judge(read, past, at)]
        past.insert(0, Past(ended_at=at, readings=unpack(pack(read))))
    return raised


def without(*names: str) -> Change:
    """A page on which some fields are not found any more."""
    return lambda reading: replace(
        reading, sources={name: source for name, source in reading.sources.items() if name not in names}
    )


def elsewhere(reading: Reading) -> Reading:
    """A page of another design: everything is read, from other places."""
    return replace(reading, layout="unknown", sources=dict.fromkeys(reading.sources, "visible"))


def cut_off(reading: Reading) -> Reading:
    """A page that shows a story's first words only."""
    return replace(reading, words=min(reading.words, 15))


@pytest.mark.parametrize("seed", range(8))
def test_fifty_ordinary_runs_raise_no_alarm(seed: int) -> None:
    assert alarms_of(seed, 50) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("change", "about", "grave"),
    [
        (without("body"), "body", True),
        (without("authors"), "authors", True),
        (without("title"), "title", True),
        (without("kicker"), "kicker", False),
        (cut_off, "length", True),
        (lambda reading: replace(reading, words=reading.words * 10), "length", False),
        (lambda reading: replace(reading, cut=reading.words * 20 + 500), "cut", False),
        (elsewhere, "layout", False),
        (elsewhere, "title", False),
    ],
    ids=["no body", "no authors", "no title", "no kicker", "cut off", "swollen", "much cut", "layout", "sources"],
)
def test_a_change_of_the_site_is_noticed_the_same_day(seed: int, change: Change, about: str, grave: bool) -> None:
    raised = alarms_of(seed, 60, change, since=30)
    assert min((number for number, _ in raised), default=0) >= 30, "nothing before it"
    noticed = [(number, alarm) for number, alarm in raised if alarm.about == about]
    assert noticed, raised
    assert noticed[0][0] - 30 < 24
    assert any(alarm.grave for _, alarm in noticed) == grave


def read_of(number: int, change: Change = lambda reading: reading, day: int = 739_000) -> list[Reading]:
    """So many stories with every field."""
    everything = dict.fromkeys(STATED, "embedded")
    return [
        change(Reading(story=f"s{place}", sources=everything, layout="C", words=100 + place, cut=50, day=day))
        for place in range(number)
    ]


def lines(now: list[Reading], *before: list[Reading], compared: bool = True) -> list[str]:
    """What is said of a run after some others, the last of them first."""
    past = [Past(ended_at=NOON - timedelta(hours=hour + 1), readings=read) for hour, read in enumerate(before)]
    return [alarm.line for alarm in judge(now, past, NOON, compared=compared)]


def test_a_first_run_is_held_to_the_floors() -> None:
    assert lines(read_of(20)) == []
    assert lines(read_of(20, without("body", "subtitle"))) == ["body is missing on 20 of 20 stories"]
    assert lines(read_of(3, without("title"))) == ["title is missing on 3 of 3 stories"]
    assert lines(read_of(2, without("title"))) == [], "two prove nothing yet"


def test_runs_of_one_page_each_are_judged_together() -> None:
    stories = read_of(7, without("authors"))
    before = [[story] for story in stories[1:]]
    assert lines(stories[:1], *before, read_of(40)) == [
        "authors is missing on 6 of 6 stories, before on 1 of 40",
    ]


def test_a_story_read_over_and_over_counts_once() -> None:
    odd = read_of(1, without("authors", "kicker", "images"))
    assert lines(odd, *[odd] * 40, read_of(40)) == []


def test_what_has_mended_itself_is_no_alarm() -> None:
    broken, sound = read_of(10, without("body")), read_of(40)[10:]
    assert lines(sound[:3], broken, sound) == []
    assert lines([], broken, sound) == [], "nor is what an earlier run read"


def test_it_says_what_has_shifted_and_how_far() -> None:
    assert lines(read_of(9, elsewhere), read_of(72))[:2] == [
        "title from visible instead of embedded (9 of 9 stories, before on 0 of 72)",
        "body from visible instead of embedded (9 of 9 stories, before on 0 of 72)",
    ]
    assert lines(read_of(9, elsewhere), read_of(72))[-1] == (
        "layout unknown instead of C (9 of 9 stories, before on 0 of 72)"
    )


def test_old_stories_are_not_compared_with_new_ones() -> None:
    old = read_of(20, without("kicker"), day=738_000)
    assert lines(old, read_of(40)) == []
    assert lines(read_of(20, without("kicker")), read_of(40)) != []


def test_a_spider_that_walks_through_the_eras_is_only_held_to_floors() -> None:
    assert lines(read_of(20, elsewhere), read_of(40), compared=False) == []
    assert lines(read_of(20, without("body")), read_of(40), compared=False) != []


def test_readings_are_kept_as_they_were() -> None:
    readings = [*read_of(3), *read_of(2, elsewhere)[1:], invent(Random(1), 9, 739_000)]
    kept = unpack(pack(readings))
    assert {(reading.story, reading.layout): reading for reading in kept} == {
        (reading.story, reading.layout): reading for reading in readings
    }


def test_a_line_of_many_stories_is_a_banner_nobody_knows() -> None:
    banner = "Join the 30,000 readers who keep this paper afloat."
    texts = [[f"The {'x' * number}th begins so.", banner.replace("30", str(30 + number))] for number in range(6)]
    [alarm] = recurring(texts)
    assert alarm.line.endswith('afloat." stands in 6 of the 6 stories last read')
    assert not alarm.grave
    assert recurring(texts[:4]) == [], "four stories may well share a line"
    others = [[f"Nothing of the kind in {word}."] for word in "abcdefghijklmnopqrst"]
    assert recurring([*texts[:5], *others]) == [], "so may five of many"


@pytest.mark.parametrize(("least", "number", "share", "expected"), [(0, 5, 0.3, 1.0), (5, 5, 0.5, 0.03125)])
def test_chances_are_right(least: int, number: int, share: float, expected: float) -> None:
    assert health.chance(least, number, share) == pytest.approx(expected)
