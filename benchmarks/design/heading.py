"""What stands above a story: kicker, headline, byline, date, reading time, share buttons, lead picture."""

from datetime import datetime

from benchmarks.design import authors, words
from benchmarks.design.dom import Child, Node, Raw, el
from benchmarks.design.figures import figure
from benchmarks.design.page import KYIV, Page

HEADLINES = {
    "h1": 6,
    "h1>span": 1,
    "h2, logo is h1": 2,
    "div": 1,
    "h1 in header": 2,
    "h1 in link": 1,
    "h1, copy hidden": 1,
}
HIDDEN = {"style": {"style": "display:none"}, "hidden": {"hidden": "hidden"}, "aria": {"aria_hidden": "true"}}
READING = {"min read": 4, "minute read": 1, "Reading time:": 1, "react": 2, "none": 2}
KICKERS = {"linked": 5, "plain": 2, "tags": 2, "breadcrumb too": 1, "none": 2}
ORDERS = {"KHML": 5, "HKML": 1, "KHLM": 2, "LKHM": 1, "HMKL": 1, "KLHM": 1, "MKHL": 1, "HML": 2}
DATES = {"none": 3, "text": 2, "time full": 2, "time day": 1, "relative": 1}
MONTHS = "January February March April May June July August September October November December".split()


def heading(page: Page) -> list[Child]:
    """The parts above the text, in the design's order. The lead picture (L) may stand among them."""
    order = page.design.pick("order above text", ORDERS)
    parts: dict[str, list[Child]] = {"K": kicker(page), "H": headline(page), "M": meta(page), "L": lead(page)}
    if page.design.choices["headline"] != "h1 in header":
        return [node for letter in order for node in parts[letter]]
    above = [node for letter in order if letter != "L" for node in parts[letter]]
    return [el("header", above, cls=page.design.cls("head")), *parts["L"]]


def headline(page: Page) -> list[Child]:
    """The story's title."""
    design, title = page.design, page.row["title"]
    form, cls = design.pick("headline", HEADLINES), design.cls("headline")
    if form == "h1>span":
        return [el("h1", el("span", title), cls=cls)]
    if form == "h2, logo is h1":
        return [el("h2", title, cls=cls)]
    if form == "div":
        return [el("div", title, cls=cls, role="heading" if design.has("role of headline", 0.5) else None)]
    if form == "h1 in link":
        return [el("h1", el("a", title, href=page.row["url"]), cls=cls)]
    if form == "h1, copy hidden":
        how = design.pick("how copies are hidden", {"style": 2, "hidden": 1, "aria": 1})
        return [el("h1", title, cls=cls), el("div", title, cls=design.cls("stickytitle"), **HIDDEN[how])]
    return [el("h1", title, cls=cls)]


def kicker(page: Page) -> list[Child]:
    """The section or tags above the headline."""
    design, name = page.design, page.row.get("kicker")
    form = design.pick("kicker", KICKERS)
    if form == "none" or not name or "K" not in design.choices["order above text"]:
        return []
    page.said.add("kicker")
    cls = design.cls("kicker")
    if form == "plain":
        return [el(design.pick("tag of kicker", ["div", "span", "p"]), name, cls=cls)]
    if form == "tags":
        page.said.add("tags")
        return [el("div", _tags(page, [name, *_other_tags(page)]), cls=cls)]
    linked = el("div", el("a", name, href=page.tag_link(name)), cls=cls)
    if form == "breadcrumb too":
        way = [el("a", page.chrome("Home"), href="/"), " / ", el("a", name, href=page.tag_link(name))]
        return [el(design.tag("nav"), way, cls=design.cls("breadcrumb")), linked]
    if design.has("kicker without box", 0.4):
        return [el("a", name, href=page.tag_link(name), cls=cls)]
    return [linked]


def _tags(page: Page, names: list[str]) -> list[Child]:
    comma = page.design.pick("between tags", {", ": 3, " ": 1})
    out: list[Child] = []
    for name in names:
        out += [comma] if out else []
        out.append(el("a", name, href=page.tag_link(name)))
    return out


def _other_tags(page: Page) -> list[str]:
    return [tag for tag in page.row.get("tags") or [] if tag != page.row.get("kicker")]


def meta(page: Page) -> list[Child]:
    """Byline, date, reading time and share buttons: in one line or each in its own."""
    design = page.design
    if design.has("meta in one text", 0.12):
        return one_line(page)
    parts = [authors.byline(page), *dates(page), reading(page)]
    nodes = [part for part in parts if part is not None]
    if design.has("shuffled meta", 0.3):
        design.rng.shuffle(nodes)
    line: list[Child] = []
    for node in nodes:
        line += [design.pick("between meta", {" ": 3, " · ": 1, " | ": 1})] if line else []
        line.append(node)
    buttons = share(page, "share above") if design.has("share above", 0.5) else None
    if design.has("meta in one box", 0.7):
        return [el("div", line, buttons, cls=design.cls("meta"))] if line or buttons else []
    return [*(el("div", node) for node in nodes), *([buttons] if buttons else [])]


