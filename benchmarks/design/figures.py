"""Pictures and their captions."""

from benchmarks.design.dom import Child, Node, el
from benchmarks.design.page import Page

CAPTIONS = {
    "figcaption": 5,
    "figcaption>span": 2,
    "credit in span": 2,
    "credit beside": 1,
    "divs": 3,
    "p": 2,
    "before image": 1,
    "wp-caption": 1,
    "small": 1,
    "dl": 1,
}


def figure(page: Page, caption: str | None, *, lead: bool = False) -> Node:
    """A picture with its caption, as the design builds them; lead pictures may be built otherwise than inline ones."""
    design = page.design
    form = design.pick("lead caption" if lead else "inline caption", CAPTIONS)
    alt = page.row["title"] if lead else design.rng.choice(["", "Article image", (caption or "")[:40]])
    image: list[Child] = page.image(alt, address=page.row.get("lead_image") if lead else None, lead=lead)
    if design.has("image in link", 0.1):
        image = [el("a", image, href=f"https://assets.kyivindependent.com/content/images/{design.token(9)}.jpg")]
    if design.has("image in div", 0.3):
        image = [el("div", image, cls=design.cls("media"))]
    if design.has("button on pictures", 0.1):
        image = [*image, el("button", page.chrome("Open image"), type="button")]
    if caption is None:
        return el("figure" if "fig" in form else "div", image, cls=design.cls("hero"))
    return _captioned(page, form, image, caption)


def _captioned(page: Page, form: str, image: list[Child], caption: str) -> Node:
    design = page.design
    cls, text = design.cls("figure"), design.cls("caption")
    body, credit = _parted(caption)
    if form == "figcaption":
        return el("figure", image, el("figcaption", caption, cls=text), cls=cls)
    if form == "figcaption>span":
        span = el("span", caption, style="white-space: pre-wrap;")
        return el("figure", image, el("figcaption", el("p", span), cls=text), cls=cls)
    if form == "credit in span":
        named = el("span", credit, cls=design.cls("credit"))
        return el("figure", image, el("figcaption", body, named, cls=text), cls=cls)
    if form == "credit beside":
        parts: list[Child] = [el("div", body, cls=text)]
        parts += [el("div", credit, cls=design.cls("credit"))] if credit else []
        return el("figure", image, el("figcaption", parts), cls=cls)
    if form == "before image":
        return el("figure", el("figcaption", caption, cls=text), image, cls=cls)
    if form == "wp-caption":
        return el("div", image, el("p", caption, cls="wp-caption-text"), cls="wp-caption alignnone")
    if form == "small":
        return el("div", image, el("p", el("small", el("em", caption)), cls=text), cls=cls)
    if form == "dl":
        return el("dl", el("dt", image), el("dd", caption, cls=text), cls=cls)
    if form == "p":
        return el("div", image, el("p", caption, cls=text or "caption"), cls=cls)
    return el("div", el("div", image, cls=design.cls("media")), el("div", caption, cls=text), cls=cls)


def _parted(caption: str) -> tuple[str, str | None]:
    """The caption's words and its credit in brackets; together they are the caption."""
    start = caption.rfind("(")
    if start > 0 and caption.rstrip().endswith(")"):
        return caption[:start], caption[start:]
    return caption, None
