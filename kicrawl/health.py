"""Has the site changed? What a run read beside what the runs before it read, and beside what must always hold.

Each question is one of chance: so many of these stories lack a field, have it from another source, or are shorter than
usual; how likely is that if nothing has changed? Three stories without a headline are enough where every story had one,
three without a subtitle are not. A story counts once, however often it is read. Pure: no SQL, no clock.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import comb
from statistics import quantiles
from typing import Any

from kicrawl import items
from kicrawl.logs import escape_controls
from kicrawl.site import norms, words

Holds = Callable[["Reading"], bool]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read of one story's page."""

    story: str  # its slug
    sources: Mapping[str, str]  # field -> where it was taken from; what was not found is not in it
    layout: str = "unknown"
    words: int = 0  # of the story's text
    cut: int = 0  # of what was cut from it, in words
    day: int | None = None  # of publication, days since the year 1

    @property
    def cut_share(self) -> float:
        """How much of the page's text was cut."""
        return self.cut / max(1, self.cut + self.words)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What an earlier run read."""

    ended_at: datetime
    readings: Sequence[Reading]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One thing that has changed, or is not as it must be."""

    about: str  # a field, or length, cut, layout, banner
    kind: str  # missing, source, layout, length, cut, recurring
    line: str  # for people
    grave: bool = False  # the run did not do what it should


def read(article: items.Article) -> Reading:
    """The reading of a story whose blocks have their roles."""
    found = {name: bool(getattr(article, name)) for name in norms.FIELDS if name != "reading_minutes"}
    found["reading_minutes"] = article.reading_minutes is not None
    return Reading(
        story=article.slug,
        sources={name: article.sources.get(name, "stated") for name, there in found.items() if there},
        layout=article.layout,
        words=count_words(block.text for block in article.story),
        cut=count_words(block.text for block in article.boilerplate),
        day=article.published_at.toordinal() if article.published_at else None,
    )


def count_words(texts: Iterable[str]) -> int:
    """How many words some texts have."""
    return sum(len(text.split()) for text in texts)


def judge(now: Sequence[Reading], past: Sequence[Past], at: datetime, *, compared: bool = True) -> list[Alarm]:
    """What is wrong with what a run read, the gravest first; nothing if it read nothing.

    `past`: the runs before it, the last one first. `compared`: whether these read stories of the same kind.
    """
    found: dict[tuple[str, str], Alarm] = {}
    here = once([now])
    for window, rest in windows(now, past, at):
        alarms = list(below_floors(window, here))
        if compared:
            alarms += compare(*of_one_age(window, once([run.readings for run in rest], norms.MOST_BEFORE)), here)
        for alarm in alarms:
            found.setdefault((alarm.about, alarm.kind), alarm)
    return sorted(found.values(), key=lambda alarm: not alarm.grave)


def once(runs: Iterable[Sequence[Reading]], most: int | None = None) -> list[Reading]:
    """The readings of some runs, each story's first; stops after the run with which there are so many."""
    found: dict[str, Reading] = {}
    for readings in runs:
        for reading in readings:
            found.setdefault(reading.story, reading)
        if most and len(found) >= most:
            break
    return list(found.values())


def windows(
    now: Sequence[Reading], past: Sequence[Past], at: datetime
) -> Iterator[tuple[list[Reading], Sequence[Past]]]:
    """The run alone and with runs of the last day, until there are enough stories; each with the runs before those."""
    together = sum(at - run.ended_at <= norms.TOGETHER for run in past)
    sizes = set()
    for size in norms.WINDOWS:
        taken = 0
        while taken < together and len(once([now, *(run.readings for run in past[:taken])])) < size:
            taken += 1
        if now and taken not in sizes:
            sizes.add(taken)
            yield once([now, *(run.readings for run in past[:taken])]), past[taken:]


