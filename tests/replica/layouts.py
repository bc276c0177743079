"""From a story to the page a visitor gets: chooses the layout, gathers what its templates show, renders them."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from .expected import picture_caption, picture_url
from .markup import inline_html, plain
from .stories import Author, Story

FOLDER = Path(__file__).parent
People = Mapping[str, Author]  # by slug
KYIV = ZoneInfo("Europe/Kyiv")
LAYOUTS = ("A", "B", "C", "mixed", "scrambled")
BANNER = "<!--replica-banner-->"  # the server puts a campaign here, another one for each request
OUTLINED = 1024  # Next.js sends longer strings as rows of their own


@cache
def furniture() -> dict[str, Any]:
    """The texts around the stories (furniture.toml)."""
    return tomllib.loads((FOLDER / "furniture.toml").read_text(encoding="utf-8"))


@cache
def environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(FOLDER / "templates")
    env = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    env.filters |= {
        "kyiv": kyiv_time,
        "iso_z": iso_z,
        "iso_offset": lambda moment: moment.astimezone(KYIV).isoformat(timespec="seconds"),
        "js_date": js_date,
        "plain": plain,
        "inline": lambda text: Markup(inline_html(text)),
        "caption": picture_caption,
        "json": as_json,
        "slug": slug_of_tag,
    }
    env.globals |= {"furniture": furniture(), "BANNER": Markup(BANNER), "picture_url": picture_url}
    env.globals |= {
        "byline": lambda story, everyone: ", ".join(author.name for author in people(story, everyone)),
        "next_image": next_image,
    }
    return env


def kyiv_time(moment: datetime, upper: bool = True) -> str:
    """As layouts A and B print it: Kyiv time, `May 3, 2022 4:28 PM`."""
    local = moment.astimezone(KYIV)
    clock = f"{local:%B} {local.day}, {local.year} {local.hour % 12 or 12}:{local:%M %p}"
    return clock if upper else clock.replace("AM", "am").replace("PM", "pm")


def iso_z(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def js_date(moment: datetime) -> str:
    """As a browser prints a Date: the other form of data-archive-id."""
    return moment.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)")


def next_image(url: str, width: int = 1920) -> str:
    """The address under which Next.js serves a smaller copy."""
    return f"/_next/image?url={quote(url, safe='')}&w={width}&q=75"


def as_json(value: Any) -> Markup:
    """JSON for a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def slug_of_tag(name: str) -> str:
    return "-".join(name.replace("'", "").replace("#", "hash-").lower().split())


def choice(story: Story, name: str, options: tuple[str, ...]) -> str:
    """A choice that a story leaves open, always the same for the same slug."""
    return options[hashlib.sha256(f"{name} {story.slug}".encode()).digest()[0] % len(options)]


def people(story: Story, everyone: People) -> list[Author]:
    """The story's authors as they are now, in byline order."""
    return [everyone[slug] for slug in story.authors]


def render_story(story: Story, layout: str, root: str, others: list[Story], everyone: People) -> str:
    """A story's page. `others` are the newest stories of the site, which fill sidebars and payloads."""
    authors = people(story, everyone)
    neighbours = [other for other in others if other.slug != story.slug]
    variant = story.variant or choice(story, "variant", ("data", "chunks"))
    view = {
        "story": story,
        "authors": authors,
        "root": root,
        "url": f"{root}/{story.slug}/",
        "feed": neighbours[:6],
        "picks": neighbours[6:9],
        "more": neighbours[9:12],
        "variant": variant,
        "sidebar": story.sidebar or choice(story, "sidebar", ("before", "after")),
        "payload": payload(story, neighbours[:4], root, variant, everyone) if layout == "C" else "",
        "schema": SCHEMAS[layout](story, root, authors),
    }
    return environment().get_template(f"{layout}/story.html").render(view)


def render_list(layout: str, root: str, **view: Any) -> str:
    """A list of stories: title, path, previous, next, stories, everyone; with `author` an author's profile."""
    name = "author" if view.get("author") else "list"
    return environment().get_template(f"{layout}/{name}.html").render(view | {"root": root})


