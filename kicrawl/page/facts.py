"""A page's facts about its story, each under every source that states it; which one is believed is data in site.fields."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring

from kicrawl import items
from kicrawl.page import metadata as heads
from kicrawl.page import visible
from kicrawl.page.embedded import Post
from kicrawl.page.metadata import Metadata
from kicrawl.page.moments import read_moment
from kicrawl.page.structure import Stated, Story
from kicrawl.page.tree import squash
from kicrawl.site import urls, words

EST_MINUTES = re.compile(r"^(\d{1,3})\s+min(?:ute)?s?$")


@dataclass(slots=True)
class Facts:
    """Field -> source -> value. `used` are the visible lines that became facts."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: dict[int, str] = field(default_factory=dict)  # leaf index -> what it states
    people: list[items.Author] = field(default_factory=list)  # everybody with role or bio, to fill names
    related: list[items.Related] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)

    def state(self, name: str, source: str, value: Any) -> None:
        """Keep a value unless it says nothing (0 says something)."""
        if value is not None and value not in ("", []):
            self.values.setdefault(name, {})[source] = value

    def use(self, indices: set[int], what: str) -> None:
        """Note which lines state a fact."""
        for index in indices:
            self.used.setdefault(index, what)


def read_facts(data: Metadata, post: Post | None, story: Story, inner: Story | None, stated: Stated) -> Facts:
    """Everything the page states. `inner` is the story of the embedded post's own html, if it has one."""
    facts = Facts()
    _from_metadata(facts, data, stated)
    if post is not None:
        _from_post(facts, post, stated)
    _from_text(facts, data, story, stated)
    read = inner or story
    facts.related = visible.read_related(read, stated)
    _pictures(facts, post, story, inner, stated)
    return facts


def _from_metadata(facts: Facts, data: Metadata, stated: Stated) -> None:
    facts.state("title", "jsonld", _trimmed(data.said("headline"), data))
    facts.state("title", "meta", _trimmed(data.first("og:title", "twitter:title") or data.title, data))
    facts.state("published_at", "meta", read_moment(data.first("article:published_time")))
    facts.state("modified_at", "meta", read_moment(data.first("article:modified_time")))
    facts.state("tags", "meta", data.metas.get("article:tag", [])[:100])
    minutes = EST_MINUTES.match(data.first("twitter:data2") or "")
    facts.state("reading_minutes", "meta", int(minutes[1]) if minutes else None)
    facts.state("language", "html", data.language)
    if data.article is None:
        return
    facts.state("published_at", "jsonld", read_moment(data.article.get("datePublished")))
    facts.state("modified_at", "jsonld", read_moment(data.article.get("dateModified")))
    facts.state("language", "jsonld", data.said("inLanguage"))
    facts.state("tags", "jsonld", heads.keywords_of(data)[:100])
    section = data.article.get("articleSection")
    section = section[0] if isinstance(section, list) and section else section
    facts.state("kicker", "jsonld", data.plain(section) if isinstance(section, str) else None)
    facts.state("authors", "jsonld", [_jsonld_person(node, data, stated) for node in heads.people_of(data)])


def _trimmed(title: str | None, data: Metadata) -> str | None:
    return heads.without_site_name(title, data.site_name) if title else None


def _jsonld_person(node: dict[str, Any], data: Metadata, stated: Stated) -> items.Author:
    url = urls.absolute(node["url"], stated.url) if isinstance(node.get("url"), str) else None
    author = urls.author_url(url, stated.root) if url else None
    return items.Author(
        name=data.plain(node["name"]) or "",
        url=author,
        slug=urls.slug_of(author) if author else None,
        role=_text(node.get("jobTitle")),
        bio=_text(node.get("description")),
    )


def _text(value: Any) -> str | None:
    return (squash(value) or None) if isinstance(value, str) else None


def _from_post(facts: Facts, post: Post, stated: Stated) -> None:
    facts.state("title", "embedded", _text(post.get("title")))
    facts.state("subtitle", "embedded", _text(post.get("custom_excerpt")))
    facts.state("published_at", "embedded", read_moment(post.get("published_at")))
    facts.state("modified_at", "embedded", read_moment(post.get("updated_at")))
    minutes = post.get("reading_time")
    facts.state("reading_minutes", "embedded", minutes if isinstance(minutes, int) else None)
    facts.state("ghost_id", "embedded", _text(post.get("id")))
    facts.state("tags", "embedded", tag_names(post))
    primary = post.get("primary_tag")
    if isinstance(primary, dict) and not _internal(primary):
        facts.state("kicker", "embedded", _text(primary.get("name")))
    facts.state("authors", "embedded", _post_authors(post, stated))


