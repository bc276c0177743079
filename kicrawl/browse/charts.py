"""Charts as plain shapes, which a template writes as SVG. Pure: numbers in, places and sizes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

WIDTH = 640  # of a chart, if nothing else is said; the page scales it
FEWEST = 12  # columns that fill the width; fewer leave room
COLUMNS_HIGH = 110  # what the tallest column takes
HEAD, FOOT = 16, 18  # room for labels above and below columns
ROW_HIGH, ROW_STEP = 14, 20  # of bars that lie
NAMES_WIDE = 120  # what the names left of such bars take
READABLE = 44  # how wide a piece of a bar must be to bear its name
COLOURS = 10  # classes c0 to c9 of the style sheet


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle; `says` is shown when one points at it, `kind` is its class, `href` where a click leads."""

    x: float
    y: float
    width: float
    height: float
    says: str
    kind: str = ""
    href: str | None = None
    name: str = ""  # written into it


@dataclass(frozen=True, kw_only=True)
class Label:
    """A text beside the boxes; `anchor` as in SVG."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing, and what it shows in a sentence for those who cannot see it."""

    says: str
    height: float
    boxes: list[Box] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    width: float = WIDTH


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column to draw."""

    name: str
    value: float
    says: str
    kind: str = "c0"
    href: str | None = None


def draw_columns(
    columns: Sequence[Column], says: str, write: Callable[[float], str] = "{:g}".format, width: float = WIDTH
) -> Chart:
    """Columns side by side, the tallest as high as the chart; labels name the first, the last and the largest.

    >>> chart = draw_columns([Column(name="May", value=2, says="2"), Column(name="June", value=1, says="1")], "stories")
    >>> [(box.height, box.says) for box in chart.boxes], [label.text for label in chart.labels]
    ([(110.0, '2'), (55.0, '1')], ['May', 'June', '2 at most'])
    """
    if not columns:
        return Chart(says=says, height=HEAD + FOOT, width=width)
    step, largest = width / max(FEWEST, len(columns)), max(column.value for column in columns)
    boxes = [_stand(column, place * step, step, largest) for place, column in enumerate(columns)]
    foot = HEAD + COLUMNS_HIGH + FOOT - 4
    labels = [
        Label(x=0, y=foot, text=columns[0].name),
        *([Label(x=width, y=foot, text=columns[-1].name, anchor="end")] if len(columns) > 1 else []),
        Label(x=0, y=HEAD - 4, text=f"{write(largest)} at most"),
    ]
    return Chart(says=says, height=HEAD + COLUMNS_HIGH + FOOT, width=width, boxes=boxes, labels=labels)


def draw_shares(counts: Mapping[str, Mapping[str, int]], says: str) -> Chart:
    """A lying bar for each name, cut into the shares of its parts; a part has one colour in all bars, `none` has none.

    >>> chart = draw_shares({"title": {"h1": 3, "jsonld": 1}}, "sources")
    >>> [(box.kind, box.width, box.says) for box in chart.boxes]
    [('c0', 390.0, 'title: h1 75 %'), ('c1', 130.0, 'title: jsonld 25 %')]
    """
    parts = sorted({part for shares in counts.values() for part in shares})
    colours = {part: f"c{place % COLOURS}" for place, part in enumerate(parts)} | {"none": "none"}
    boxes, labels = [], []
    for place, (name, shares) in enumerate(counts.items()):
        y = place * ROW_STEP
        boxes += _lie(name, shares, y, colours)
        labels.append(Label(x=NAMES_WIDE - 8, y=y + ROW_HIGH - 3, text=name, anchor="end"))
    return Chart(says=says, height=max(1, len(counts)) * ROW_STEP, boxes=boxes, labels=labels)


def _stand(column: Column, x: float, step: float, largest: float) -> Box:
    height = COLUMNS_HIGH * column.value / largest if largest else 0
    y, width = HEAD + COLUMNS_HIGH - height, step * (0.8 if step > 3 else 1)
    return Box(
        x=round(x, 2),
        y=round(y, 2),
        width=round(width, 2),
        height=round(height, 2),
        says=column.says,
        kind=column.kind,
        href=column.href,
    )


def _lie(name: str, shares: Mapping[str, int], y: float, colours: Mapping[str, str]) -> list[Box]:
    total, x, boxes = sum(shares.values()), float(NAMES_WIDE), []
    for part, number in sorted(shares.items(), key=lambda share: (-share[1], share[0])):
        width = round((WIDTH - NAMES_WIDE) * number / total, 2)
        shown = part if width >= max(READABLE, 7 * len(part)) else ""
        says = f"{name}: {part} {100 * number / total:.0f} %"
        boxes.append(Box(x=x, y=y, width=width, height=ROW_HIGH, says=says, kind=colours[part], name=shown))
        x = round(x + width, 2)
    return boxes
