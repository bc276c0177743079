"""What interrupts a story: cards of other stories, appeals, forms, ads, players."""

from typing import Any

from benchmarks.design import words
from benchmarks.design.dom import Child, Node, Raw, el
from benchmarks.design.page import SITE, Page

CARDS = {
    "a>div": 4,
    "kg-bookmark": 2,
    "div, linked title": 3,
    "blockquote": 1,
    "figure": 2,
    "li": 1,
    "table": 1,
    "aside": 1,
    "section": 1,
}
APPEALS = {"box": 4, "flat with link": 2, "figure": 1, "table": 1, "section": 1, "aside": 1, "hr between": 1}


def card(page: Page, related: dict[str, Any]) -> Node:
    """A card that leads to another story."""
    form = page.design.pick("embed card", CARDS)
    title, excerpt = page.line("card", related["title"]), related.get("excerpt")
    if excerpt:
        page.line("card", excerpt)
    return _CARD.get(form, _linked_block)(page, form, title, excerpt)


def _picture(page: Page) -> list[Child]:
    if page.design.has("picture in card", 0.7):
        image = el("img", alt="", src=f"/i/{page.design.token()}.jpg", loading="lazy")
        return [el("div", image, cls=page.design.cls("thumb"))]
    return []


def _title(page: Page, title: str, *, linked: bool) -> Node:
    tag = page.design.pick("card title", {"h3": 2, "h4": 2, "div": 3, "span": 1, "strong": 1, "p": 1})
    inner: Child = el("a", title, href=page.link(title)) if linked else title
    return el(tag, inner, cls=page.design.cls("cardtitle"))


def _excerpt(page: Page, excerpt: str | None) -> Node | None:
    tag = page.design.pick("card excerpt", {"p": 3, "div": 3, "span": 1})
    return el(tag, excerpt, cls=page.design.cls("cardtext")) if excerpt else None


def _source(page: Page) -> Node | None:
    if page.design.has("site name in card", 0.3):
        site = el("span", page.chrome(SITE), cls=page.design.cls("cardsite"))
        more = el("span", page.chrome("Read more")) if page.design.has("read more in card", 0.3) else None
        return el("div", site, more)
    return None


def _linked_block(page: Page, form: str, title: str, excerpt: str | None) -> Node:
    inner = el("div", _title(page, title, linked=False), _excerpt(page, excerpt), _source(page))
    return el("a", _picture(page), inner, href=page.link(title), cls=page.design.cls("card"))


def _bookmark(page: Page, form: str, title: str, excerpt: str | None) -> Node:
    inner = el(
        "div",
        el("div", title, cls="kg-bookmark-title"),
        el("div", excerpt, cls="kg-bookmark-description") if excerpt else None,
        el("div", el("span", page.chrome(SITE), cls="kg-bookmark-author"), cls="kg-bookmark-metadata"),
        cls="kg-bookmark-content",
    )
    link = el("a", inner, _picture(page), href=page.link(title), cls="kg-bookmark-container")
    return el("figure", link, cls="kg-card kg-bookmark-card")


def _linked_title(page: Page, form: str, title: str, excerpt: str | None) -> Node:
    tag = "div" if form == "div, linked title" else form
    inner = el("div", _title(page, title, linked=True), _excerpt(page, excerpt), _source(page))
    return el(tag, _picture(page), inner, cls=page.design.cls("card"))


def _item(page: Page, form: str, title: str, excerpt: str | None) -> Node:
    return el("ul", el("li", _title(page, title, linked=True), _excerpt(page, excerpt)), cls=page.design.cls("card"))


def _table(page: Page, form: str, title: str, excerpt: str | None) -> Node:
    text = el("td", _title(page, title, linked=True), _excerpt(page, excerpt))
    return el("table", el("tbody", el("tr", el("td", _picture(page)), text)), cls=page.design.cls("card"))


_CARD = {
    "kg-bookmark": _bookmark,
    "div, linked title": _linked_title,
    "section": _linked_title,
    "aside": _linked_title,
    "blockquote": _linked_title,
    "figure": _linked_title,
    "li": _item,
    "table": _table,
}