def render_page(
    layout: str, root: str, title: str, paragraphs: list[str], path: str, stories: Sequence[Story], everyone: People
) -> str:
    """A page of the site that is no story: about, 404. Some stories are shown below it."""
    view = {"root": root, "title": title, "paragraphs": paragraphs}
    view |= {"path": path, "stories": stories, "everyone": everyone}
    return environment().get_template(f"{layout}/page.html").render(view)


def render_banner(layout: str, number: int) -> str:
    """The campaign of a request. Its numbers are {n}, {m} and {k} still."""
    campaigns = furniture()["campaigns"]
    view = {"campaign": campaigns[number % len(campaigns)]}
    return environment().get_template(f"{layout}/banner.html").render(view)


@lru_cache(4000)
def body_html(story: Story, root: str) -> str:
    """The public part as the Ghost editor renders it: what feeds and embedded posts hold."""
    macros = environment().get_template("ghost/blocks.html").make_module({"root": root, "story": story})
    return str(macros.blocks(story.public_blocks)).strip()


# What machines are told: JSON-LD per layout.


def schema_of_a(story: Story, root: str, authors: list[Author]) -> dict[str, Any]:
    """Yoast's graph: one author, dates with offset."""
    url, person = f"{root}/{story.slug}/", f"{root}/#/schema/person/{story.id[:12]}"
    article = {
        "@type": "Article",
        "@id": f"{url}#article",
        "headline": plain(story.title),
        "datePublished": story.published.isoformat(),
        "dateModified": story.modified.isoformat(),
        "mainEntityOfPage": {"@id": url},
        "wordCount": story.words,
        "keywords": story.public_tags[1:],
        "articleSection": story.public_tags[:1],
        "inLanguage": "en-US",
    }
    graph: list[dict[str, Any]] = [article, {"@type": "WebPage", "@id": url, "url": url, "name": plain(story.title)}]
    for author in authors[:1]:
        article["author"] = {"name": author.name, "@id": person}
        about = {"name": author.name, "url": f"{root}/author/{author.slug}/", "description": author.bio or ""}
        graph.append({"@type": "Person", "@id": person} | about)
    return {"@context": "https://schema.org", "@graph": graph}


def schema_of_b(story: Story, root: str, authors: list[Author]) -> dict[str, Any]:
    """Ghost 5's: the first author, the others as contributors, every string HTML-escaped."""
    persons = [
        {"@type": "Person", "name": author.name, "url": f"{root}/author/{author.slug}/", "sameAs": list(author.links)}
        for author in authors
    ]
    schema: dict[str, Any] = {"@context": "https://schema.org", "@type": "Article"}
    schema |= {"author": persons[0]} if persons else {}
    schema |= {"contributor": persons[1:]} if persons[1:] else {}
    schema |= {
        "headline": story.meta_title or plain(story.title),
        "url": f"{root}/{story.slug}/",
        "datePublished": iso_z(story.published),
        "dateModified": iso_z(story.modified),
        "keywords": ", ".join(story.public_tags),
        "description": story.excerpt,
        "mainEntityOfPage": f"{root}/{story.slug}/",
    }
    if story.lead:
        schema["image"] = {"@type": "ImageObject", "url": picture_url(story.lead, story, root)}
    return escaped(schema)


def escaped(value: Any) -> Any:
    """Every string of a structure as Ghost 5 writes it into JSON-LD."""
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return escape(value, quote=True) if isinstance(value, str) else value


