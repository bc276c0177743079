"""Which facts a page states of its story, in its head, in an embedded post and in its text."""

import re
from typing import Any

from kicrawl import items
from kicrawl.page import metadata as heads
from kicrawl.page.embedded import Post
from kicrawl.page.facts import Facts
from kicrawl.page.metadata import Metadata
from kicrawl.page.moments import read_moment
from kicrawl.page.post import html_text, lead_image, state_post, text_of
from kicrawl.page.shown.byline import read_byline
from kicrawl.page.shown.dates import read_dates, read_reading_minutes
from kicrawl.page.shown.head import read_subtitle
from kicrawl.page.shown.people import read_author_boxes
from kicrawl.page.shown.pictures import read_images
from kicrawl.page.shown.related import read_related
from kicrawl.page.shown.tags import read_tags
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.site import labels, urls, words

EST_MINUTES = re.compile(r"^(\d{1,3})\s+min(?:ute)?s?$")
MAX_TAGS = 100


def read_facts(data: Metadata, post: Post | None, story: Story, inner: Story | None, stated: Stated) -> Facts:
    """Everything the page states. `inner` is the story of the embedded post's own html, if it has one."""
    facts = Facts()
    _state_head(facts, data)
    _state_jsonld(facts, data, stated)
    if post is not None:
        state_post(facts, post, stated)
    _state_shown(facts, story, stated)
    facts.related = read_related(inner or story, stated)
    _state_pictures(facts, post, story, inner, stated)
    return facts


def _state_head(facts: Facts, data: Metadata) -> None:
    facts.state("title", "meta", _trimmed(data.first("og:title", "twitter:title") or data.title, data))
    facts.state("published_at", "meta", read_moment(data.first("article:published_time")))
    facts.state("modified_at", "meta", read_moment(data.first("article:modified_time")))
    facts.state(
        "tags", "meta", [name for tag in data.metas.get("article:tag", [])[:MAX_TAGS] if (name := data.plain(tag))]
    )
    minutes = EST_MINUTES.match(data.first("twitter:data2") or "")
    facts.state("reading_minutes", "meta", int(minutes[1]) if minutes else None)
    facts.state("language", "html", data.language)


def _state_jsonld(facts: Facts, data: Metadata, stated: Stated) -> None:
    if data.article is None:
        return
    facts.state("title", "jsonld", _trimmed(data.said("headline"), data))
    facts.state("published_at", "jsonld", read_moment(data.article.get("datePublished")))
    facts.state("modified_at", "jsonld", read_moment(data.article.get("dateModified")))
    facts.state("language", "jsonld", data.said("inLanguage"))
    facts.state("tags", "jsonld", heads.keywords_of(data)[:MAX_TAGS])
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
        role=text_of(node.get("jobTitle")),
        bio=text_of(node.get("description")),
    )


def _state_shown(facts: Facts, story: Story, stated: Stated) -> None:
    _state_headline(facts, story)
    _state_tags(facts, story, stated)
    minutes, used = read_reading_minutes(story)
    facts.use(used, "reading_time")
    facts.state("reading_minutes", "visible", minutes)
    published, modified, used = read_dates(story)
    facts.use(used, "date")
    facts.state("published_at", "visible", published)
    facts.state("modified_at", "visible", modified)
    _state_people(facts, story, stated)
    subtitle, used = read_subtitle(story, set(facts.used))
    facts.use(used, "subtitle")
    facts.state("subtitle", "visible", subtitle)


def _state_headline(facts: Facts, story: Story) -> None:
    if story.headline is not None:
        around = [story.headline.tag, *(node.tag for node in story.headline.parent.ancestors())]
        facts.state("title", "h1" if "h1" in around else "visible", story.headline.text)
        facts.use({story.headline.index}, "headline")


def _state_tags(facts: Facts, story: Story, stated: Stated) -> None:
    known = {words.fold(name) for source in facts.values.get("tags", {}).values() for name in source}
    known |= {words.fold(name) for name in facts.values.get("kicker", {}).values()} | labels.KICKERS
    tags, used = read_tags(story, stated, known)
    facts.use(used, "kicker")
    facts.state("kicker", "visible", tags[0] if tags else None)
    facts.state("tags", "visible", tags)


def _state_people(facts: Facts, story: Story, stated: Stated) -> None:
    people, used = read_byline(story, stated)
    facts.use(used, "byline")
    facts.state("authors", "byline", people)
    facts.people = read_author_boxes(story, stated, people)
    facts.state("authors", "author_box", [items.Author(name=p.name, slug=p.slug, url=p.url) for p in facts.people])


def _state_pictures(facts: Facts, post: Post | None, story: Story, inner: Story | None, stated: Stated) -> None:
    images, facts.captions = read_images(story, stated)
    facts.state("images", "visible", images)
    if post is None or inner is None:
        return
    images, facts.captions = read_images(inner, stated)
    lead = lead_image(post, stated)
    if lead is not None:
        images = [lead, *images]
        caption = html_text(post.get("feature_image_caption"))
        facts.captions = ([caption] if caption else []) + facts.captions
    facts.state("images", "embedded", images)