def appeal(page: Page) -> Node:
    """A request for support inside the story."""
    design = page.design
    form = design.pick("appeal form", APPEALS)
    title, prose, label = words.appeal(design.rng)
    prose, label = page.line("banner", prose), page.line("banner", label)
    button = el("a", label, href="/membership/", cls=design.cls("button"))
    if design.has("appeal with real button", 0.25):
        button = el("button", label, cls=design.cls("button"), type="button")
    tag = design.pick("appeal title", ["h3", "h4", "div", "strong"])
    heading = el(tag, page.line("banner", title)) if title else None
    if form == "flat with link":
        return el("p", el("em", prose, " ", el("a", label, href="https://kyivindependent.com/membership/")))
    if form == "figure":
        return el("figure", heading, el("p", prose), button, cls=design.cls("appeal"))
    if form == "table":
        return el("table", el("tr", el("td", heading, el("p", prose), button)), cls=design.cls("appeal"))
    if form == "hr between":
        return el("div", el("hr"), heading, el("p", prose), el("p", button), el("hr"), cls=design.cls("appeal"))
    tag = form if form in ("section", "aside") else "div"
    inner = el("div", heading, el("p", prose), button, cls=design.cls("appealinner"))
    return el(tag, inner, cls=design.cls("appeal"))


def newsletter(page: Page) -> Node:
    """A sign-up form."""
    design = page.design
    title, prose, label = design.rng.choice(words.NEWSLETTERS)
    heading = el("h4", page.line("banner", title)) if title else None
    small = el("small", page.chrome("* indicates required")) if design.has("required note", 0.3) else None
    fields: list[Child | None] = [heading, el("p", page.line("banner", prose))]
    fields += [el("input", type="email", placeholder="Your email"), el("button", page.chrome(label)), small]
    if design.has("form inside div", 0.5):
        form = el("form", fields[2:], action="#")
        return el("div", fields[:2], form, cls=design.cls("newsletter"))
    return el("form", fields, cls=design.cls("newsletter"), action="#")


def ad(page: Page) -> Node:
    """A place for an advertisement."""
    design = page.design
    label = page.chrome("Advertisement") if design.has("labelled ads", 0.6) else None
    tag = design.pick("label of ad", ["span", "div", "p", "small"])
    inner: list[Child | None] = [el(tag, label) if label else None, el("div", id=f"ad-{design.token(4)}")]
    if design.has("ad scripts", 0.5):
        inner.append(Raw("<script>googletag.cmd.push(function(){googletag.display('div-1')})</script>"))
    return el("div", inner, cls=design.cls("ad"))


def read_also(page: Page, title: str) -> Node:
    """A line that leads to another story."""
    design = page.design
    page.line("card", title)
    page.optional.append({"title": title})
    label = page.chrome(design.pick("read also label", words.READ_ALSO))
    link = el("a", title, href=page.link(title))
    form = design.pick("read also form", {"p": 3, "p>strong": 2, "div": 2, "ul": 1})
    if form == "p>strong":
        return el("p", el("strong", label, " ", link))
    if form == "div":
        return el("div", el("span", label), link, cls=design.cls("card"))
    if form == "ul":
        return el("div", el("h4", label), el("ul", el("li", link)), cls=design.cls("card"))
    return el("p", label, " ", link)


def links(page: Page) -> Node:
    """A box with links to other stories."""
    titles = [line for line in page.lines("teaser") if len(line) < 110][:3]
    for title in titles:
        page.line("card", title)
        page.optional.append({"title": title})
    items = [el("li", el("a", title, href=page.link(title))) for title in titles]
    heading = el("h4", page.chrome(page.design.pick("title of links", ["Read more", "In this topic", "Context"])))
    return el(page.design.tag("aside"), heading, el("ul", items), cls=page.design.cls("links"))


def video(page: Page) -> Node:
    """A video's still with its button."""
    alt = "Video thumbnail"
    image = el("img", alt=alt, src="https://i.ytimg.com/vi/x/hq.jpg")
    return el("div", image, el("button", Raw("&#9654;"), aria_label="Play"), cls=page.design.cls("video"))


def social(page: Page) -> Node:
    """A post from elsewhere, as a frame."""
    return el("div", el("iframe", "", src="https://t.me/example/1?embed=1", width="500"), cls=page.design.cls("embed"))
