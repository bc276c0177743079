"""What the Ghost server holds: its posts, and what a visitor must find of each."""

import html
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from . import cards
from .cards import Piece

POSTS = 300
SEED = 7
NEWEST = datetime(2025, 6, 30, 18, 0, tzinfo=UTC)
OLDEST = datetime(2024, 1, 3, 8, 0, tzinfo=UTC)

TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
AUTHORS: dict[str, dict[str, Any]] = {author["slug"]: author for author in TEXTS["author"]}
TAGS: dict[str, dict[str, Any]] = {tag["slug"]: tag for tag in TEXTS["tag"]}


@dataclass(kw_only=True)
class Post:
    """A post or a page of the server."""

    slug: str
    title: str
    pieces: list[Piece] = field(default_factory=list)
    published_at: datetime = OLDEST
    updated_at: datetime = OLDEST
    authors: list[str] = field(default_factory=list)  # slugs, in order
    tags: list[str] = field(default_factory=list)  # slugs, in order; a visitor sees none that begins with hash-
    excerpt: str | None = None
    picture: str | None = None  # file name
    picture_caption: str | None = None
    kind: str = "post"  # or page
    status: str = "published"  # or draft, scheduled, sent: a letter that is on no page
    access: str = "public"  # or members, paid
    more: dict[str, Any] = field(default_factory=dict)  # other fields of Ghost's

    @property
    def visible(self) -> bool:
        """Whether it is a story that a visitor of the site can see."""
        return self.kind == "post" and self.status == "published"

    @property
    def shown(self) -> list[Piece]:
        """The pieces that a visitor without an account can read: all, those before the paywall, or none."""
        if self.access == "public":
            return self.pieces
        walls = [place for place, piece in enumerate(self.pieces) if piece.node["type"] == "paywall"]
        return self.pieces[: walls[0]] if walls else []

    @property
    def paragraphs(self) -> list[str]:
        """The texts of the story that a visitor can read."""
        return [text for piece in self.shown for text in piece.story if text]

    @property
    def either(self) -> set[str]:
        """Texts that may be counted to the story or not."""
        return {text for piece in self.shown for text in piece.either}

    @property
    def shows_head(self) -> bool:
        """Whether kicker and lead picture are shown: one template has neither."""
        return "custom_template" not in self.more

    @property
    def captions(self) -> list[str]:
        """Captions in page order."""
        lead = [self.picture_caption] if self.shows_head else []
        return [caption for caption in [*lead, *(piece.caption for piece in self.shown)] if caption]

    @property
    def pictures(self) -> list[str]:
        """File names of the pictures on the page, in order; one has an address elsewhere."""
        lead = [self.picture] if self.shows_head else []
        return [name for name in [*lead, *(name for piece in self.shown for name in piece.pictures)] if name]

    @property
    def related(self) -> list[str]:
        """Slugs of the stories that its bookmarks lead to."""
        return [piece.related for piece in self.shown if piece.related]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Addresses and words of the links in its paragraphs."""
        return [piece.link for piece in self.shown if piece.link]


class Words(random.Random):
    """Sentences made of the invented newsroom's words."""

    def any(self, name: str) -> str:
        return self.choice(TEXTS[name])

    def sentence(self) -> str:
        kind = self.random()
        if kind < 0.55:
            text = f"{self.any('who')} in {self.any('places')} {self.any('did')} {self.any('why')}."
            return text[0].upper() + text[1:]
        if kind < 0.85:
            text = self.any("also")
            return text.format(n=self.randint(2, 990), h=self.randint(0, 23), m=self.randint(0, 59))
        return self.quote()

    def quote(self) -> str:
        text = self.any("quotes")
        return text.format(who=self.any("people"))

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.randint(2, 5)))

    def credit(self) -> str:
        return f"(Photo by {self.any('people')} via Getty Images)"


