"""Stories in layouts nobody has seen: python benchmarks/layouts.py --seed 1 --out FOLDER

Every page is one story in a design drawn at random from many independent choices. `draw` gives the page, the choices
and what a reader of the page can know (null: it is not on the page).
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

if not __package__:  # run as a file
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.design import authors, cards, furniture, heading, metadata
from benchmarks.design.choice import Design
from benchmarks.design.dom import Child, Node, el, write
from benchmarks.design.figures import figure
from benchmarks.design.page import Page, iso
from benchmarks.design.text import pieces, write_pieces

LAYOUT = "U"  # as the gold names layouts: unseen
GOLD = Path("../shared/gold")
DESIGNS = 5  # per story
CONTAINERS = {"one": 5, "nested": 2, "split": 2, "none": 1}
SIDES = {
    "after": 4,
    "before": 3,
    "in column, first": 1,
    "in column, before text": 1,
    "in column, last": 1,
    "loose, first": 1,
    "loose, last": 1,
    "none": 2,
}
FRAMES = {"main>article": 3, "main": 2, "article": 2, "divs": 3, "table": 1, "list": 1}

Row = dict[str, Any]


class Drawn(NamedTuple):
    """A page, how it was designed, and what it says."""

    html: str
    choices: dict[str, str]
    expected: Row


def render(row: Row, seed: int) -> tuple[str, dict[str, str]]:
    """A story (a row of the gold) as a full HTML page, and the choices of its design."""
    drawn = draw(row, seed)
    return drawn.html, drawn.choices


def draw(row: Row, seed: int) -> Drawn:
    """A story in the design of that seed, with the row that a perfect reader would give."""
    page = Page(row=row, design=Design(seed))
    style = page.design.style()
    top = metadata.head(page)
    body = el("body", _frame(page), metadata.scripts(page))
    document = el("html", top, body, lang="en")
    html = "<!DOCTYPE html>\n" + write(document, style)
    return Drawn(html, page.design.choices, _expected(page))


def draw_all(rows: list[Row], seed: int, designs: int = DESIGNS) -> Iterator[Drawn]:
    """Every story in several designs; the address tells them apart, as Ghost does with repeated slugs."""
    for number, row in enumerate(rows):
        for design in range(designs):
            slug = f"{row['slug']}-{design + 2}"
            own = row | {"slug": slug, "url": f"https://kyivindependent.com/{slug}/"}
            yield draw(own, seed * 1_000_003 + number * 101 + design)


def stories(path: Path) -> list[Row]:
    """The stories of a gold file (each once, with the boilerplate of all layouts), or of a file of ours."""
    if path.suffix == ".json":
        data = json.loads(path.read_text(encoding="utf-8"))
        shared = {"furniture": data["furniture"]}
        return [row | shared | {"url": f"https://kyivindependent.com/{row['slug']}/"} for row in data["stories"]]
    found: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["layout"] != "WET":
            _join(found.setdefault(row["slug"], row | {"furniture": {}}), row)
    return list(found.values())


def _join(first: Row, row: Row) -> None:
    """Add what another layout of the same story says."""
    first["tags"] = max(first.get("tags") or [], row.get("tags") or [], key=len)
    for field in ("reading_minutes", "kicker"):
        first[field] = row[field] if first.get(field) is None else first[field]
    for sort, lines in row["furniture"].items():
        known = first["furniture"].setdefault(sort, [])
        known += [line for line in lines if line not in known]


def _frame(page: Page) -> list[Child]:
    design = page.design
    above, banner, over = furniture.masthead(page), furniture.banner(page), furniture.overlays(page)
    column = _column(page, above)
    side = design.pick("sidebar", SIDES)
    beside = furniture.sidebar(page) if side in ("before", "after") else None
    middle = _middle(page, column, beside, first=side == "before")
    below: list[Child] = [furniture.more_news(page)] if design.has("more news", 0.6) else []
    if design.has("newsletter below", 0.4):
        below.append(cards.newsletter(page))
    where = design.pick("banner stands", {"first": 3, "below top": 2, "last": 1})
    out = {
        "first": [*banner, *above, middle, *below],
        "below top": [*above, *banner, middle, *below],
        "last": [*above, middle, *below, *banner],
    }[where]
    out.append(furniture.footer(page))
    out = [*over, *out] if design.has("overlays first", 0.5) else [*out, *over]
    for _ in range(int(design.pick("wrappers", {"0": 2, "1": 2, "3": 1}))):
        out = [el("div", out, id=design.token(4) if design.has("ids", 0.3) else None)]
    return out


def _middle(page: Page, column: list[Child], beside: Node | None, *, first: bool) -> Node:
    design = page.design
    form = design.pick("frame", FRAMES)
    cls = design.cls("column")
    if form == "table":
        cells = [el("td", column, cls=cls), *([el("td", beside)] if beside else [])]
        return el("table", el("tbody", el("tr", cells[::-1] if first else cells)), width="100%")
    if form == "list":
        items = [el("li", column), *([el("li", beside)] if beside else [])]
        return el("ul", items[::-1] if first else items, cls=design.cls("grid"))
    if form == "main>article":
        inner: Node = el(design.tag("article"), column, cls=cls)
    elif form == "article":
        inner = el("article", column, cls=cls)
    else:
        inner = el("div", column, cls=cls)
    both = [beside, inner] if first else [inner, beside]
    outer = design.tag("main") if form.startswith("main") else "div"
    return el(outer, both, cls=design.cls("grid"), id="content" if design.has("ids", 0.3) else None)


def _column(page: Page, above: list[Child]) -> list[Child]:
    """The main column: what stands above the text, the text, what follows it."""
    design = page.design
    side = design.choices.get("sidebar") or design.pick("sidebar", SIDES)
    out: list[Child] = [furniture.sidebar(page)] if side == "in column, first" else []
    out += furniture.sidebar(page).children if side == "loose, first" else []
    out += heading.heading(page)
    if design.has("audio", 0.3):
        out.append(_audio(page))
    if side == "in column, before text":
        out.append(furniture.sidebar(page))
    inside = design.pick("author boxes stand", {"in text": 1, "after text": 4}) == "in text"
    boxes = authors.boxes(page)
    tail: list[Child] = [heading.share(page, "share below")] if design.has("share below", 0.3) else []
    if design.has("tags below", 0.4) and page.row.get("tags"):
        tail.append(furniture.tag_list(page))
    if design.has("tail in text", 0.3):
        out += _text(page, [*boxes, *tail] if inside else tail)
        tail = []
    else:
        out += _text(page, list(boxes) if inside else [])
    out += [*([] if inside else boxes), *tail]
    out += [furniture.support(page)] if design.has("support below", 0.4) else []
    out += [furniture.neighbours(page)] if design.has("neighbours", 0.15) else []
    out += [furniture.comments(page)] if design.has("comments", 0.25) else []
    out += furniture.sidebar(page).children if side == "loose, last" else []
    return out + ([furniture.sidebar(page)] if side == "in column, last" else [])


def _audio(page: Page) -> Node:
    note = page.chrome("This audio is created with AI assistance")
    player = [el("span", "0:00"), "/", el("span", "3:12"), el("button", "1x")]
    shown = player if page.design.has("audio player", 0.4) else None
    return el("div", el("p", note), shown, cls=page.design.cls("audio"))


def _text(page: Page, tail: list[Child]) -> list[Child]:
    """The body in its container (or containers), with what interrupts it, and what follows inside it."""
    design = page.design
    found = pieces(page.row["body"])
    chunks: list[list[Child]] = [list(write_pieces(page, [piece])) for piece in found]
    _insert(page, chunks)
    form = design.pick("container", CONTAINERS)
    if design.pick("paragraphs", ["p"]) in ("br br", "bare text") and form == "none":
        form = design.choices["container"] = "one"
    cls = design.cls("body")
    if form == "split" and len(chunks) > 3:
        cut = design.rng.randint(1, len(chunks) - 2)
        halves = [[node for chunk in half for node in chunk] for half in (chunks[:cut], chunks[cut:])]
        tag = design.tag("section")
        return [el(tag, halves[0], cls=cls), cards.ad(page), el(tag, [*halves[1], *tail], cls=cls)]
    nodes = [*(node for chunk in chunks for node in chunk), *tail]
    if form == "none":
        return nodes
    box = el(design.pick("tag of body", {"div": 5, "section": 1}), nodes, cls=cls)
    return [el("div", el("div", box))] if form == "nested" else [box]


def _insert(page: Page, chunks: list[list[Child]]) -> None:
    """Put pictures, cards and interruptions behind pieces of the text."""
    design, row = page.design, page.row

    def behind(node: Node, least: int = 0) -> None:
        if chunks:
            chunks[design.rng.randint(min(least, len(chunks) - 1), len(chunks) - 1)].append(node)

    last = 0
    for caption in (row.get("captions") or [])[1:]:
        last = design.rng.randint(last, max(last, len(chunks) - 1)) if chunks else 0
        chunks[last].append(figure(page, caption))
    for name, share, make in (
        ("appeal in text", 0.45, cards.appeal),
        ("newsletter in text", 0.2, cards.newsletter),
        ("ad in text", 0.3, cards.ad),
        ("video in text", 0.15, cards.video),
        ("links in text", 0.1, cards.links),
        ("post in text", 0.1, cards.social),
    ):
        if design.has(name, share):
            behind(make(page))
    if design.has("read also", 0.2) and page.lines("teaser"):
        titles = [line for line in page.lines("teaser") if len(line) < 110] or ["Another story"]
        behind(cards.read_also(page, design.rng.choice(titles)))
    place = design.pick("cards stand", {"last": 3, "among": 2})
    for related in row.get("related") or []:
        behind(cards.card(page, related), 0 if place == "among" else 10_000)


def _expected(page: Page) -> Row:
    row, said = page.row, page.said
    people = [
        {"name": one["name"]} | {field: one.get(field) if field in said else None for field in ("role", "bio")}
        for one in row.get("authors") or []
    ]
    return {
        "layout": LAYOUT,
        "url": row["url"],
        "slug": row["slug"],
        "title": row["title"],
        "kicker": row.get("kicker") if "kicker" in said else None,
        "reading_minutes": row.get("reading_minutes") if "reading" in said else None,
        "body": row["body"],
        "captions": row.get("captions") or [],
        "authors": people if "names" in said or row.get("authors") == [] else None,
        "related": row.get("related") or [],
        "related_optional": page.optional,
        "published_at": _time(page, "published", page.published()),
        "modified_at": _time(page, "modified", page.modified()),
        "tags": None,
        "furniture": page.used,
    }


def _time(page: Page, fact: str, when: datetime | None) -> str | None:
    if when is None or not {fact, f"{fact} minute"} & page.said:
        return None
    return iso(when if fact in page.said else when.replace(second=0))


def main() -> None:
    """Write pages of the gold's stories, and gold.jsonl beside them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--designs", type=int, default=DESIGNS)
    parser.add_argument("--stories", type=Path, default=GOLD / "dev.jsonl", help="rows as in the gold")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (arguments.out / "gold.jsonl").open("w", encoding="utf-8") as gold:
        for drawn in draw_all(stories(arguments.stories), arguments.seed, arguments.designs):
            (arguments.out / f"{drawn.expected['slug']}.html").write_text(drawn.html, encoding="utf-8")
            row = drawn.expected | {"choices": drawn.choices}
            gold.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
