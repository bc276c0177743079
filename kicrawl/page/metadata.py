"""What a page's head says about it: <title>, meta and link elements, JSON-LD (Ghost's facts: shared kit, section 3)."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kicrawl.page.characters import squash
from kicrawl.page.markup import Element, text_within
from kicrawl.site import labels, words

ARTICLE_TYPES = frozenset(
    """Article NewsArticle BlogPosting ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle LiveBlogPosting
    BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle Report""".split()
)
ORGANIZATIONS = frozenset(["Organization", "NewsMediaOrganization"])
GHOST_VERSION = re.compile(r"Ghost (\d+)")
SEPARATOR = re.compile(r"\s+(?:[|\-–—:·•»«/~]{1,2}|&[a-z]+;)\s+")
MAX_TITLE = 1_000  # characters of a headline that are read
MAX_JSON = 4_000_000  # characters of one script that are read; a story's data is a fraction of it


@dataclass(slots=True)
class Metadata:
    """The head of a page. Lists keep the order of the page; nothing is cleaned but white space."""

    title: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)  # name or property -> contents
    links: dict[str, str] = field(default_factory=dict)  # rel -> first href
    language: str | None = None
    nodes: list[dict[str, Any]] = field(default_factory=list)  # JSON-LD, graphs and lists taken apart
    article: dict[str, Any] | None = None  # the JSON-LD node that is the story
    person: dict[str, Any] | None = None  # the JSON-LD node of an author page
    warnings: list[str] = field(default_factory=list)

    def first(self, *names: str) -> str | None:
        """The first content of the first of these metas that has one."""
        return next((found[0] for name in names if (found := self.metas.get(name))), None)

    @property
    def site_name(self) -> str | None:
        """The site's own name, where stated."""
        return self.first("og:site_name")

    @property
    def ghost_version(self) -> int | None:
        """The major version of Ghost that made the page, where the generator says so."""
        match = GHOST_VERSION.search(self.first("generator") or "")
        return int(match[1]) if match else None

    def said(self, key: str) -> str | None:
        """A text of the JSON-LD article, unescaped where Ghost before 6 escaped it."""
        value = self.article.get(key) if self.article else None
        return self.plain(value) if isinstance(value, str) else None

    def plain(self, text: str) -> str | None:
        """A JSON-LD text as a reader would see it; None when empty."""
        if self.ghost_version is not None and self.ghost_version < 6:
            text = html.unescape(text)
        return squash(text) or None


def read_metadata(document: Element) -> Metadata:
    """The head's statements (wherever in the document they stand)."""
    data = Metadata()
    root = document.getroottree().getroot()
    data.language = squash(root.get("lang") or "") or None
    for element in document.iter("title", "meta", "link"):
        if element.tag == "title":
            if data.title is None and not any(around.tag == "svg" for around in element.iterancestors()):
                data.title = text_within(element)[:MAX_TITLE] or None
        elif element.tag == "meta":
            name = element.get("property") or element.get("name")
            content = squash(element.get("content") or "")
            if name and content:
                data.metas.setdefault(name.lower(), []).append(content)
        else:
            href = "" if element.get("hreflang") else (element.get("href") or "").strip()
            for rel in (element.get("rel") or "").lower().split() if href else ():
                data.links.setdefault(rel, href)
    _read_jsonld(document, data)
    return data


def _read_jsonld(document: Element, data: Metadata) -> None:
    for script in document.iter("script"):
        if (script.get("type") or "").lower().split(";")[0].strip() != "application/ld+json":
            continue
        found = parse_json(script.text or "")
        if found is None:
            data.warnings.append("jsonld_unparsable")
            continue
        data.nodes.extend(_nodes(found))
    data.article = next((node for node in data.nodes if types_of(node) & ARTICLE_TYPES), None)
    people = [node for node in data.nodes if "Person" in types_of(node)]
    profile = next((node for node in data.nodes if "ProfilePage" in types_of(node)), None)
    main = resolve(profile.get("mainEntity"), named_nodes(data)) if profile else None
    data.person = main or (people[0] if len(people) == 1 and data.article is None else None)


def parse_json(text: str) -> Any | None:
    """A script's JSON; None when it does not parse, is nested without end or is larger than any story's."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    if not text or len(text) > MAX_JSON:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def has_no_text(data: Metadata) -> bool:
    """Whether the page says that its story has no text: Ghost describes every other story by its first characters."""
    return data.ghost_version is not None and data.article is not None and not data.said("description")


def _nodes(found: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(found, list):
        for item in found:
            yield from _nodes(item, depth + 1)
    elif isinstance(found, dict):
        if "@type" in found:
            yield found
        graph = found.get("@graph")
        if graph is not None:
            yield from _nodes(graph, depth + 1)


def types_of(node: dict[str, Any]) -> set[str]:
    """The types of a JSON-LD node."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return {item for item in values if isinstance(item, str)}


def named_nodes(data: Metadata) -> dict[str, dict[str, Any]]:
    """The JSON-LD nodes that references can name, by their @id."""
    named: dict[str, dict[str, Any]] = {}
    for node in data.nodes:
        if isinstance(name := node.get("@id"), str) and name:
            named.setdefault(name, node)
    return named


def resolve(value: Any, named: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """A JSON-LD reference as the node it names."""
    if not isinstance(value, dict):
        return None
    name = value.get("@id")
    return {**(named.get(name, {}) if isinstance(name, str) else {}), **value}


def people_of(data: Metadata) -> list[dict[str, Any]]:
    """The JSON-LD article's authors: `author` (Ghost: the first only), then `contributor`.

    An organization without a page of its own is the publisher standing in for nobody, and is left out.
    """
    found: list[dict[str, Any]] = []
    named = named_nodes(data) if data.article else {}
    for key in ("author", "contributor"):
        value = data.article.get(key) if data.article else None
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and not item.startswith("http"):
                found.append({"name": item})
            elif (node := resolve(item, named)) and _is_author(node):
                found.append(node)
    return found[:100]


def _is_author(node: dict[str, Any]) -> bool:
    publisher = types_of(node) & ORGANIZATIONS and not node.get("url")
    return isinstance(node.get("name"), str) and not publisher


def keywords_of(data: Metadata) -> list[str]:
    """The JSON-LD article's keywords, in order."""
    value = data.article.get("keywords") if data.article else None
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return [text for item in items if isinstance(item, str) and (text := data.plain(item))]


def titles_of(data: Metadata) -> list[str]:
    """The headline as the head states it, best first; a site's name at either end of <title> is taken off."""
    found = [data.said("headline"), data.first("og:title"), data.first("twitter:title"), data.title]
    titles: list[str] = []
    for text in (stated[:MAX_TITLE] for stated in found if stated):
        for form in (without_site_name(text, data.site_name), text):
            if form not in titles:
                titles.append(form)
    return titles


def without_site_name(title: str, site_name: str | None = None) -> str:
    """A title without the site's name, or the name of one of its sections, at its end or start.

    >>> without_site_name("Bridge opens - at last | The Kyiv Independent")
    'Bridge opens - at last'
    """
    title = title[:MAX_TITLE]
    cuts = list(SEPARATOR.finditer(title))
    while cuts and _names_site(title[cuts[-1].end() :], site_name):
        title = title[: cuts.pop().start()]
    if cuts and _names_site(title[: cuts[0].start()], site_name):
        return title[cuts[0].end() :]
    return title


def _names_site(text: str, site_name: str | None) -> bool:
    line = words.fold(text)
    if line in labels.KNOWN_TAGS or line in map(words.fold, labels.SITE_NAMES):
        return True
    return bool(site_name) and line == words.fold(site_name or "")
