"""HTML as lxml reads it."""

import re

from lxml import etree

from kicrawl.page.characters import squash

# A tag of a hundred quoted values, or of so much that is not quoted: libxml2 would compare each name with all before.
# Scripts, styles and comments are passed over: what looks like a tag in them is none, and their quotes may be odd.
# All begins with "<" itself, so that the search leaps from one to the next.
CROWDED = re.compile(
    r"""<(?:(?i:script|style)\b(?:[^<]++|<(?!/(?i:script|style)\b))*+|!--(?!-?>)(?:[^-]++|-(?!->))*+"""
    r"""|([a-zA-Z])(?:[^<>"']{0,500}+(?:"[^"]*+"|'[^']*+')){0,99}+"""
    r"""[^<>"']{0,499}+(?:"[^"]*+"|'[^']*+'|[^<>"'])(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)"""
)

Element = etree._Element  # lxml.html would add a call in Python for every element that is met


def parse(html: str) -> Element | None:
    """The document's root element; None when nothing in it is markup."""
    html = CROWDED.sub(lambda found: "<" + found[1] if found[1] else found[0], html)
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    root: Element | None = etree.fromstring(html.encode("utf-8", "replace"), parser)
    return root


def body_of(document: Element) -> Element:
    """The part of a document that is shown."""
    body = document.find("body")
    return document if body is None else body


def text_within(element: Element) -> str:
    """All the text in an element, shown or not, white space folded."""
    return squash("".join(str(text) for text in element.itertext()))
