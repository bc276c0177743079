"""A real Ghost server as counterpart: what is on its pages is what is read, and what a visitor can see is what is kept.

`pytest -m long tests/test_ghost.py`. The first run installs Ghost into .ghost/, which takes three minutes of one core.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from kicrawl import archive
from kicrawl.archive.models import Base, Moment
from kicrawl.boilerplate import strip
from kicrawl.loaders import load_article, load_author
from kicrawl.page import Page, read_page
from kicrawl.page.feed import read_feed
from tests.ghost import AUTHORS, Asked, CannotInstall, Post, Site, compare, serve
from tests.running import Ended, run

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def ghost() -> Iterator[Site]:
    """The server, with three sitemap files of posts."""
    try:
        with serve(sitemap_size=100) as site:
            yield site
    except CannotInstall as error:
        pytest.skip(f"no Ghost server: {error}")


# Reading


def read(site: Site, path: str) -> Page:
    """A page as kicrawl reads it."""
    _, headers, body = site.get(path)
    return read_page(body, site.root + path, headers.get("content-type"), root=site.root)


def walk(site: Site, path: str) -> list[Page]:
    """The pages of a list, from the first to the last."""
    pages = [read(site, path)]
    while pages[-1].next_url:
        pages.append(read(site, pages[-1].next_url.removeprefix(site.root)))
    return pages


@pytest.fixture(scope="module")
def pages(ghost: Site) -> dict[str, Page]:
    """The page of every story that a visitor can see, by slug."""
    return {post.slug: read(ghost, f"/{post.slug}/") for post in ghost.visible}


@pytest.fixture(scope="module")
def readings(pages: dict[str, Page]) -> dict[str, dict[str, Any]]:
    """What these pages say, field by field."""
    return {slug: compare.read(strip(load_article(page))) for slug, page in pages.items()}


@pytest.mark.parametrize("name", compare.FIELDS)
def test_every_page_is_read_as_the_newsroom_wrote_it(
    ghost: Site, readings: dict[str, dict[str, Any]], name: str
) -> None:
    wrong = [line for post in ghost.visible for line in compare.differences(readings[post.slug], ghost, post, name)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_page_of_a_story_is_taken_for_one_and_no_other_page(ghost: Site, pages: dict[str, Page]) -> None:
    assert [slug for slug, page in pages.items() if page.kind != "story"] == []
    others = ["/about/", "/team/", "/", "/news-archive/", "/tag/war/", "/author/maren-okafor/", "/no-such-story/"]
    others += ["/draft-that-must-stay-hidden/", "/scheduled-that-must-stay-hidden/", "/letter-that-must-stay-hidden/"]
    assert [path for path in others if read(ghost, path).kind == "story"] == []


def test_the_list_leads_through_all_its_pages_with_titles_and_times(ghost: Site) -> None:
    cards = [card for page in walk(ghost, "/news-archive/") for card in page.cards]
    listed = [post for post in ghost.visible if "news-feed" in post.tags]
    assert [(card.url, card.title) for card in cards] == [(ghost.url(post), post.title) for post in listed]
    assert [card.published_at for card in cards] == [post.published_at for post in listed]


def test_the_feed_holds_the_newest_stories(ghost: Site) -> None:
    _, _, body = ghost.get("/news-archive/rss/")
    entries = read_feed(body, f"{ghost.root}/news-archive/rss/", root=ghost.root)
    newest = [post for post in ghost.visible if "news-feed" in post.tags][:15]
    facts = [compare.expected(ghost, post) for post in newest]
    assert [entry.url for entry in entries] == [ghost.url(post) for post in newest]
    assert [(e.title, e.published_at, e.tags) for e in entries] == [
        (fact["title"], fact["published_at"], fact["tags"]) for fact in facts
    ]
    assert [entry.byline for entry in entries] == [fact["authors"][0][0] for fact in facts]
    assert all(entry.ghost_id and entry.html for entry in entries)


@pytest.mark.parametrize("slug", AUTHORS)
def test_an_authors_pages_show_the_profile_and_every_story(ghost: Site, slug: str) -> None:
    pages, person = walk(ghost, f"/author/{slug}/"), AUTHORS[slug]
    author = load_author(pages[0])
    assert (author.name, author.role, author.bio) == (person["name"], person["role"], person.get("bio"))
    assert bool(author.photo) == person.get("picture", True)
    assert len(author.links) == sum(name in person for name in ("website", "twitter", "facebook"))
    assert [card.url for page in pages for card in page.cards] == [
        ghost.url(post) for post in ghost.visible if slug in post.authors
    ]


def test_the_times_of_other_stories_are_never_taken(ghost: Site) -> None:
    story = ghost.find("updated-long-after-publication")
    source = ghost.get(f"/{story.slug}/")[2].decode()
    for stating in (
        r'<meta property="article:\w+_time"[^>]*>',
        r'<script type="application/ld.*?</script>',
        r'<div class="c-post__meta.*?</div>',
    ):
        source = re.sub(stating, "", source, flags=re.S)
    article = load_article(read_page(source, ghost.url(story), root=ghost.root))
    assert (article.title, article.published_at, article.modified_at) == (story.title, None, None)


def test_a_sidebar_before_the_story_changes_nothing(ghost: Site, readings: dict[str, dict[str, Any]]) -> None:
    posts = [post for post in ghost.visible if post.published_at.year == 2024][-30:] + ghost.visible[:10]
    ghost.put_sidebar_first()
    try:
        moved = {post.slug: read(ghost, f"/{post.slug}/") for post in posts}
    finally:
        ghost.restore()
    found = {slug: compare.read(strip(load_article(page))) for slug, page in moved.items()}
    assert found == {post.slug: readings[post.slug] for post in posts}


# Crawling


@dataclass
class Archived:
    """What a run left behind."""

    folder: Path
    ended: Ended
    requests: list[Asked]
    stories: dict[str, dict[str, Any]]  # by slug, as `kicrawl export` writes them
    revisions: list[dict[str, Any]] = field(default_factory=list)


Crawl = Callable[..., Archived]


@pytest.fixture(scope="module")
def crawl(ghost: Site, pytestconfig: pytest.Config) -> Crawl:
    """Makes one run of a spider into the archive of a folder; prints how many requests it took."""
    capturing = pytestconfig.pluginmanager.getplugin("capturemanager")

    def crawl(spider: str, folder: Path, *arguments: str) -> Archived:
        ghost.forget()
        ended = run("crawl", spider, *arguments, folder=folder, database_url=archive_in(folder), root=ghost.root)
        requests = ghost.log
        with capturing.global_and_fixture_disabled():
            print(f"\n{spider}: {len(requests)} requests, exit code {ended.code}: {ended.out.strip()}")
        others = [line for line in ended.err.splitlines() if "The site has changed" not in line]
        assert (ended.code, others) == (0, []), ended.err
        stories = {row["slug"]: row for row in export(folder, "article")}
        return Archived(folder, ended, requests, stories, export(folder, "revision"))

    return crawl


def archive_in(folder: Path) -> str:
    return f"sqlite:///{folder}/kicrawl.db"


def export(folder: Path, table: str) -> list[dict[str, Any]]:
    ended = run("export", "--table", table, "--format", "jsonl", folder=folder, database_url=archive_in(folder))
    assert ended.code == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def stored(row: dict[str, Any]) -> dict[str, Any]:
    """An exported story with the fields that `compare` knows."""
    return {
        **{name: row[name] for name in ("title", "subtitle", "kicker", "tags", "access", "captions")},
        "authors": [(author["name"], author["slug"]) for author in row["authors"]],
        "roles": [(author["role"], author["bio"]) for author in row["authors"]],
        "published_at": moment(row["published_at"]),
        "modified_at": moment(row["modified_at"]),
        "body": row["body"].split("\n\n") if row["body"] else [],
        "images": [image["url"] for image in row["images"]],
        "related": [related["url"] for related in row["related"]],
        "links": [(link["url"], link["text"]) for link in row["links"]],
    }


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def wrong_fields(site: Site, posts: list[Post], stories: dict[str, dict[str, Any]], names: list[str]) -> list[str]:
    """What of these posts is stored otherwise than the newsroom wrote it."""
    kept = [(post, stored(stories[post.slug])) for post in posts if post.slug in stories]
    return [line for post, row in kept for name in names for line in compare.differences(row, site, post, name)]


@pytest.fixture(scope="module")
def crawled(crawl: Crawl, tmp_path_factory: pytest.TempPathFactory) -> Archived:
    """A first run against the site as it was seeded."""
    return crawl("archive", tmp_path_factory.mktemp("crawled"))


@pytest.fixture(scope="module")
def visible(ghost: Site) -> list[Post]:
    """The stories that must be stored. One of them is in no sitemap, because it names an address elsewhere."""
    return ghost.visible


def test_exactly_the_stories_that_a_visitor_can_see_are_stored(crawled: Archived, visible: list[Post]) -> None:
    assert set(crawled.stories) == {post.slug for post in visible}


@pytest.mark.parametrize("name", compare.FIELDS)
def test_every_story_is_stored_as_the_newsroom_wrote_it(
    ghost: Site, crawled: Archived, visible: list[Post], name: str
) -> None:
    wrong = wrong_fields(ghost, visible, crawled.stories, [name])
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_page_is_asked_for_twice_and_none_that_visitors_do_not_see(crawled: Archived, visible: list[Post]) -> None:
    paths = [asked.path for asked in crawled.requests]
    assert sorted(paths) == sorted(set(paths))
    assert {f"/{post.slug}/" for post in visible} <= set(paths)
    assert not [path for path in paths if "stay-hidden" in path or path.startswith("/email/")]


@pytest.fixture(scope="module")
def again(crawl: Crawl, crawled: Archived) -> Archived:
    """The second newsfeed run after it, with nothing new on the site."""
    crawl("newsfeed", crawled.folder)
    return crawl("newsfeed", crawled.folder)


def test_a_run_with_nothing_new_changes_no_story(crawled: Archived, again: Archived) -> None:
    looks = {"last_seen_at"}
    assert [without(row, looks) for row in again.stories.values()] == [
        without(row, looks) for row in crawled.stories.values()
    ]
    assert again.revisions == []


def without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_a_list_or_feed_that_did_not_change_is_not_sent_again(again: Archived) -> None:
    answers = {asked.path: asked.status for asked in again.requests}
    assert answers["/news-archive/rss/"] == 304
    assert answers.get("/news-archive/", 304) == 304


def test_no_story_is_taken_for_a_copy_of_another(crawled: Archived) -> None:
    assert {slug: row["duplicate_of"] for slug, row in crawled.stories.items() if row["duplicate_of"]} == {}


def test_the_authors_pages_are_read_to_their_ends(ghost: Site, crawl: Crawl, crawled: Archived) -> None:
    crawl("authors", crawled.folder, "-a", f"author={','.join(AUTHORS)}")
    written = {slug: [ghost.url(post) for post in ghost.visible if slug in post.authors] for slug in AUTHORS}
    kept = {row["slug"]: row for row in export(crawled.folder, "author")}
    assert {slug: [card["url"] for card in kept[slug]["stories"]] for slug in AUTHORS} == written
    assert {slug: (kept[slug]["role"], kept[slug]["bio"]) for slug in AUTHORS} == {
        slug: (person["role"], person.get("bio")) for slug, person in AUTHORS.items()
    }


def test_a_plan_says_in_few_requests_what_archive_would_take(crawl: Crawl, visible: list[Post], tmp_path: Path) -> None:
    plan = crawl("archive", tmp_path, "-a", "plan=1")
    assert len(plan.requests) < 20
    assert plan.stories == {}
    estimated = re.search(r"([\d,]+) stories", plan.ended.out)
    assert estimated, plan.ended.out
    assert abs(int(estimated[1].replace(",", "")) - len(visible)) <= 0.05 * len(visible)


def test_stories_published_during_a_run_are_stored_by_the_end_of_the_next(
    ghost: Site, crawl: Crawl, tmp_path: Path
) -> None:
    ghost.forget()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(crawl, "newsfeed", tmp_path)
        published = []
        for number in range(3):
            await_requests(ghost, 40 * (number + 1))
            published.append(ghost.publish(f"Tram number {number} is late in Kelmburg"))
        running.result()
    following = crawl("newsfeed", tmp_path)
    listed = {post.slug for post in ghost.visible if "news-feed" in post.tags}
    ghost.restore()
    assert {post.slug for post in published} < listed <= set(following.stories)
    assert following.revisions == []


def await_requests(site: Site, count: int) -> None:
    """Waits until visitors have asked for so many pages."""
    deadline = time.monotonic() + 120
    while len(site.log) < count:
        assert time.monotonic() < deadline, f"only {len(site.log)} of {count} requests in two minutes"


# Changes


@dataclass
class Followed:
    """What the newsroom changed after a first run, and what the runs after it made of that."""

    published: list[Post]
    edited: list[Post]
    before_edits: dict[str, str]  # slug -> body
    retitled: Post
    old_slug: str
    unpublished: list[Post]
    changed_between: tuple[datetime, datetime]
    first: Archived
    next: Archived
    a_day_later: Archived


@pytest.fixture(scope="module")
def followed(ghost: Site, crawl: Crawl, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """A first run, changes in the newsroom, a newsfeed run, and another one a day later."""
    folder = tmp_path_factory.mktemp("followed")
    ghost.restore()
    first = crawl("archive", folder)
    posts = [post for post in ghost.visible if "news-feed" in post.tags and post.access == "public"]
    begun = datetime.now(UTC) - timedelta(seconds=1)  # Ghost keeps whole seconds
    published = [ghost.publish(f"Ferry number {n} returns to Port Elden") for n in range(1, 6)]
    before = {post.slug: first.stories[post.slug]["body"] for post in posts[2:5]}
    edited = [ghost.edit(slug, append=f"Update: line {n} was added.") for n, slug in enumerate(before)]
    old = replace(posts[7])
    retitled = ghost.retitle(old.slug, "A headline that the newsroom has changed", new_slug="a-changed-headline")
    gone = [ghost.unpublish(post.slug) for post in posts[10:12]]
    ended = datetime.now(UTC) + timedelta(seconds=1)
    following = crawl("newsfeed", folder)
    let_a_day_pass(archive_in(folder))
    later_on = crawl("newsfeed", folder)
    ghost.restore()
    return Followed(
        published, edited, before, retitled, old.slug, gone, (begun, ended), first, following, later_on
    )  # fmt: skip


def let_a_day_pass(database_url: str) -> None:
    """Make everything that the archive has seen or done 25 hours older. What the publisher states stays."""
    engine = archive.connect(database_url)
    day = timedelta(hours=25)
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        columns = [
            c for c in table.columns if isinstance(c.type, Moment) and c.name not in ("published_at", "modified_at")
        ]
        with engine.begin() as connection:
            for row in connection.execute(table.select()).mappings().all():
                older = {column.name: row[column.name] - day for column in columns if row[column.name]}
                key = [column == row[column.name] for column in table.primary_key]
                if older:
                    connection.execute(update(table).where(*key).values(**older))
    engine.dispose()


def test_one_newsfeed_run_stores_what_was_published_and_edited(ghost: Site, followed: Followed) -> None:
    names = [name for name in compare.FIELDS if name not in ("kicker", "roles")]
    changed = followed.published + followed.edited
    assert {post.slug for post in changed} <= set(followed.next.stories)
    wrong = wrong_fields(ghost, changed, followed.next.stories, names)
    assert not wrong, "\n" + "\n".join(wrong)


def test_an_edited_story_has_its_old_text_as_a_revision_whose_bounds_hold_the_moment(followed: Followed) -> None:
    revisions = {row["url"].rstrip("/").rsplit("/", 1)[-1]: row for row in followed.next.revisions}
    assert {slug: revisions[slug]["body"] for slug in followed.before_edits} == followed.before_edits
    begun, ended = followed.changed_between
    for slug in followed.before_edits:
        revision = revisions[slug]
        seen_from, seen_until = moment(revision["seen_from"]), moment(revision["seen_until"])
        assert seen_from is not None
        assert seen_until is not None
        assert seen_from < begun < ended < seen_until + timedelta(seconds=1)
        assert revision["cause"] == "edited"


def test_a_story_with_a_new_slug_is_one_story(followed: Followed) -> None:
    kept = {followed.old_slug, followed.retitled.slug} & set(followed.a_day_later.stories)
    assert len(kept) == 1
    row = followed.a_day_later.stories[kept.pop()]
    assert (row["title"], row["gone_at"]) == (followed.retitled.title, None)


def test_unpublished_stories_are_gone_after_the_second_look_and_keep_their_text(followed: Followed) -> None:
    slugs = [post.slug for post in followed.unpublished]
    assert [followed.next.stories[slug]["gone_at"] for slug in slugs] == [None, None]
    assert all(followed.a_day_later.stories[slug]["gone_at"] for slug in slugs)
    assert [followed.a_day_later.stories[slug]["body"] for slug in slugs] == [
        followed.first.stories[slug]["body"] for slug in slugs
    ]


def test_nothing_else_has_changed(followed: Followed) -> None:
    changed = {post.slug for post in followed.edited} | {followed.old_slug, followed.retitled.slug}
    revised = {row["url"].rstrip("/").rsplit("/", 1)[-1] for row in followed.a_day_later.revisions}
    assert revised <= changed
    gone = {slug for slug, row in followed.a_day_later.stories.items() if row["gone_at"]}
    assert gone == {post.slug for post in followed.unpublished}


def test_following_the_changes_takes_few_requests(followed: Followed) -> None:
    """Feed, lists and sitemaps, what is new or edited, and at most 60 stories that are due."""
    others = [asked for asked in followed.next.requests if not asked.path.startswith("/author/")]
    assert len(others) <= 15 + 5 + 3 + 60