def schema_of_c(story: Story, root: str, authors: list[Author]) -> dict[str, Any]:
    """The front end's own: NewsArticle with all authors."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": plain(story.title),
        "datePublished": iso_z(story.published),
        "dateModified": iso_z(story.modified),
        "author": [
            {"@type": "Person", "name": author.name, "url": f"{root}/author/{author.slug}"} for author in authors
        ],
        "publisher": {"@type": "NewsMediaOrganization", "name": furniture()["site_name"]},
        "articleSection": story.kicker,
        "isAccessibleForFree": not story.gated,
    }


SCHEMAS = {"A": schema_of_a, "B": schema_of_b, "C": schema_of_c}


# What layout C embeds: the Ghost post, and other posts beside it.


def post(story: Story, root: str, everyone: People) -> dict[str, Any]:
    """A story as Ghost's Content API gives it."""
    authors = [ghost_author(author, root) for author in people(story, everyone)]
    tags = [{"name": tag, "slug": slug_of_tag(tag), "visibility": visibility(tag)} for tag in story.tags]
    return {
        "id": story.id,
        "uuid": f"{story.id[:8]}-{story.id[8:12]}-4{story.id[12:15]}-9{story.id[15:18]}-{story.id[:12]}",
        "title": story.title,
        "slug": story.slug,
        "html": body_html(story, root),
        "feature_image": picture_url(story.lead, story, root) if story.lead else None,
        "feature_image_alt": story.alt,
        "feature_image_caption": story.caption_html() or None,
        "visibility": "members" if story.gated else "public",
        "published_at": iso_z(story.published).replace("Z", "+00:00"),
        "updated_at": iso_z(story.modified).replace("Z", "+00:00"),
        "custom_excerpt": story.subtitle,
        "excerpt": story.excerpt,
        "tags": tags,
        "primary_tag": next((tag for tag in tags if tag["visibility"] == "public"), None),
        "authors": authors,
        "primary_author": authors[0] if authors else None,
        "reading_time": story.reading_minutes,
        "access": not story.gated,
        "url": f"{root}/{story.slug}/",
    }


def ghost_author(author: Author, root: str) -> dict[str, Any]:
    return {
        "name": author.name,
        "slug": author.slug,
        "profile_image": f"{root}/content/images/2025/01/{author.photo}" if author.photo else None,
        "bio": author.bio,
        "location": author.role,
        "url": f"{root}/author/{author.slug}/",
    }


def visibility(tag: str) -> str:
    return "internal" if tag.startswith("#") else "public"


def payload(story: Story, neighbours: list[Story], root: str, variant: str, everyone: People) -> Markup:
    """The scripts at the end of a page of layout C. The teasers' posts come first, as a trap."""
    props = {"newsFeed": [post(other, root, everyone) for other in neighbours], "post": post(story, root, everyone)}
    return next_data(props, story) if variant == "data" else next_chunks(props)


def next_data(props: dict[str, Any], story: Story) -> Markup:
    """The pages router: one JSON document."""
    page = {"props": {"pageProps": props}, "page": "/[slug]", "query": {"slug": story.slug}, "buildId": "replica"}
    return Markup('<script id="__NEXT_DATA__" type="application/json">{}</script>').format(as_json(page))


def next_chunks(props: dict[str, Any]) -> Markup:
    """The app router: rows of React's wire format, cut into pieces anywhere; long strings are rows of their own."""
    rows: list[str] = []
    tree = json.dumps(["$", "$L7", None, outlined(props, rows)], ensure_ascii=False, separators=(",", ":"))
    wire = f'0:["$","$L1",null,{{"buildId":"replica"}}]\n{"".join(rows)}5:{tree}\n'
    pieces = [wire[start : start + 1900] for start in range(0, len(wire), 1900)]
    pushes = [f"self.__next_f.push({as_json([1, piece])})" for piece in pieces]
    return Markup("".join(f"<script>{push}</script>" for push in ["self.__next_f=self.__next_f||[]", *pushes]))


def outlined(value: Any, rows: list[str]) -> Any:
    """The structure with its long strings moved to rows `<id>:T<bytes in hex>,<text>`."""
    if isinstance(value, dict):
        return {key: outlined(item, rows) for key, item in value.items()}
    if isinstance(value, list):
        return [outlined(item, rows) for item in value]
    if isinstance(value, str) and len(value) >= OUTLINED:
        name = f"{len(rows) + 16:x}"
        rows.append(f"{name}:T{len(value.encode()):x},{value}")
        return f"${name}"
    return value
