"""What stands around a story: banners, navigation, sidebars, feeds, more news, comments, footers."""

from benchmarks.design import words
from benchmarks.design.dom import Child, Node, el
from benchmarks.design.page import SITE, Page

SIDEBARS = {
    "ul>li>a": 3,
    "a>p": 2,
    "div, linked h4": 2,
    "time and prose": 2,
    "plain p": 2,
    "title and prose": 2,
    "articles": 1,
}


def masthead(page: Page) -> list[Child]:
    """The top of the page."""
    design = page.design
    logo_h1 = design.choices.get("headline") == "h2, logo is h1"
    image = el("img", alt="KI logo", src="/logo.svg")
    logo: Child = el("a", SITE if design.has("logo in letters", 0.4) or logo_h1 else image, href="/")
    items = list(dict.fromkeys(words.NAVIGATION + page.lines("chrome")[:12]))
    name = el("h1" if logo_h1 else "div", logo)
    bar = el(design.tag("header"), name, _navigation(page, items), cls=design.cls("top"))
    skip = el("a", page.chrome("Skip to content"), href="#content", cls="skip")
    return [skip, bar] if design.has("skip link", 0.4) else [bar]


def _navigation(page: Page, items: list[str]) -> Node:
    form = page.design.pick("navigation", ["nav>ul", "div>a", "div>span", "div>div>a"])
    links = [el("a", page.chrome(item), href=page.tag_link(item)) for item in items]
    if form == "nav>ul":
        return el("nav", el("ul", [el("li", link) for link in links]), cls=page.design.cls("nav"))
    if form == "div>span":
        return el("div", [el("span", item, tabindex="0") for item in items], cls=page.design.cls("nav"))
    if form == "div>div>a":
        return el("div", [el("div", link) for link in links], cls=page.design.cls("nav"))
    return el("div", page.between(links), cls=page.design.cls("nav"))


def banner(page: Page) -> list[Child]:
    """The campaign above (or below) everything."""
    lines = page.lines("banner")[:4] or ["1,204 readers aboard", "Help us reach 9,000 readers who pay."]
    form = page.design.pick("banner", {"spans": 2, "paragraphs": 2, "link": 1, "none": 2})
    if form == "none":
        return []
    for line in lines:
        page.line("banner", line)
    cls = page.design.cls("banner")
    if form == "link":
        return [el("a", [el("div", line) for line in lines], href="/membership/", cls=cls)]
    tag = "span" if form == "spans" else "p"
    button = el("a", page.chrome("Become a member"), href="/membership/")
    return [el("div", el("div", [el(tag, line) for line in lines], button), cls=cls)]


def overlays(page: Page) -> list[Child]:
    """Cookie notices, dialogs and other things that lie over the page."""
    design, out = page.design, []
    if design.has("cookie notice", 0.4):
        buttons = [el("button", page.chrome("Accept")), el("button", page.chrome("Decline"))]
        out.append(el("div", el("p", page.line("banner", words.COOKIES)), buttons, cls=design.cls("cookies"), id="cc"))
    if design.has("dialog", 0.3):
        hidden = "display:none" if design.has("dialog hidden", 0.5) else None
        inner = [el("h3", "Go on reading"), el("p", page.line("banner", words.MODAL)), el("button", "Close")]
        out.append(el("div", inner, role="dialog", aria_modal="true", style=hidden, cls=design.cls("modal")))
    if design.has("template", 0.1):
        out.append(el("template", el("p", page.line("banner", words.MODAL))))
    if design.has("noscript notice", 0.3):
        out.append(el("noscript", el("p", words.SCRIPTLESS)))
    if design.has("sticky header", 0.2):
        title, button = el("div", page.row["title"]), el("a", page.chrome("Subscribe"), href="/membership/")
        out.append(el("div", title, button, cls=design.cls("sticky"), aria_hidden="true"))
    return list(out)


def sidebar(page: Page) -> Node:
    """A column of other news."""
    design = page.design
    tag = design.pick("tag of sidebar", {"aside": 3, "div": 3, "section": 1})
    if design.choices.get("container") == "none" and design.choices.get("sidebar") == "loose, last":
        design.force("sidebar form", "ul>li>a")  # plain paragraphs after plain paragraphs: nobody could tell
    form = design.pick("sidebar form", SIDEBARS)
    title = page.chrome(design.pick("title of sidebar", words.SIDE_HEADINGS))
    heading = el(design.pick("tag of sidebar title", ["h2", "h3", "div", "p"]), title, cls=design.cls("sidetitle"))
    items = [_teaser(page, form, text) for text in page.some("teaser", 2, 6)]
    if form == "ul>li>a":
        items = [el("ul", items)]
    more = el("button", page.chrome("Show More")) if design.has("show more", 0.5) else None
    return el(tag, heading, items, more, cls=design.cls("sidebar"))