def write_posts(count: int = POSTS, seed: int = SEED) -> list[Post]:
    """So many posts and four pages, oldest first; the same for the same seed."""
    newsroom = Newsroom(seed)
    newsroom.write_oddities()
    newsroom.write_gated()
    newsroom.write_hidden()
    newsroom.write_pages()
    newsroom.write_bulk(count)
    return newsroom.posts


class Newsroom:
    """Writes posts one after the other; later ones lead to earlier ones."""

    def __init__(self, seed: int) -> None:
        self.words = Words(seed)
        self.posts: list[Post] = []
        self.slugs: set[str] = set()
        self.days = (OLDEST + timedelta(hours=7 * number, minutes=13) for number in range(10**6))

    def add(self, title: str, pieces: list[Piece], authors: str, tags: str = "", **facts: Any) -> None:
        """A post of these authors and tags (slugs between spaces), seven hours after the one before."""
        more = facts.pop("more", {})
        when = facts.pop("published_at", None) or next(self.days)
        facts.setdefault("updated_at", when)
        scene = f"{self.words.any('scenes')} in {self.words.any('places')} on {when:%B} {when.day}, {when.year}."
        caption = f"{scene} {self.words.credit()}"
        pictured = facts.pop("pictured", True)
        post = Post(
            slug=self.free_slug(facts.pop("slug", "") or slug_of(title) or f"post-{len(self.posts)}"),
            title=title,
            pieces=pieces,
            published_at=when,
            authors=authors.split(),
            tags=tags.split(),
            picture=self.photo(0) if pictured else None,
            picture_caption=caption if pictured else None,
            more=more,
            **facts,
        )
        self.posts.append(post)

    def photo(self, first: int) -> str:
        """One of twelve; those in bodies are others than those above them."""
        return f"photo-{first + self.words.randrange(12):02d}.png"

    def free_slug(self, slug: str) -> str:
        """The slug, numbered as Ghost does where it is taken."""
        free = next(name for name in [slug, *(f"{slug}-{n}" for n in range(2, 99))] if name not in self.slugs)
        self.slugs.add(free)
        return free

    def body(self, paragraphs: int, *, rich: bool = False) -> list[Piece]:
        """So many paragraphs with a link and a bookmark; a rich one with every piece that features have."""
        pieces = [cards.paragraph(self.words.paragraph())]
        for place in range(1, paragraphs - 1):
            pieces += self.passage(place, rich)
        pieces.append(cards.paragraph(f"The desk files this item under reference LB-{len(self.posts):05d}."))
        return pieces

    def passage(self, place: int, rich: bool) -> Iterator[Piece]:
        """A paragraph and what stands after it."""
        number, words = len(self.posts), self.words
        text = words.paragraph()
        if place == 2:
            url = f"https://records.example.org/{number}?a=1&b=2"
            yield cards.linking(f"{text} See ", words.any("links"), url, " for details.")
        else:
            yield cards.emphasized(text) if place == 3 else cards.paragraph(text)
        if rich:
            yield from self.trimmings(place)
        if place == 1 and number > 3 and words.random() < 0.7:
            yield self.bookmark()
        if rich and place == 7:
            yield cards.youtube(f"demo{number:07d}", f"Explainer {number}")
        if rich and place == 8:
            yield cards.callout("Editor's note: the council's figures changed twice while this was written.")
        if place == 3 and number % 5 == 0:
            yield cards.furniture("signup")

    def trimmings(self, place: int) -> Iterator[Piece]:
        words = self.words
        if place % 4 == 2:
            yield cards.heading(words.any("headings"), "h2" if place % 8 == 2 else "h3")
        if place == 4:
            name = self.photo(12)
            caption = f"A view of {words.any('places')}. {words.credit()}"
            yield cards.image(name, caption, words.choice(["regular", "wide", "full"]))
        if place == 5:
            yield cards.quote(words.quote())
        if place == 6:
            yield cards.items([words.sentence() for _ in range(3)], words.choice(["ul", "ol"]))

    def bookmark(self) -> Piece:
        post = self.words.choice([post for post in self.posts if post.visible])
        excerpt = (post.paragraphs or ["…"])[0][:140]
        return cards.bookmark(post.slug, post.title, excerpt, AUTHORS[post.authors[0]]["name"])

    def write_oddities(self) -> None:
        """Posts that are odd each in its own way."""
        for title in TEXTS["odd_titles"]:
            self.add(title, self.body(4), "halyna-sample", "culture")
        self.add(
            "All cards on one page", self.every_card(), "jonas-petterand yuki-tarrow", "explaining video hash-longread",
            slug="all-cards",
        )  # fmt: skip
        self.add("Legacy body kept in one HTML card", [self.legacy()], "news-desk", "news-feed")
        self.add("Empty body", [cards.paragraph("")], "news-desk", "news-feed", pictured=False)
        self.add("No tags and no picture", self.body(3), "ostap-minder", pictured=False)
        for _ in range(2):
            self.add("Same headline twice", self.body(4), "news-desk", "news-feed war")
        three = "maren-okafor teodor-lysenko-vale ines-varga"
        self.add("Three writers, one story", self.body(6), three, "investigations business")
        later = NEWEST + timedelta(days=3)
        self.add("Updated long after publication", self.body(6), "news-desk", "news-feed", updated_at=later)
        elsewhere = {"canonical_url": "https://partner.example.org/original-story/"}
        self.add("Canonical lives elsewhere", self.body(6), "amira-solt", "opinion", more=elsewhere)
        self.add("Search title differs", self.body(6), "ines-varga", "business", more=OTHER_TITLES)
        self.add("Second JSON-LD block", self.body(6), "ines-varga", "business", more=SECOND_JSONLD)
        later, live = OLDEST + timedelta(days=40), {"custom_template": "custom-live"}
        self.add("Live: council session", self.body(10), "news-desk", "politics", updated_at=later, more=live)

    def every_card(self) -> list[Piece]:
        """A feature with every card that Ghost's editor has."""
        pieces = self.body(14, rich=True)
        pieces[3:3] = [
            cards.toggle("What is a toggle?", "The answer that a toggle card hides."),
            cards.furniture("signup"),
            cards.pasted(WIDGET, either=("Text of a widget.",)),
            cards.furniture("tweet"),
            cards.furniture("rule"),
            cards.aside("A pull quote set as an aside."),
            cards.furniture("button"),
            cards.markdown(
                MARKDOWN, "Markdown card with a link", "one", "two", link=("https://md.example.org/", "link")
            ),
            cards.code("print('hello')"),
            cards.gallery(["photo-12.png", "photo-14.png", "photo-16.png"], "Three views"),
            cards.furniture("file"),
            cards.furniture("audio"),
            cards.furniture("video"),
            cards.furniture("product"),
            cards.furniture("header", "Header card", "with a sub-line"),
            cards.furniture("call-to-action"),
            cards.furniture("email"),
            cards.furniture("email-cta"),
        ]
        return pieces

    def legacy(self) -> Piece:
        """A body brought over from an older system, pasted whole."""
        texts = [self.words.paragraph() for _ in range(4)]
        source = "".join(f"<p>{html.escape(text)}</p>\n" for text in texts) + OLD_FIGURE
        return cards.pasted(source, *texts, caption="Old caption", pictures=(OLD_PICTURE,))

    def write_gated(self) -> None:
        """Posts for members and for paying members, with and without a part for everybody."""
        for access in ("members", "paid"):
            for intro in (True, False):
                pieces = self.body(8)
                if intro:
                    cut = next(n for n in range(3, len(pieces)) if pieces[n].node["type"] == "paragraph")
                    pieces.insert(cut, cards.furniture("paywall"))
                title = f"For {access} readers {'with a free intro' if intro else 'only'}"
                self.add(title, pieces, "devlin-marsh", "investigations", access=access)

    def write_hidden(self) -> None:
        """Posts that no visitor may see."""
        draft, scheduled, sent = (f"{name} that must stay hidden" for name in ("Draft", "Scheduled", "Letter"))
        self.add(draft, self.body(5), "devlin-marsh", "investigations", status="draft")
        far = datetime(2037, 1, 1, 6, 0, tzinfo=UTC)
        self.add(scheduled, self.body(5), "devlin-marsh", "news-feed", status="scheduled", published_at=far)
        self.add(sent, self.body(5), "lea-fontane", "explaining", status="sent")

    def write_pages(self) -> None:
        """Pages that are not stories."""
        for slug, title in (
            ("about", "About us"),
            ("support", "Support us"),
            ("team", "The team"),
            ("contact", "Contact"),
        ):
            facts = {"kind": "page", "slug": slug, "pictured": False, "published_at": OLDEST}
            self.add(title, self.body(3), "news-desk", **facts)

    def write_bulk(self, count: int) -> None:
        """Ordinary posts up to so many: seven short ones, two features, and an opinion or a video in ten."""
        first = OLDEST + timedelta(days=30)
        missing = count - sum(post.kind == "post" for post in self.posts)
        for number in range(missing):
            part = ((number + 1) / missing) ** 0.6
            self.write_ordinary(number, first + timedelta(seconds=int((NEWEST - first).total_seconds() * part)))

    def write_ordinary(self, number: int, when: datetime) -> None:
        words = self.words
        title = self.headline(number)
        facts: dict[str, Any] = {"published_at": when}
        if words.random() < 0.35:
            facts["updated_at"] = when + timedelta(minutes=words.randint(3, 2880))
        if number % 10 < 7:
            body = self.body(words.randint(2, 6))
            author = "news-desk" if words.random() < 0.5 else words.choice(list(AUTHORS)[1:10])
            self.add(title, body, author, f"news-feed {words.any('topics')}", **facts)
        elif number % 10 < 9:
            body = self.body(words.randint(12, 24), rich=True)
            authors = words.sample(list(AUTHORS)[1:], words.choice([1, 1, 2]))
            facts |= {"excerpt": words.sentence()[:290]}
            self.add(f"Feature: {title}", body, " ".join(authors), f"{words.any('topics')} hash-longread", **facts)
        elif words.random() < 0.5:
            self.add(f"Opinion: {title}", self.body(8, rich=True), "amira-solt", "opinion", **facts)
        else:
            clip = cards.youtube(f"clip{number:07d}", title)
            self.add(f"Video: {title}", [clip, *self.body(8)], "jonas-petterand", "video", **facts)

    def headline(self, number: int) -> str:
        words = self.words
        subject = re.sub(r"^(the|a) ", "", words.any("who"))
        title = f"{subject[0].upper()}{subject[1:]} {words.any('did')} in {words.any('places')}"
        return f"{title}, report {number}" if words.random() < 0.4 else title


OTHER_TITLES = {
    "meta_title": "META: different title",
    "meta_description": "META: description",
    "og_title": "OG: different title",
    "og_description": "OG: description",
    "twitter_title": "TW: different title",
}
SECOND_JSONLD = {
    "codeinjection_head": '<script type="application/ld+json">{"@context":"https://schema.org",'
    '"@type":"VideoObject","name":"Injected","uploadDate":"2024-01-01"}</script>'
}
WIDGET = '<div class="live-widget" data-widget="counter"><script>window.__w = 1;</script><p>Text of a widget.</p></div>'
MARKDOWN = "**Markdown** card with a [link](https://md.example.org/)\n\n1. one\n2. two"
OLD_PICTURE = "https://old.example.org/wp-content/uploads/x.jpg"
OLD_FIGURE = (
    f'<figure class="wp-block-image"><img src="{OLD_PICTURE}" alt=""><figcaption>Old caption</figcaption></figure>'
)


def slug_of(title: str) -> str:
    """The slug that Ghost makes of a title without letters beyond ASCII."""
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9]+", "-", title.lower())).strip("-")[:150]
