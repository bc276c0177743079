"""The story's text: paragraphs, subheads, lists and quotes in every construction met on the web."""

import re
from typing import NamedTuple

from benchmarks.design.dom import Child, Node, Raw, el
from benchmarks.design.page import Page

PARAGRAPHS = {
    "p": 6,
    "div": 2,
    "div>p": 2,
    "p>span": 2,
    "div>span": 2,
    "div>div": 1,
    "br br": 2,
    "bare text": 1,
    "custom element": 1,
    "section>p": 1,
    "role": 1,
    "sentence spans": 1,
    "p>font": 1,
}


class Piece(NamedTuple):
    """A piece of the body: paragraph, heading, list or quote."""

    kind: str
    texts: list[str]


def pieces(body: list[str]) -> list[Piece]:
    """The body's lines, with runs that are plainly lists, short titles or quotes told apart."""
    out: list[Piece] = []
    position = 0
    while position < len(body):
        run = _list_run(body, position)
        if len(run) > 1:
            out.append(Piece("list", run))
            position += len(run)
            continue
        out.append(Piece(_kind(body, position), [body[position]]))
        position += 1
    return out


def write_pieces(page: Page, found: list[Piece]) -> list[Node | str]:
    """The body as elements, one or more per piece; plain strings are text between <br>s."""
    return [node for piece in found for node in _write(page, piece)]


def inline(page: Page, text: str, *, links: bool = True) -> list[Child]:
    """A text with links, emphasis and comments put around some of its words; the text stays the same."""
    design = page.design
    text = _with_nbsp(page, text)
    out: list[Child] = []
    if design.pick("drop cap", {"no": 12, "yes": 1}) == "yes" and text[:1].isalpha() and "drop cap" not in page.said:
        page.said.add("drop cap")
        out.append(el("span", text[0], cls=design.cls("dropcap")))
        text = text[1:]
    words = text.split(" ")
    while len(words) > 12 and links and design.chance(0.4):
        start = design.rng.randint(1, len(words) - 6)
        end = start + design.rng.randint(1, 4)
        out += [" ".join(words[:start]) + " ", _mark(page, " ".join(words[start:end])), " "]
        words = words[end:]
    out.append(" ".join(words))
    if design.has("comments in text", 0.15) and len(words) > 6:
        out[-1:] = [" ".join(words[:3]), Raw("<!-- -->"), " " + " ".join(words[3:])]
    return out


def _with_nbsp(page: Page, text: str) -> str:
    if page.design.has("nbsp in text", 0.2):
        return re.sub(r" (?=\w{1,3} )", lambda _: "\u00a0" if page.design.chance(0.2) else " ", text)
    return text


def _mark(page: Page, words: str) -> Node:
    kind = page.design.rng.choice(["link", "link", "own link", "em", "strong", "span"])
    if kind == "link":
        address = f"https://www.example.org/{page.design.token(9)}?ref=kyivindependent.com"
        return el("a", words, href=address, rel="noopener")
    if kind == "own link":
        return el("a", words, href=page.link(words))
    return el(kind, words)


def _list_run(body: list[str], start: int) -> list[str]:
    if not start or not body[start - 1].rstrip().endswith(":"):
        return []
    end = start
    while end < len(body) and body[end].rstrip().endswith((";", "; and", "; or")):
        end += 1
    if end > start and end < len(body) and len(body[end]) < 200 and body[end].rstrip().endswith("."):
        end += 1
    return body[start:end]


def _kind(body: list[str], position: int) -> str:
    text = body[position].strip()
    last = position == len(body) - 1
    if position and not last and len(text) < 75 and (text[-1:].isalnum() or re.match(r"\d+\. ", text)):
        return "heading"
    if position and text[:1] in '"“' and text[-1:] in '"”' and text.count(text[-1]) < 3:
        return "quote"
    return "paragraph"


def _write(page: Page, piece: Piece) -> list[Node | str]:
    if piece.kind == "list":
        return _write_list(page, piece.texts)
    text = piece.texts[0]
    if piece.kind == "heading":
        form = page.design.pick("subheads", {"h2": 3, "h3": 2, "p>strong": 2, "p": 1, "h4": 1, "div": 1})
        if form != "p":
            return [_heading(page, form, text)]
    if piece.kind == "quote":
        form = page.design.pick("quotes in body", {"p": 3, "blockquote": 1, "blockquote>p": 1})
        if form != "p":
            inner = inline(page, text)
            return [el("blockquote", el("p", inner) if form.endswith("p") else inner, cls=page.design.cls("quote"))]
    return _paragraph(page, text)


def _heading(page: Page, form: str, text: str) -> Node:
    if form == "p>strong":
        return el("p", el("strong", text))
    if form == "div":
        return el("div", text, cls=page.design.cls("subhead"))
    anchor = page.design.token(5) if page.design.has("ids", 0.3) else None
    return el(form, text, cls=page.design.cls("subhead"), id=anchor)


def _write_list(page: Page, texts: list[str]) -> list[Node | str]:
    form = page.design.pick("lists", {"ul": 4, "ul>li>p": 1, "p": 1, "bullets": 1, "div": 1})
    if form == "ul":
        return [el("ul", [el("li", inline(page, text)) for text in texts])]
    if form == "ul>li>p":
        return [el("ul", [el("li", el("p", inline(page, text))) for text in texts])]
    if form == "div":
        return [el("div", [el("div", inline(page, text)) for text in texts], cls=page.design.cls("list"))]
    bullet = "• " if form == "bullets" else ""
    return [el("p", [bullet or None, *inline(page, text)]) for text in texts]


def _paragraph(page: Page, text: str) -> list[Node | str]:
    design = page.design
    form = design.pick("paragraphs", PARAGRAPHS)
    words, cls = inline(page, text), design.cls("paragraph")
    if form == "p":
        return [el("p", words, cls=cls if design.has("class on p", 0.5) else None)]
    if form in ("div>p", "section>p"):
        return [el(form.split(">")[0], el("p", words), cls=cls)]
    if form == "sentence spans":
        return [el("p", [el("span", part, cls=cls) for part in re.split(r"(?<=\. )", text)])]
    if form in ("p>span", "p>font", "div>span"):
        return [el(form.split(">")[0], el("span", words, cls=cls))]
    if form == "div>div":
        return [el("div", el("div", words, cls=cls), cls=design.cls("row"))]
    if form == "custom element":
        return [el("x-paragraph", words, cls=cls)]
    if form == "role":
        return [el("div", words, cls=cls, role="paragraph")]
    if form == "br br":
        words = [el("span", words)] if design.has("span in br text", 0.2) else words
        return [*words, el("br"), el("br")]
    if form == "bare text":
        return [*words, el("p")]
    return [el("div", words, cls=cls)]
