"""The Ghost post that layout C embeds as JSON: `__NEXT_DATA__`, `self.__next_f` chunks, or any JSON script.

Other posts (teasers) stand in the same payload: only the one with the page's own slug is believed.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from kicrawl.page.markup import Element
from kicrawl.page.metadata import MAX_JSON, parse_json
from kicrawl.site.urls import slug_of

PUSH = "self.__next_f.push("
ROW = re.compile(rb"([0-9a-fA-F]+):(?:T([0-9a-fA-F]{1,8}),)?")  # a text row states how many bytes follow
KEYS = (b'"slug"', b'"post"')  # without these a row, such as the page's layout, holds no post
MAX_NODES = 200_000

Post = dict[str, Any]
Texts = dict[str, str]  # rows of text by their ids


def read_embedded(document: Element, slugs: set[str]) -> tuple[Post | None, bool]:
    """The page's own post, and whether only posts of other stories were embedded as the page's main one."""
    found = [(item, texts) for value, texts in _payloads(document) for item in _walk(value)]
    posts = [post for item, texts in found if (post := _read_post(item, texts))]
    own = [post for post in posts if post["slug"].lower() in slugs or _tail(post) in slugs]
    if own:
        return max(own, key=_fullness), False
    return None, any(isinstance(post := item.get("post"), dict) and "html" in post for item, _ in found)


def _payloads(document: Element) -> Iterator[tuple[Any, Texts]]:
    """The JSON values in a page's scripts, each with the texts that its references name."""
    chunks: list[str] = []
    for script in document.iter("script"):
        text = script.text or ""
        if "__next_f" in text:
            chunks.append(text)
        elif script.get("id") == "__NEXT_DATA__" or (script.get("type") or "").startswith("application/json"):
            yield parse_json(text), {}
    if chunks:
        values, texts = _flight(chunks)
        for value in values:
            yield value, texts


def _fullness(post: Post) -> tuple[int, int]:
    html = post.get("html")
    return len(html) if isinstance(html, str) else 0, len(post)


def _tail(post: Post) -> str:
    url = post.get("url")
    return slug_of(url) if isinstance(url, str) else ""


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a JSON value, itself included."""
    todo, seen = [value], 0
    while todo and seen < MAX_NODES:
        item = todo.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            todo += [part for part in item.values() if isinstance(part, (dict, list))]
        elif isinstance(item, list):
            todo += [part for part in item if isinstance(part, (dict, list))]


def _read_post(item: dict[str, Any], texts: Texts) -> Post | None:
    if not ("slug" in item and "title" in item and ("html" in item or "published_at" in item)):
        return None
    post = {key: _referred(field, texts) for key, field in item.items()}
    return post if isinstance(post["slug"], str) and isinstance(post["title"], str) else None


def _referred(value: Any, texts: Texts) -> Any:
    """A value of React's flight format: `$1f` names a text row, `$$` escapes a dollar sign."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value.startswith("$$"):
        return value[1:]
    if value in ("$undefined", "$n"):
        return None
    return texts.get(value[1:], value)


def _flight(chunks: list[str]) -> tuple[list[Any], Texts]:
    """The rows of a flight payload: parsed JSON rows, and text rows by id (their length is counted in bytes)."""
    payload = "".join(_strings(chunks))[:MAX_JSON].encode("utf-8", "surrogatepass")
    values: list[Any] = []
    texts: dict[str, str] = {}
    place = 0
    while match := ROW.match(payload, place):
        start = match.end()
        if match[2]:
            place = start + int(match[2], 16)
            texts[match[1].decode()] = payload[start:place].decode("utf-8", "replace")
            continue
        stop = payload.find(b"\n", start)
        stop = len(payload) if stop < 0 else stop
        row = payload[start:stop]
        if row[:1] in (b"[", b"{") and any(key in row for key in KEYS):
            value = parse_json(row.decode("utf-8", "replace"))
            if value is not None:
                values.append(value)
        place = stop + 1
    return values, texts


def _strings(chunks: list[str]) -> Iterator[str]:
    for chunk in chunks:
        _, _, call = chunk.strip().removesuffix(";").partition(PUSH)
        try:
            pushed = json.loads(call.rstrip().removesuffix(")"))
        except (ValueError, RecursionError):
            continue
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
            yield pushed[1]
