"""What looks at stories, profiles and sightings leave behind in the archive."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import items
from kicrawl.archive import frontier, writing
from kicrawl.archive.models import (
    Alias,
    Article,
    ArticleAuthor,
    ArticleBoilerplate,
    ArticleTag,
    Author,
    AuthorRole,
    Base,
    Boilerplate,
    Frontier,
    Image,
    Link,
    Related,
    Revision,
    Sighting,
    Tag,
)
from kicrawl.archive.store import ENOUGH, Writer
from tests.archived import NOON, ROOT, banner, everything, hours, paragraph, rows, story, write

BANNER = "25,000 people chose to read about lighthouses — thank you."


def column(engine: Engine, model: type[Base], name: str) -> list[Any]:
    return [row[name] for row in rows(engine, model)]


def only(engine: Engine, model: type[Base]) -> dict[str, Any]:
    [row] = rows(engine, model)
    return dict(row)


def author(name: str = "Ann Example", **values: Any) -> items.Author:
    return items.Author(name=name, **values)


def profile(slug: str = "ann", name: str = "Ann Example", **values: Any) -> items.Author:
    return items.Author(**{"name": name, "slug": slug, "url": f"{ROOT}/author/{slug}/", "seen_at": NOON, **values})


# Stories


def test_a_story_seen_again_unchanged_only_moves_last_seen(engine: Engine) -> None:
    written = {"authors": [author(role="Keeper")], "tags": ["Sea"], "captions": ["A lamp."]}
    write(engine, story(blocks=[banner(BANNER), paragraph("It moved.")], **written))
    before = everything(engine)
    again = story(blocks=[banner("20,001 people laughed."), paragraph("It  moved.")], seen_at=hours(1), **written)
    assert write(engine, again) == ["article_unchanged"]
    after = everything(engine)
    before["article"] = [{**row, "last_seen_at": hours(1)} for row in before["article"]]
    assert after == before


def test_tags_and_times_change_silently(engine: Engine) -> None:
    write(engine, story(tags=["Sea", "Land"]))
    later = story(tags=["Land"], modified_at=hours(1), seen_at=hours(2))
    assert write(engine, later) == ["article_refreshed"]
    assert only(engine, Article)["modified_at"] == hours(1)
    assert len(rows(engine, ArticleTag)) == 1
    assert rows(engine, Revision) == []


def test_a_changed_text_keeps_the_old_one_with_the_bounds_of_the_change(engine: Engine) -> None:
    first = story(modified_at=hours(-1), authors=[author()], captions=["A lamp."])
    write(engine, first, story(authors=[author()], captions=["A lamp."], modified_at=hours(-1), seen_at=hours(1)))
    assert write(engine, story(title="Lighthouse returns", body="It moved back.", seen_at=hours(3))) == [
        "article_updated"
    ]
    old = only(engine, Revision)
    assert (old["number"], old["title"], old["body"]) == (
        1,
        "Lighthouse moves inland",
        "The lighthouse moved a mile inland on Monday.",
    )
    assert (old["captions"], old["authors"]) == (["A lamp."], ["Ann Example"])
    assert (old["seen_from"], old["seen_until"]) == (hours(1), hours(3))
    assert (old["modified_at"], old["cause"], old["reader_version"]) == (hours(-1), "edited", items.READER_VERSION)
    assert only(engine, Article)["body"] == "It moved back."


def test_five_edits_are_five_revisions_in_order(engine: Engine) -> None:
    write(engine, *[story(body=f"Version {number}.", seen_at=hours(number)) for number in range(6)])
    revisions = rows(engine, Revision)
    assert [(row["number"], row["body"]) for row in revisions] == [(n + 1, f"Version {n}.") for n in range(5)]
    assert [(row["seen_from"], row["seen_until"]) for row in revisions] == [(hours(n), hours(n + 1)) for n in range(5)]


def test_an_older_capture_becomes_a_revision_and_never_the_current_text(engine: Engine) -> None:
    write(engine, story(body="New."))
    assert write(engine, story(body="Old.", seen_at=hours(-5))) == ["article_older"]
    current, old = only(engine, Article), only(engine, Revision)
    assert (current["body"], old["body"], old["cause"]) == ("New.", "Old.", "older_capture")
    assert (old["seen_from"], old["seen_until"]) == (hours(-5), hours(0))
    assert (current["first_seen_at"], current["last_seen_at"]) == (hours(-5), hours(0))


def test_captures_in_any_order_give_the_same_texts(engine: Engine) -> None:
    looks = {0: "A.", 1: "B.", 2: "B.", 3: "A.", 4: "C."}
    for order in ([0, 1, 2, 3, 4], [4, 0, 3, 1, 2], [3, 0, 2, 4, 1]):
        slug = "order-" + "".join(map(str, order))
        write(engine, *[story(slug, body=looks[hour], seen_at=hours(hour)) for hour in order])
    found = [(row["article_id"], row["number"], row["body"], row["seen_from"]) for row in rows(engine, Revision)]
    expected = [("A.", hours(0)), ("B.", hours(2)), ("A.", hours(3))]
    for article_id in (1, 2, 3):
        assert [one[2:] for one in sorted(found) if one[0] == article_id] == expected
    assert column(engine, Article, "body") == ["C."] * 3


@pytest.mark.parametrize("medium", ["text", "feed"])
def test_text_or_feed_never_replaces_a_page_but_fills_its_gaps(engine: Engine, medium: items.Medium) -> None:
    write(engine, story(sources={"title": "h1"}))
    poorer = story(
        body="Cut.", medium=medium, seen_at=hours(1), published_at=hours(-1), sources={"published_at": "feed"}
    )
    assert write(engine, poorer) == ["article_lesser"]
    row = only(engine, Article)
    assert row["body"] == "The lighthouse moved a mile inland on Monday."
    assert (row["published_at"], row["sources"]) == (hours(-1), {"title": "h1", "published_at": "feed"})
    assert rows(engine, Revision) == []


def test_a_page_replaces_the_feed_without_a_revision_and_keeps_what_only_the_feed_said(engine: Engine) -> None:
    write(engine, story(medium="feed", body="Cut.", published_at=hours(-1), tags=["Sea"], authors=[author()]))
    assert write(engine, story(seen_at=hours(1))) == ["article_upgraded"]
    row = only(engine, Article)
    assert (row["medium"], row["body"]) == ("html", "The lighthouse moved a mile inland on Monday.")
    assert row["published_at"] == hours(-1)
    assert column(engine, ArticleAuthor, "name") == ["Ann Example"]
    assert len(rows(engine, ArticleTag)) == 1
    assert rows(engine, Revision) == []


def test_a_story_that_opened_up_is_no_revision_and_does_not_close_again(engine: Engine) -> None:
    partial = story(access="partial", body="The start.")
    assert write(engine, partial, story(seen_at=hours(1))) == ["article_new", "article_upgraded"]
    assert write(engine, story(access="partial", body="The start.", seen_at=hours(2))) == ["article_lesser"]
    assert only(engine, Article)["access"] == "full"
    assert rows(engine, Revision) == []


def test_a_newer_reader_makes_no_revision(engine: Engine) -> None:
    write(engine, story(body="Badly read."))
    newer = story(body="Well read.", seen_at=hours(1), reader_version=items.READER_VERSION + 1)
    assert write(engine, newer) == ["article_reread"]
    assert only(engine, Article)["body"] == "Well read."
    assert rows(engine, Revision) == []


def test_names_that_only_a_card_gave_are_no_edit(engine: Engine) -> None:
    write(engine, story(authors=[author()], sources={"authors": "list"}))
    write(engine, story(authors=[], seen_at=hours(1)))
    assert rows(engine, Revision) == []
    assert column(engine, ArticleAuthor, "name") == ["Ann Example"]


def test_all_parts_of_a_story_are_kept_in_order(engine: Engine) -> None:
    link = items.Link(url="https://example.org/", text="moved")
    write(
        engine,
        story(
            blocks=[paragraph("First."), paragraph("It moved.", kind="quote", links=[link])],
            tags=["Sea", "Land"],
            images=[
                items.Image(url="https://example.org/1.jpg", caption="A lamp.", credit="Ann"),
                items.Image(url="x"),
            ],
            related=[items.Related(title="Harbour", excerpt="Also moved.")],
            kicker="Sea",
            reading_minutes=0,
            kind="photo",
            layout="C",
            language="en",
            sources={"title": "h1"},
        ),
    )
    row = only(engine, Article)
    assert row["blocks"] == [{"kind": "paragraph", "text": "First."}, {"kind": "quote", "text": "It moved."}]
    assert row["body"] == "First.\n\nIt moved."
    assert (row["reading_minutes"], row["kicker"], row["kind"], row["layout"]) == (0, "Sea", "photo", "C")
    assert [row["name"] for row in rows(engine, Tag)] == ["Land", "Sea"]
    assert column(engine, ArticleTag, "tag_id") == [2, 1]
    assert column(engine, Image, "credit") == ["Ann", None]
    assert column(engine, Related, "excerpt") == ["Also moved."]
    assert (only(engine, Link)["block"], only(engine, Link)["text"]) == (1, "moved")


def test_a_changed_story_has_only_its_new_parts(engine: Engine) -> None:
    write(engine, story(images=[items.Image(url="1"), items.Image(url="2")], tags=["Sea"]))
    write(engine, story(body="New.", images=[items.Image(url="3")], seen_at=hours(1)))
    assert column(engine, Image, "url") == ["3"]
    assert rows(engine, ArticleTag) == []


def test_a_story_met_under_another_address_is_one_story(engine: Engine) -> None:
    old = f"{ROOT}/news-feed/lighthouse-moves-inland"
    write(engine, story(aliases=[old, old]))
    assert write(engine, story(url=old, slug="other", seen_at=hours(1))) == ["article_unchanged"]
    assert only(engine, Alias)["url"] == old
    assert only(engine, Article)["slug"] == "lighthouse-moves-inland"
    assert frontier.known_stories(engine, [old, f"{ROOT}/lighthouse-moves-inland/", f"{ROOT}/x/"]) == {
        old,
        f"{ROOT}/lighthouse-moves-inland/",
    }


def test_what_no_database_takes_does_not_stop_a_crawl(engine: Engine) -> None:
    odd = story(
        body="A\x00B \ud83d", tags=["x" * 9000], aliases=[ROOT + "/" + "y" * 9000], authors=[author("z" * 9000)]
    )
    assert write(engine, odd) == ["article_new"]
    assert only(engine, Article)["body"] == "AB ?"


# Boilerplate


def test_a_banner_whose_numbers_change_is_stored_once_with_its_rule_and_places(engine: Engine) -> None:
    for number, count in enumerate(("25,000", "20,000")):
        text_ = BANNER.replace("25,000", count)
        write(engine, story(f"story-{number}", blocks=[paragraph("It moved."), banner(text_)], seen_at=hours(number)))
    row = only(engine, Boilerplate)
    assert (row["text"], row["rule"]) == (BANNER, "membership_banner")
    assert (row["first_seen_at"], row["last_seen_at"]) == (hours(0), hours(1))
    assert [(link["position"], link["boilerplate_id"]) for link in rows(engine, ArticleBoilerplate)] == [(1, 1), (1, 1)]


def test_what_was_cut_remembers_how_many_blocks_of_the_story_stand_before_it(engine: Engine) -> None:
    caption = paragraph("A lighthouse.", role="caption")
    blocks = [banner("Above."), paragraph("One."), caption, banner("Between."), paragraph("Two."), banner("Below.")]
    write(engine, story(blocks=blocks))
    assert [(cut["position"], cut["block"]) for cut in rows(engine, ArticleBoilerplate)] == [(0, 0), (3, 1), (5, 2)]


# Authors


def test_an_author_known_from_a_byline_has_no_bio_until_a_page_says_so(engine: Engine) -> None:
    write(engine, story(authors=[author()]))
    row = only(engine, Author)
    assert (row["slug"], row["role"], row["bio"], row["profile_seen_at"]) == (None, None, None, None)
    assert write(engine, profile(role="Keeper", bio="Ann keeps.", seen_at=hours(1))) == ["author_updated"]
    row = only(engine, Author)
    assert (row["slug"], row["role"], row["bio"], row["profile_seen_at"]) == ("ann", "Keeper", "Ann keeps.", hours(1))


def test_a_byline_without_a_slug_means_the_author_of_that_name(engine: Engine) -> None:
    write(engine, profile(), story(authors=[author("ann  example")]))
    assert only(engine, Author)["name"] == "Ann Example"
    assert only(engine, ArticleAuthor)["name"] == "ann  example"


def test_two_authors_of_one_name_stay_two(engine: Engine) -> None:
    write(engine, profile("ann"), profile("ann-2"))
    write(engine, story(authors=[author()]))
    assert column(engine, Author, "slug") == ["ann", "ann-2", None]


def test_what_is_not_stated_erases_nothing(engine: Engine) -> None:
    write(engine, profile(role="Keeper", bio="Ann keeps.", links=["https://example.org/ann"], photo="p.jpg"))
    assert write(engine, profile(seen_at=hours(1))) == ["author_unchanged"]
    row = only(engine, Author)
    assert (row["role"], row["bio"], row["links"]) == ("Keeper", "Ann keeps.", ["https://example.org/ann"])


def test_roles_are_kept_with_the_times_they_were_seen(engine: Engine) -> None:
    for number, role in enumerate(["Intern", "Intern", "Keeper"]):
        write(engine, story(f"story-{number}", authors=[author(slug="ann", role=role)], seen_at=hours(number)))
    assert only(engine, Author)["role"] == "Keeper"
    seen = [(row["role"], row["first_seen_at"], row["last_seen_at"]) for row in rows(engine, AuthorRole)]
    assert seen == [("Intern", hours(0), hours(1)), ("Keeper", hours(2), hours(2))]
    intern, keeper = column(engine, AuthorRole, "id")
    assert column(engine, ArticleAuthor, "author_role_id") == [intern, intern, keeper]


def test_an_older_byline_does_not_take_a_role_back(engine: Engine) -> None:
    write(engine, profile(role="Keeper"), story(authors=[author(slug="ann", role="Intern")], seen_at=hours(-9)))
    assert only(engine, Author)["role"] == "Keeper"
    assert only(engine, Author)["first_seen_at"] == hours(-9)


def test_the_pages_of_an_author_add_up_to_one_list_of_stories(engine: Engine) -> None:
    def cards(*slugs: str) -> list[items.Card]:
        return [items.Card(url=f"{ROOT}/{slug}/", title=slug) for slug in slugs]

    write(engine, profile(stories=cards("d", "c")), profile(stories=cards("b", "a")))
    write(engine, profile(stories=cards("e", "d"), seen_at=hours(1)))
    assert [card["title"] for card in only(engine, Author)["stories"]] == ["e", "d", "c", "b", "a"]


def test_spiders_learn_which_profiles_were_read(engine: Engine) -> None:
    write(engine, profile("ann"), story(authors=[author("Bob", slug="bob", url=f"{ROOT}/author/bob/")]))
    both = [f"{ROOT}/author/ann/", f"{ROOT}/author/bob/"]
    assert frontier.known_profiles(engine, both) == {both[0]}


# Frontier


def test_a_sighting_widens_its_route_and_makes_the_address_due(engine: Engine) -> None:
    url = f"{ROOT}/lighthouse-moves-inland/"
    sightings = [
        items.Sighting(url=url, route=route, seen_at=hours(n)) for n, route in enumerate(["list", "feed", "list"])
    ]
    write(engine, *sightings)
    assert [(row["route"], row["first_seen_at"], row["last_seen_at"]) for row in rows(engine, Sighting)] == [
        ("feed", hours(1), hours(1)),
        ("list", hours(0), hours(2)),
    ]
    assert only(engine, Frontier)["state"] == "due"
    write(engine, story(seen_at=hours(3)))
    write(engine, items.Sighting(url=url, route="list", seen_at=hours(4)))
    assert only(engine, Frontier)["state"] == "stored"


def test_what_became_of_an_address_is_remembered(engine: Engine) -> None:
    url = f"{ROOT}/gone/"
    write(engine, items.Sighting(url=url, route="list", seen_at=NOON))
    with writing(engine) as connection:
        frontier.mark(connection, url, "gone", hours(1), due_at=hours(720), failures=2, etag='"x"')
    row = only(engine, Frontier)
    assert (row["state"], row["due_at"], row["failures"], row["etag"]) == ("gone", hours(720), 2, '"x"')
    assert (row["first_seen_at"], row["changed_at"]) == (hours(0), hours(1))


# Group commit


def test_items_that_wait_share_a_commit(engine: Engine) -> None:
    writer = Writer(engine)
    with writing(engine):  # another program is writing: the first group has to wait
        first = writer.submit(story("first"))
        while first.group is writer._waiting:
            threading.Event().wait(0.01)
        tickets = [writer.submit(story(f"story-{number}")) for number in range(20)]
        assert not first.future.done()
    writer.close()
    assert [ticket.outcome for ticket in (first, *tickets)] == ["article_new"] * 21
    assert writer.commits == 2


def test_a_writer_that_gathers_waits_for_more_but_not_when_it_is_closed(engine: Engine) -> None:
    writer = Writer(engine, gathers=3600)
    tickets = [writer.submit(story(f"story-{number}")) for number in range(20)]
    assert not any(ticket.future.done() for ticket in tickets)
    writer.close()
    assert [ticket.outcome for ticket in tickets] == ["article_new"] * 20
    assert writer.commits == 1


def test_a_group_waits_no_longer_once_nothing_more_is_to_come(engine: Engine) -> None:
    writer = Writer(engine, gathers=3600)
    ticket = writer.submit(story())
    assert not ticket.future.done()
    writer.hurry()
    assert ticket.future.result(timeout=60) == ["article_new"]
    writer.close()


def test_a_group_that_is_large_enough_waits_no_longer(engine: Engine) -> None:
    writer = Writer(engine, gathers=3600)
    tickets = [writer.submit(items.Sighting(url=f"{ROOT}/{n}/", route="list", seen_at=NOON)) for n in range(ENOUGH)]
    assert tickets[-1].future.result(timeout=60) == ["sighting"] * ENOUGH
    writer.close()


def test_a_group_that_fails_leaves_nothing_and_says_so_to_each_item(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE image RENAME TO picture"))
    writer = Writer(engine)
    ticket = writer.submit(story(images=[items.Image(url="x")]))
    writer.close()
    with pytest.raises(SQLAlchemyError, match="image"):
        ticket.future.result()
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE picture RENAME TO image"))
    assert rows(engine, Article) == []


def test_two_programs_write_in_turns(engine: Engine) -> None:
    writers = [Writer(engine), Writer(engine)]
    tickets = [writer.submit(story(f"story-{n}", body=f"{n}")) for n in range(40) for writer in writers]
    for writer in writers:
        writer.close()
    assert sorted(ticket.outcome for ticket in tickets) == ["article_new"] * 40 + ["article_unchanged"] * 40
    assert len(rows(engine, Article)) == 40
