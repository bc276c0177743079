"""The Ghost post that layout C embeds as JSON: `__NEXT_DATA__`, `self.__next_f` chunks, or any JSON script.

Other posts (teasers) stand in the same payload: only the one with the page's own slug is believed.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from kicrawl.page.metadata import MAX_JSON, parse_json
from kicrawl.page.tree import Element
from kicrawl.site.urls import slug_of

PUSH = "self.__next_f.push("
ROW = re.compile(rb"([0-9a-fA-F]+):(?:T([0-9a-fA-F]{1,8}),)?")  # a text row states how many bytes follow
MAX_NODES = 200_000

Post = dict[str, Any]


def read_embedded(document: Element, slugs: set[str]) -> tuple[Post | None, bool]:
    """The page's own post, and whether only posts of other stories were embedded as the page's main one."""
    chunks: list[str] = []
    posts: list[Post] = []
    main = False
    for script in document.iter("script"):
        text = script.text or ""
        if "__next_f" in text:
            chunks.append(text)
        elif script.get("id") == "__NEXT_DATA__" or (script.get("type") or "").startswith("application/json"):
            found = parse_json(text)
            posts.extend(_posts(found, {}))
            main = main or _has_main_post(found)
    if chunks:
        values, texts = _flight(chunks)
        posts.extend(post for value in values for post in _posts(value, texts))
        main = main or any(_has_main_post(value) for value in values)
    own = [post for post in posts if post["slug"].lower() in slugs or _tail(post) in slugs]
    if own:
        return max(own, key=_fullness), False
    return None, main


def _fullness(post: Post) -> tuple[int, int]:
    html = post.get("html")
    return len(html) if isinstance(html, str) else 0, len(post)


def _tail(post: Post) -> str:
    url = post.get("url")
    return slug_of(url) if isinstance(url, str) else ""


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    todo, seen = [value], 0
    while todo and seen < MAX_NODES:
        item = todo.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def _posts(value: Any, texts: dict[str, str]) -> Iterator[Post]:
    for item in _walk(value):
        if "slug" in item and "title" in item and ("html" in item or "published_at" in item):
            post = {key: _referred(field, texts) for key, field in item.items()}
            if isinstance(post["slug"], str) and isinstance(post["title"], str):
                yield post


def _has_main_post(value: Any) -> bool:
    return any(isinstance(post := item.get("post"), dict) and "html" in post for item in _walk(value))


def _referred(value: Any, texts: dict[str, str]) -> Any:
    """A value of React's flight format: `$1f` names a text row, `$$` escapes a dollar sign."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value.startswith("$$"):
        return value[1:]
    if value in ("$undefined", "$n"):
        return None
    return texts.get(value[1:], value)


def _flight(chunks: list[str]) -> tuple[list[Any], dict[str, str]]:
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
        row = payload[start:stop].decode("utf-8", "replace")
        if row[:1] in "[{":
            value = parse_json(row)
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