def _teaser(page: Page, form: str, text: str) -> Node:
    design, text = page.design, page.line("teaser", text)
    cls, href = design.cls("teaser"), page.link(text)
    if form == "ul>li>a":
        return el("li", el("a", text, href=href))
    if form == "a>p":
        return el("a", el("p", text), href=href, cls=cls)
    if form == "div, linked h4":
        return el("div", el("h4", el("a", text, href=href)), cls=cls)
    if form == "articles":
        return el(design.tag("article"), el("h3", el("a", text, href=href)), cls=cls)
    if form == "plain p":
        return el("p", text, cls=cls)
    hour = el("time" if design.has("time element in feed", 0.5) else "span", _hour(page))
    if form == "time and prose":
        return el("div", hour, el("p", text), cls=cls)
    other = (page.some("teaser", 1, 1) or [text])[0]
    return el("div", hour, el("h4", page.line("teaser", other)), el("p", text), cls=cls)


def more_news(page: Page) -> Node:
    """Cards of other stories below the story."""
    design = page.design
    title = page.chrome(design.pick("title of more", words.MORE_HEADINGS))
    heading = el(design.pick("tag of more title", ["h2", "h3", "div"]), title)
    form = design.pick("more news form", {"a>h3+p": 3, "div>h3>a": 2, "h3+p plain": 1, "article": 1, "live feed": 2})
    texts = page.some("teaser", 3, 8)
    cards = [_more_card(page, form, title, text) for title, text in zip(texts[::2], texts[1::2], strict=False)]
    return el(design.tag("section"), heading, cards, cls=design.cls("more"))


def _more_card(page: Page, form: str, title: str, text: str) -> Node:
    title, text = page.line("teaser", title), page.line("teaser", text)
    href, cls = page.link(title), page.design.cls("morecard")
    if form == "a>h3+p":
        return el("a", el("h3", title), el("p", text), href=href, cls=cls)
    if form == "live feed":
        return el("div", el("div", _hour(page)), el("div", el("a", title, href=href)), el("p", text), cls=cls)
    linked: Child = title if form == "h3+p plain" else el("a", title, href=href)
    tag = page.design.tag("article") if form == "article" else "div"
    return el(tag, el("h3", linked), el("p", text), cls=cls)


def tag_list(page: Page) -> Node:
    """The story's tags below the text."""
    tags = page.row.get("tags") or []
    page.said.add("tags")
    form = page.design.pick("tag list", ["a", "ul", "comma"])
    links = [el("a", tag, href=page.tag_link(tag), rel="tag") for tag in tags]
    cls = page.design.cls("tags")
    if form == "ul":
        return el("ul", [el("li", link) for link in links], cls=cls)
    label = el("span", page.chrome("Tags:")) if page.design.has("label of tags", 0.5) else None
    return el("div", label, " ", page.between(links), cls=cls)


def neighbours(page: Page) -> Node:
    """The stories before and after this one."""
    titles = page.some("teaser", 2, 2)
    words_before = [page.chrome("Previous article"), page.chrome("Next article")]
    links = [
        el("a", el("span", word), " ", el("span", page.line("teaser", title)), href=page.link(title))
        for word, title in zip(words_before, titles, strict=False)
    ]
    return el(page.design.tag("nav"), page.between(links), cls=page.design.cls("neighbours"))


def comments(page: Page) -> Node:
    """What readers wrote."""
    design = page.design
    found = [_comment(page, name, text) for name, text in words.COMMENTS]
    tag = design.pick("tag of comments", ["section", "div", "ol"])
    heading = el("h3", page.chrome("3 comments"))
    if tag == "ol":
        return el("div", heading, el("ol", [el("li", one) for one in found]), cls=design.cls("comments"))
    button = el("a", page.chrome("Log in to comment"), href="/signin/")
    return el(tag, heading, found, button, cls=design.cls("comments"))


def _comment(page: Page, name: str, text: str) -> Node:
    top = [el("strong", page.chrome(name)), " ", el("time", "2 days ago")]
    return el("div", top, el("p", page.line("teaser", text)), cls=page.design.cls("comment"))


def _hour(page: Page) -> str:
    return page.chrome(f"{page.design.rng.randint(1, 12)}:{page.design.rng.randint(10, 59)} AM")


def support(page: Page) -> Node:
    """The request for support that follows a story."""
    title, prose, label = words.appeal(page.design.rng)
    heading = el("h3", page.line("banner", title)) if title else None
    inner = [heading, el("p", page.line("banner", prose)), el("a", page.line("banner", label), href="/membership/")]
    small = el("span", page.chrome("visa masterCard americanExpress")) if page.design.has("cards named", 0.4) else None
    return el(page.design.tag("section"), inner, small, cls=page.design.cls("support"))


def footer(page: Page) -> Node:
    """The bottom of the page."""
    design = page.design
    links = [el("a", page.chrome(item), href=page.link(item)) for item in words.FOOTER]
    mention = el("p", page.chrome(words.MENTION)) if design.has("mistake note", 0.3) else None
    rights = el("p", page.chrome(words.RIGHTS.format(site=SITE)))
    items = el("ul", [el("li", link) for link in links])
    return el(design.tag("footer"), mention, items, rights, cls=design.cls("footer"))
