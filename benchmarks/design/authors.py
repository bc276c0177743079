"""Who wrote it: bylines and author boxes."""

from typing import Any

from benchmarks.design.dom import INLINE, Child, Node, el
from benchmarks.design.page import Page

BYLINES = {
    "by, linked": 5,
    "by, plain": 2,
    "linked": 1,
    "spans": 1,
    "none": 2,
    "portraits": 1,
    "written by": 1,
    "opinion": 1,
}
BOXES = {"names": 3, "name, role": 1, "full": 6, "none": 2}


def byline(page: Page) -> Node | None:
    """The line that names the authors, or None in designs (and stories) without."""
    design, authors = page.design, page.row.get("authors") or []
    form = design.pick("byline", BYLINES)
    if form == "none" or not authors:
        return None
    page.said.add("names")
    word = design.pick("word of byline", {"by": 3, "By": 3})
    tag = design.pick("tag of byline", {"div": 3, "span": 2, "p": 2, "address": 1})
    cls = design.cls("byline")
    if form == "written by":
        return el(tag, "Written by ", _names(page, authors, linked=True), cls=cls)
    if form == "linked":
        return el(tag, _names(page, authors, linked=True, rel="author"), cls=cls)
    if form == "opinion" and all(author.get("role") for author in authors):
        page.said.add("role")
        people = [[_portrait(page, author), el("div", author["role"], cls=design.cls("role"))] for author in authors]
        return el("div", [el("div", list(person)) for person in people], cls=cls)
    if form in ("portraits", "opinion"):
        return el("div", [_portrait(page, author) for author in authors], cls=cls)
    if form == "spans":
        return el(tag, el("span", word), " ", el("span", _names(page, authors, linked=False)), cls=cls)
    return el(tag, f"{word} ", _names(page, authors, linked=form == "by, linked"), cls=cls)


def boxes(page: Page) -> list[Node]:
    """The boxes about the authors at the end of a story."""
    design, authors = page.design, page.row.get("authors") or []
    form = design.pick("author box", BOXES)
    if form == "none" or not authors:
        return []
    linked = design.has("author box linked", 0.8)
    if not linked and form == "names":
        form = design.choices["author box"] = (
            "full"  # a name alone, without link or words about the person, could be anything
        )
    page.said.add("names")
    page.said |= {"names": set(), "name, role": {"role"}, "full": {"role", "bio"}}[form]
    found = [_box(page, author, form, linked=linked) for author in authors]
    if design.has("boxes in section", 0.4):
        heading = el("h4", page.chrome("About the author")) if design.has("title of boxes", 0.4) else None
        return [el(design.tag("section"), heading, found, cls=design.cls("authors"))]
    return found


def _names(page: Page, authors: list[dict[str, Any]], *, linked: bool, rel: str | None = None) -> list[Child]:
    out: list[Child] = []
    for author in authors:
        name = author["name"]
        out += [", "] if out else []
        out.append(el("a", name, href=page.author_link(name), rel=rel) if linked else name)
    return out


def _portrait(page: Page, author: dict[str, Any]) -> Node:
    name = author["name"]
    image = el("img", alt=name, src=f"/i/{page.design.token()}.jpg", width="48")
    return el("div", image, el("a", name, href=page.author_link(name)), cls=page.design.cls("portrait"))


def _box(page: Page, author: dict[str, Any], form: str, *, linked: bool) -> Node:
    design = page.design
    name, role, bio = author["name"], author.get("role"), author.get("bio")
    label = f"Author: {name}" if design.has("Author: before name", 0.2) else name
    page.line("author", name)
    shown: Child = el("a", label, href=page.author_link(name)) if linked else label
    tag = design.pick("tag of name", ["h3", "h4", "div", "p", "span", "strong"])
    parts: list[Child | None] = [el(tag, shown, cls=design.cls("name"))]
    if form != "names" and role:
        tag = design.pick("tag of role", ["div", "span", "p", "em"])
        parts.append(el(tag, page.line("author", role), cls=design.cls("role")))
    if form == "full" and bio:
        tag = design.pick("tag of bio", ["p", "div", "p", "div>p"])
        text = el("p", page.line("author", bio))
        parts.append(el("div", text) if tag == "div>p" else el(tag, page.line("author", bio), cls=design.cls("bio")))
    if linked and design.has("read more in box", 0.5):
        parts.append(el("a", page.chrome("Read more"), href=page.author_link(name)))
    if not design.has("inline parts in box", 0.3):
        parts = [el("div", part) if isinstance(part, Node) and part.tag in INLINE else part for part in parts]
    alt = design.pick("alt of portrait", ["Avatar", "", "portrait"])
    picture = el("img", alt=alt, src=f"/i/{design.token()}.jpg", width="80")
    inner = el("div", parts, cls=design.cls("authortext"))
    return el("div", picture if design.has("portrait in box", 0.8) else None, inner, cls=design.cls("authorbox"))
