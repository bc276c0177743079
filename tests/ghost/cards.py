"""The pieces of which Ghost's editor makes a body, each with what a reader calls the story's text in it."""

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Node = dict[str, Any]

PICTURES = "__GHOST_URL__/content/images/2025/06/"  # Ghost puts its own address there
# Cards as the editor saves them. But for the header, which some would call a subhead, no word in them is the story's.
FURNITURE: dict[str, Node] = json.loads(Path(__file__).with_name("furniture.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Piece:
    """A node of the editor."""

    node: Node
    story: tuple[str, ...] = ()  # its texts that are the story's
    either: tuple[str, ...] = ()  # texts that one reader would call the story and another would not
    caption: str | None = None
    pictures: tuple[str, ...] = ()  # file names, or the address of a picture elsewhere
    related: str | None = None  # the slug of the story that a bookmark leads to
    link: tuple[str, str] | None = None  # address and linked words


def lexical(pieces: Iterable[Piece]) -> str:
    """A body as the editor saves it."""
    return json.dumps({"root": _element("root", [piece.node for piece in pieces])}, ensure_ascii=False)


def paragraph(text: str) -> Piece:
    return Piece(_element("paragraph", [_text(text)]), (text,))


def linking(before: str, words: str, url: str, after: str) -> Piece:
    """A paragraph with a link in it."""
    link = _element("link", [_text(words)], rel=None, target=None, title=None, url=url)
    node = _element("paragraph", [_text(before), link, _text(after)])
    return Piece(node, (before + words + after,), link=(url, words))


def emphasized(text: str) -> Piece:
    """A paragraph with its first word in bold and the others in italics."""
    first, rest = text.split(" ", 1)
    return Piece(_element("paragraph", [_text(first + " ", form=1), _text(rest, form=2)]), (text,))


def heading(text: str, tag: str) -> Piece:
    return Piece(_element("extended-heading", [_text(text)], tag=tag), (text,))


def quote(text: str) -> Piece:
    return Piece(_element("extended-quote", [_text(text)]), (text,))


def aside(text: str) -> Piece:
    """A pull quote."""
    return Piece(_element("aside", [_text(text)]), (text,))


def items(texts: list[str], tag: str) -> Piece:
    children = [_element("listitem", [_text(text)], value=number) for number, text in enumerate(texts, 1)]
    kind = "bullet" if tag == "ul" else "number"
    return Piece(_element("list", children, listType=kind, start=1, tag=tag), tuple(texts))


def image(name: str, caption: str, width: str) -> Piece:
    shown = {"width": 1200, "height": 675, "title": "", "alt": "inline picture", "cardWidth": width, "href": ""}
    node = _card("image", src=PICTURES + name, caption=_span(caption), **shown)
    return Piece(node, caption=caption, pictures=(name,))


def gallery(names: list[str], caption: str) -> Piece:
    shown = {"row": 0, "width": 1200, "height": 675, "alt": ""}
    images = [{"src": PICTURES + name, "fileName": name, **shown} for name in names]
    return Piece(_card("gallery", images=images, caption=_span(caption)), caption=caption, pictures=tuple(names))


def bookmark(slug: str, title: str, description: str, author: str) -> Piece:
    """A card that leads to another story."""
    about = {"title": title, "description": description, "author": author, "publisher": "The Loopback Independent"}
    about |= {"icon": PICTURES + "icon.png", "thumbnail": PICTURES + "photo-01.png"}
    return Piece(_card("bookmark", url=f"__GHOST_URL__/{slug}/", caption="", metadata=about), related=slug)


def youtube(video: str, title: str) -> Piece:
    """A clip, not loaded by anyone here."""
    source = (
        f'<iframe src="https://www.youtube.com/embed/{video}" allowfullscreen title="{html.escape(title)}"></iframe>'
    )
    url = f"https://www.youtube.com/watch?v={video}"
    return Piece(_card("embed", url=url, embedType="video", html=source, caption="", metadata={"title": title}))


def callout(text: str) -> Piece:
    """A colored box in the newsroom's own words, such as an editor's note."""
    shown = {"calloutEmoji": "💡", "backgroundColor": "blue"}
    return Piece(_card("callout", calloutText=f"<p>{_span(text)}</p>", **shown), (text,))


def toggle(question: str, answer: str) -> Piece:
    return Piece(_card("toggle", heading=_span(question), content=f"<p>{_span(answer)}</p>"), (question, answer))


def pasted(source: str, *story: str, **facts: Any) -> Piece:
    """HTML that the newsroom pasted, as whole bodies of older stories are."""
    return Piece(_card("html", html=source), story, **facts)


def markdown(source: str, *story: str, link: tuple[str, str]) -> Piece:
    return Piece(_card("markdown", markdown=source), story, link=link)


def code(source: str) -> Piece:
    return Piece(_card("codeblock", code=source, language="python", caption=""), either=(source,))


def furniture(name: str, *either: str) -> Piece:
    return Piece(FURNITURE[name], either=either)


def _text(text: str, form: int = 0) -> Node:
    style = {"detail": 0, "mode": "normal", "style": ""}
    return {"type": "extended-text", "version": 1, "text": text, "format": form, **style}


def _element(kind: str, children: list[Node], **facts: Any) -> Node:
    return {"type": kind, "version": 1, "children": children, "direction": "ltr", "format": "", "indent": 0, **facts}


def _card(kind: str, **facts: Any) -> Node:
    return {"type": kind, "version": 1, **facts}


def _span(text: str) -> str:
    return f'<span style="white-space: pre-wrap;">{text}</span>'