def tag_names(post: Post) -> list[str]:
    """The public tags of a post, in order."""
    tags = post.get("tags")
    tags = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return [name for tag in tags if not _internal(tag) and (name := _text(tag.get("name")))]


def internal_tags(post: Post) -> set[str]:
    """The internal tags of a post, such as #vacancy."""
    tags = post.get("tags")
    tags = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return {(_text(tag.get("name")) or "").lower() for tag in tags if _internal(tag)}


def _internal(tag: dict[str, Any]) -> bool:
    return tag.get("visibility") == "internal" or str(tag.get("name", "")).startswith("#")


def _post_authors(post: Post, stated: Stated) -> list[items.Author]:
    people = post.get("authors")
    people = people if isinstance(people, list) and people else [post.get("primary_author")]
    found = []
    for person in people[:100]:
        name = _text(person.get("name")) if isinstance(person, dict) else None
        if name is None:
            continue
        url = _text(person.get("url"))
        address = urls.author_url(urls.absolute(url, stated.url) or "", stated.root) if url else None
        slug = _text(person.get("slug"))
        if address is None and slug and slug != "x":
            address = urls.author_url(f"{stated.root}/author/{slug}/", stated.root)
        found.append(
            items.Author(
                name=name,
                slug=urls.slug_of(address) if address else slug,
                url=address,
                role=_text(person.get("location")),
                bio=_text(person.get("bio")),
                photo=_text(person.get("profile_image")),
            )
        )
    return found


def _from_text(facts: Facts, data: Metadata, story: Story, stated: Stated) -> None:
    if story.headline is not None:
        around = [story.headline.tag, *(node.tag for node in story.headline.parent.ancestors())]
        facts.state("title", "h1" if "h1" in around else "visible", story.headline.text)
        facts.use({story.headline.index}, "headline")
    known = {words.fold(name) for source in facts.values.get("tags", {}).values() for name in source}
    known |= {words.fold(name) for name in facts.values.get("kicker", {}).values()} | words.KNOWN_TAGS
    tags, used = visible.read_tags(story, stated, known)
    facts.use(used, "kicker")
    facts.state("kicker", "visible", tags[0] if tags else None)
    facts.state("tags", "visible", tags)
    minutes, used = visible.read_reading_minutes(story)
    facts.use(used, "reading_time")
    facts.state("reading_minutes", "visible", minutes)
    published, modified, used = visible.read_dates(story)
    facts.use(used, "date")
    facts.state("published_at", "visible", published)
    facts.state("modified_at", "visible", modified)
    people, used = visible.read_byline(story, stated)
    facts.use(used, "byline")
    facts.state("authors", "byline", people)
    facts.people = visible.read_author_boxes(story, stated)
    facts.state("authors", "author_box", [items.Author(name=p.name, slug=p.slug, url=p.url) for p in facts.people])
    subtitle, used = visible.read_subtitle(story, set(facts.used))
    facts.use(used, "subtitle")
    facts.state("subtitle", "visible", subtitle)


def _pictures(facts: Facts, post: Post | None, story: Story, inner: Story | None, stated: Stated) -> None:
    images, captions = visible.read_images(story, stated)
    facts.state("images", "visible", images)
    facts.captions = captions
    if post is None or inner is None:
        return
    inner_images, inner_captions = visible.read_images(inner, stated)
    lead = _lead_image(post, stated)
    if lead is not None:
        text = html_text(post.get("feature_image_caption"))
        inner_captions = ([text] if text else []) + inner_captions
        inner_images = [lead, *inner_images]
    facts.captions = inner_captions
    facts.state("images", "embedded", inner_images)


def _lead_image(post: Post, stated: Stated) -> items.Image | None:
    source = _text(post.get("feature_image"))
    url = urls.absolute(source, stated.url) if source else None
    if url is None:
        return None
    caption, credit = visible.split_caption(html_text(post.get("feature_image_caption")) or "")
    alt = _text(post.get("feature_image_alt"))
    return items.Image(url=visible.original(url), alt=alt, caption=caption, credit=credit)


def html_text(value: Any) -> str | None:
    """A fragment of HTML as plain text; None when it says nothing."""
    if not isinstance(value, str) or not value.strip():
        return None
    if "<" not in value and "&" not in value:
        return squash(value) or None
    fragment: HtmlElement = fragment_fromstring(value.replace("\x00", ""), create_parent="div")
    return squash("".join(fragment.itertext())) or None
