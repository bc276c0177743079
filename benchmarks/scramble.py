"""Pages without anything a rule could know by name: what is left is text and structure."""

import random
import string

from lxml import html

LANDMARKS = ("article", "aside", "section", "main")


def scramble(body: bytes, seed: int) -> bytes:
    """The page with random words for every class, id and data- attribute, without scripts and og:/article: metadata,
    and with plain divs for landmarks. The same seed gives the same page."""
    rng = random.Random(seed)
    document = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    for script in document.xpath("//script"):
        script.drop_tree()
    for meta in document.xpath("//meta[starts-with(@property, 'og:') or starts-with(@property, 'article:')]"):
        meta.drop_tree()
    for element in document.iter(*LANDMARKS):
        element.tag = "div"
    for element in document.iter(html.etree.Element):
        _rename(element, rng)
    return html.tostring(document, encoding="utf-8", doctype="<!DOCTYPE html>")


def _rename(element: html.HtmlElement, rng: random.Random) -> None:
    for name in list(element.attrib):
        if name in ("class", "id"):
            element.attrib[name] = _token(rng)
        elif name.startswith("data-"):
            del element.attrib[name]
            element.attrib[f"data-{_token(rng)}"] = _token(rng)


def _token(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=8))
