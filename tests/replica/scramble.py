"""A page after a redesign nobody announced: no telling names, no metadata; only structure and text are left."""

import hashlib
import re

from lxml import html

META = re.compile(r"^(og|article|twitter):")
RENAMED = {"article", "aside", "section", "main"}


def scramble(page: str, seed: int = 0) -> str:
    """The page with every class, id and data- attribute a random word, no scripts, no og: or article: metadata."""
    tree = html.document_fromstring(page)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" or META.match(element.get("property") or element.get("name") or ""):
            element.drop_tree()
            continue
        element.tag = "div" if element.tag in RENAMED else element.tag
        rename_attributes(element, seed)
    return html.tostring(tree, doctype="<!DOCTYPE html>", encoding="unicode")


def rename_attributes(element: html.HtmlElement, seed: int) -> None:
    for name, value in list(element.attrib.items()):
        if name in ("class", "id"):
            element.set(name, " ".join(token(word, seed) for word in value.split()))
        elif name.startswith("data-"):
            del element.attrib[name]
            element.set("data-" + token(name, seed), token(value, seed))


def token(word: str, seed: int) -> str:
    """A random word, the same for the same word and seed.

    >>> token("c-content", 1) == token("c-content", 1) != token("c-content", 2)
    True
    """
    digest = hashlib.sha256(f"{seed} {word}".encode()).hexdigest()
    return "abcdef"[int(digest[0], 16) % 6] + digest[1:8]