def one_line(page: Page) -> list[Child]:
    """Byline, date and reading time as one text: by X January 26, 2023 2:33 PM 1 min read."""
    row, when = page.row, page.published()
    names = ", ".join(author["name"] for author in row.get("authors") or [])
    parts = [f"by {names}" if names else "", clock(when, "PM") if when else ""]
    parts.append(f"{row['reading_minutes']} min read" if row.get("reading_minutes") is not None else "")
    page.said |= {"names"} if names else set()
    page.said |= {"published minute", "reading"}
    text = " ".join(part for part in parts if part)
    return [el(page.design.pick("tag of meta", ["div", "p"]), text, cls=page.design.cls("meta"))] if text else []


def dates(page: Page) -> list[Node]:
    """When it appeared and when it was updated, as the design shows it."""
    design, when = page.design, page.published()
    form = design.pick("date shown", DATES)
    if form == "none" or when is None:
        return []
    half = design.pick("am or pm", ["PM", "pm"])
    prefix = design.pick("word of date", {"": 4, "Published ": 1})
    shown = prefix + clock(when, half)
    if form == "text":
        page.said.add("published minute")
        found = [el("span", shown, cls=design.cls("date"))]
    elif form == "time day":
        page.said.add("published minute")
        found = [el("time", shown, datetime=when.astimezone(KYIV).date().isoformat(), cls=design.cls("date"))]
    else:
        page.said.add("published")
        visible = f"{design.rng.randint(2, 9)} days ago" if form == "relative" else shown
        found = [el("time", visible, datetime=when.astimezone(KYIV).isoformat(), cls=design.cls("date"))]
    return found + updated(page, half)


def updated(page: Page, half: str) -> list[Node]:
    """The mark of an update, which can be empty."""
    when = page.modified()
    form = page.design.pick("update shown", {"none": 4, "text": 1, "empty": 1})
    if form == "none" or when is None or when == page.published():
        return []
    if form == "empty":
        return [el("span", page.chrome("(Updated: )"), cls=page.design.cls("updated"))]
    page.said.add("modified minute")
    return [el("span", f"(Updated: {clock(when, half)})", cls=page.design.cls("updated"))]


def clock(when: datetime, half: str) -> str:
    """A Kyiv time as the site writes it, e.g. September 5, 2022 7:53 pm."""
    local = when.astimezone(KYIV)
    suffix = ("AM" if local.hour < 12 else "PM") if half == "PM" else ("am" if local.hour < 12 else "pm")
    return f"{MONTHS[local.month - 1]} {local.day}, {local.year} {local.hour % 12 or 12}:{local.minute:02} {suffix}"


def reading(page: Page) -> Node | None:
    """The reading time."""
    minutes = page.row.get("reading_minutes")
    form = page.design.pick("reading time", READING)
    if form == "none" or minutes is None:
        return None
    page.said.add("reading")
    cls = page.design.cls("reading")
    if form == "react":
        return el("span", str(minutes), Raw("<!-- -->"), " min read", cls=cls)
    if form == "Reading time:":
        return el("span", f"Reading time: {minutes} min", cls=cls)
    return el("span", f"{minutes} {form}", cls=cls)


def share(page: Page, name: str) -> Node:
    """Buttons for sharing."""
    design = page.design
    form = design.pick(name + " form", {"icons": 2, "words": 2, "list": 1, "counter": 1})
    cls = design.cls("share")
    if form == "icons":
        buttons = [el("button", page.icon(), aria_label=label, type="button") for label in words.SOCIAL]
        return el("div", buttons, cls=cls)
    if form == "list":
        items = [el("li", el("a", el("span", page.chrome(label)), href=f"/share?to={label}")) for label in words.SOCIAL]
        return el("div", el("h3", page.chrome("Share this:")), el("ul", items), cls=cls)
    if form == "counter":
        return el("div", el("span", "217"), " ", el("span", page.chrome("shares")), cls=cls)
    return el("div", page.between([el("a", page.chrome(label), href="#") for label in words.SOCIAL[:3]]), cls=cls)


def lead(page: Page) -> list[Child]:
    """The lead picture with the first caption."""
    captions = page.row.get("captions") or []
    if captions:
        return [figure(page, captions[0], lead=True)]
    return [figure(page, None, lead=True)] if page.design.has("lead without caption", 0.5) else []