def of_one_age(window: Sequence[Reading], before: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Both without the stories that are much older than the newest."""
    newest = max((reading.day for reading in (*window, *before) if reading.day is not None), default=0)

    def is_new(reading: Reading) -> bool:
        return reading.day is None or newest - reading.day <= norms.SAME_AGE_DAYS

    return [reading for reading in window if is_new(reading)], [reading for reading in before if is_new(reading)]


def below_floors(window: Sequence[Reading], here: Sequence[Reading]) -> Iterator[Alarm]:
    """Fields that fewer stories state than any healthy site does."""
    for name, norm in norms.FIELDS.items():
        if norm.floor and not all(name in reading.sources for reading in here):
            missing = sum(name not in reading.sources for reading in window)
            if chance(missing, len(window), 1 - norm.floor) <= norms.CHANCE_OF_FLOOR:
                line = f"{name} is missing on {missing} of {len(window)} stories"
                yield Alarm(about=name, kind="missing", line=line, grave=norm.vital)


def compare(window: Sequence[Reading], before: Sequence[Reading], here: Sequence[Reading]) -> Iterator[Alarm]:
    """What is otherwise than it was before."""
    if len(before) < norms.LEAST_BEFORE:
        return
    test = Comparison(window, before, here)
    yield from compare_fields(test)
    usual = most_common(reading.layout for reading in before)
    if failed := test.fails(lambda reading: reading.layout == usual):
        other = most_common(reading.layout for reading in window if reading.layout != usual)
        yield Alarm(about="layout", kind="layout", line=f"layout {other} instead of {usual} ({failed})")
    yield from compare_sizes(test)


def compare_fields(test: "Comparison") -> Iterator[Alarm]:
    """Fields that are missing more often, and those that are stated elsewhere."""
    for name, norm in norms.FIELDS.items():
        if failed := test.fails(lambda reading, name=name: name in reading.sources):  # type: ignore[misc]
            yield Alarm(about=name, kind="missing", line=f"{name} is missing on {failed}", grave=norm.vital)
            continue
        stated = test.only(lambda reading, name=name: name in reading.sources)  # type: ignore[misc]
        usual = most_common(reading.sources[name] for reading in stated.before)
        if failed := stated.fails(lambda reading, name=name, usual=usual: reading.sources[name] == usual):  # type: ignore[misc]
            other = most_common(r.sources[name] for r in stated.window if r.sources[name] != usual)
            yield Alarm(about=name, kind="source", line=f"{name} from {other} instead of {usual} ({failed})")


def compare_sizes(test: "Comparison") -> Iterator[Alarm]:
    """Stories shorter or longer than usual, and pages of which more or less is cut."""
    told = test.only(lambda reading: "body" in reading.sources)
    if len(told.before) < norms.LEAST_BEFORE:
        return
    short, long = usual_range([reading.words for reading in told.before])
    if failed := told.fails(lambda reading: reading.words >= short):
        collapsed = told.fails(lambda reading: reading.words >= short * norms.COLLAPSED)
        line = f"texts are shorter than {short:.0f} words on {failed}"
        yield Alarm(about="length", kind="length", line=line, grave=bool(collapsed))
    elif failed := told.fails(lambda reading: reading.words <= long):
        yield Alarm(about="length", kind="length", line=f"texts are longer than {long:.0f} words on {failed}")
    little, much = usual_range([reading.cut_share for reading in told.before])
    if failed := told.fails(lambda reading: reading.cut_share <= much):
        yield Alarm(about="cut", kind="cut", line=f"more than {much:.0%} of the page is cut on {failed}")
    elif failed := told.fails(lambda reading: reading.cut_share >= little):
        yield Alarm(about="cut", kind="cut", line=f"less than {little:.0%} of the page is cut on {failed}")


@dataclass(frozen=True)
class Comparison:
    """Stories now and before; `here` are those that the run itself read."""

    window: Sequence[Reading]
    before: Sequence[Reading]
    here: Sequence[Reading]

    def only(self, holds: Holds) -> "Comparison":
        """The same of the stories for which something holds."""
        return Comparison(*(list(filter(holds, some)) for some in (self.window, self.before, self.here)))

    def fails(self, holds: Holds) -> str:
        """Where something held before and does not now, in words; "" if chance may be the reason."""
        now, then = sum(not holds(reading) for reading in self.window), sum(not holds(r) for r in self.before)
        if not self.window or not self.before or all(holds(reading) for reading in self.here):
            return ""
        if now / len(self.window) - then / len(self.before) < norms.CHANGE:
            return ""
        usual = (then + 1) / (len(self.before) + 2)  # what was never seen is not impossible
        if chance(now, len(self.window), usual) > norms.CHANCE:
            return ""
        return f"{now} of {len(self.window)} stories, before on {then} of {len(self.before)}"


def chance(least: int, number: int, share: float) -> float:
    """How likely it is that of so many stories at least so many are of a kind that is usual for a share of them.

    >>> f"{chance(3, 3, 0.01):.0e}", f"{chance(0, 3, 0.01):.0f}"
    ('1e-06', '1')
    """
    return sum(comb(number, k) * share**k * (1 - share) ** (number - k) for k in range(least, number + 1))


def usual_range(sizes: Sequence[float]) -> tuple[float, float]:
    """Between which sizes most of these are."""
    cuts = quantiles(sizes, n=100, method="inclusive")
    low, high = (cuts[round(part * 100) - 1] for part in norms.USUAL)
    return low, high


def most_common(values: Iterable[str]) -> str:
    """The value met most often; "" without any."""
    return next((value for value, _ in Counter(values).most_common(1)), "")


def recurring(texts: Iterable[Iterable[str]]) -> list[Alarm]:
    """Lines of many different stories: a banner or an appeal that no rule knows is taken for their text."""
    stories = [{words.fold(line): line for line in lines} for lines in texts]
    met = Counter(line for lines in stories for line in lines)
    least = max(norms.RECURS_LEAST, norms.RECURS * len(stories))
    lines = [line for line, number in met.most_common(norms.RECURS_SHOWN) if number >= least]
    shown = {folded: line for known in stories for folded, line in known.items()}
    return [
        Alarm(
            about="banner",
            kind="recurring",
            line=f'"{shorten(shown[line])}" stands in {met[line]} of the {len(stories)} stories last read',
        )
        for line in lines
    ]


def shorten(text: str) -> str:
    """A line of which enough is shown to find it again, fit for a terminal."""
    return escape_controls(text if len(text) <= 80 else f"{text[:80]}...")


def pack(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Readings as crawl_run keeps them: the stories of the same layout and sources together."""
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for reading in readings:
        key = (reading.layout, *sorted(reading.sources.items()))
        group = groups.setdefault(key, {"layout": reading.layout, "sources": dict(reading.sources), "stories": {}})
        group["stories"][reading.story] = [reading.words, reading.cut, reading.day]
    return list(groups.values())


def unpack(packed: Iterable[Mapping[str, Any]]) -> list[Reading]:
    """What `pack` packed."""
    return [
        Reading(story=story, sources=group["sources"], layout=group["layout"], words=size, cut=cut, day=day)
        for group in packed
        for story, (size, cut, day) in group["stories"].items()
    ]


def note(alarm: Alarm) -> dict[str, Any]:
    """An alarm as crawl_run keeps it."""
    return asdict(alarm)


def shares(readings: Sequence[Reading]) -> dict[str, float]:
    """On which share of the stories each field was found."""
    return {name: sum(name in reading.sources for reading in readings) / len(readings) for name in norms.FIELDS}
