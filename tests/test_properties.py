"""Whatever the bytes: nothing raises, the same is read twice, and what is read can be stored and shown."""

import re
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kicrawl import boilerplate, items
from kicrawl.cards import read_byline
from kicrawl.page import moments
from kicrawl.page.characters import squash
from kicrawl.page.credit import credit_in, split_caption
from kicrawl.page.inline import read_lines
from kicrawl.page.markup import parse
from kicrawl.page.shown.byline import split_names
from kicrawl.site import urls, words
from tests.mutations import KEPT, TYPES, Saved, damaged, feeds, kept_pages, pages, strange_story
from tests.robust import CONTROLS, read_lists, read_twice

pytestmark = pytest.mark.usefixtures("hostile_inputs")

ROUND = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
SEEDS = st.integers(0, 2**32)
PLACES = ("/ferry-stops-for-a-heron/", "/news-archive/page/2/", "/author/ann-reed/")
WORDS = st.sampled_from(
    """by Ann Reed and , | (Photo / AFP) May 4, 2025 1:30 PM 14:05 Updated: min read 2 days ago Sept. 31
    2024-02-30T25:61 ( ) . … ’ ” \u00a0 \u200b İ ß ﬁ ٣ 99999999999999999999 © 0:00 Read also: Tags:""".split()
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(WORDS, st.text(max_size=4))).map(" ".join))
ADDRESSES = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["", "//", "http://", "https://", urls.ROOT, urls.ROOT + "/", "https://www.kyivindependent.com./"]
        ),
        st.sampled_from(["", "nobot/", "news-feed/", "author/", "news-archive/page/", "[", "%", "%25", "%2525", "@"]),
        st.text(),
    ),
)


@ROUND
@given(SEEDS)
def test_a_damaged_page_is_read_and_read_the_same_again(seed: int) -> None:
    random = Random(seed)
    page = random.choice(pages())
    read_twice(page._replace(body=damaged(page.body, random)))


@ROUND
@given(SEEDS, st.sampled_from(PLACES))
def test_json_of_any_types_is_read_and_read_the_same_again(seed: int, place: str) -> None:
    read_twice(Saved(strange_story(Random(seed)), urls.ROOT + place, TYPES[".html"]))


@ROUND
@given(
    st.one_of(st.binary(max_size=4000), TEXTS.map(str.encode)),
    st.sampled_from(PLACES),
    st.sampled_from(["", *TYPES.values()]),
)
def test_any_bytes_are_read_and_read_the_same_again(body: bytes, place: str, content_type: str) -> None:
    read_twice(Saved(body, urls.ROOT + place, content_type))


@ROUND
@given(SEEDS)
def test_a_damaged_feed_or_sitemap_is_read_or_refused(seed: int) -> None:
    random = Random(seed)
    file = random.choice(feeds())
    read_lists(file._replace(body=damaged(file.body, random)))


@pytest.mark.parametrize("page", [*kept_pages()])
def test_what_broke_a_reader_once_is_read(page: Saved) -> None:
    read_twice(page)
    read_lists(page)


def test_there_are_pages_that_broke_a_reader() -> None:
    assert len(list(KEPT.glob("*.*"))) > 5


@ROUND
@given(ADDRESSES)
def test_an_address_has_one_canonical_form(url: str) -> None:
    for normalise in (urls.story_url, urls.author_url):
        found = normalise(url)
        assert found is None or normalise(found) == found
        assert found is None or found.isprintable()
    assert urls.page_number(urls.page_before(url)) >= 1 or urls.page_number(url) == 0
    urls.is_list(url)
    urls.root_of(url)
    urls.slug_of(url)
    urls.site_host(url)


@ROUND
@given(ADDRESSES, ADDRESSES)
def test_an_absolute_address_is_one_line_that_stays_as_it_is(href: str, base: str) -> None:
    found = urls.absolute(href, base)
    if found is not None:
        found.encode()
        assert found.isprintable()
        assert found.startswith(("http://", "https://"))
        assert urls.absolute(found, base) == found
        assert urls.without_ref(urls.without_ref(found)) == urls.without_ref(found)


@ROUND
@given(TEXTS)
def test_a_date_is_none_or_a_moment_in_utc(text: str) -> None:
    for read in (moments.read_moment, moments.read_shown_moment, moments.read_updated_moment):
        found = read(text)
        assert found is None or (found.tzinfo is UTC and found == read(text))
    assert text.startswith(moments.without_moment(text))


@ROUND
@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_a_moment_is_read_back(moment: datetime) -> None:
    assert moments.read_moment(moment.isoformat()) == moment
    shown = moment.replace(second=0, microsecond=0).astimezone(moments.KYIV)
    read = moments.read_shown_moment(f"{shown:%B} {shown.day}, {shown.year} {shown:%I:%M %p}")
    assert read is not None
    assert read.astimezone(moments.KYIV).replace(tzinfo=None, fold=0) == shown.replace(tzinfo=None, fold=0)


@ROUND
@given(TEXTS)
def test_a_caption_keeps_its_words_with_or_without_a_credit(text: str) -> None:
    text = squash(text)
    caption, credit = split_caption(text)
    assert split_caption(text) == (caption, credit)
    assert (credit is None) == (credit_in(text) is None)
    kept = re.sub(r"[\s()]", "", f"{caption or ''}{credit or ''}")
    assert kept == re.sub(r"[\s()]", "", text)


@ROUND
@given(TEXTS)
def test_names_of_a_byline_stand_in_it(text: str) -> None:
    text = squash(text)
    for name in (*split_names(text), *read_byline(text)):
        assert name
        assert name in text


@ROUND
@given(TEXTS)
def test_squashing_and_folding_are_done_once(text: str) -> None:
    squashed = squash(text)
    squashed.encode()
    assert squash(squashed) == squashed
    assert not CONTROLS.findall(squashed)
    assert words.fold(words.fold(squashed)) == words.fold(squashed)


PIECE = st.tuples(st.sampled_from(["text", "br", "a", "/a", "start", "end"]), st.text(min_size=1, max_size=9))


@ROUND
@given(st.lists(PIECE))
def test_lines_keep_every_word_of_a_run(pieces) -> None:
    lines = read_lines(pieces)
    kept = "".join(line.text for line in lines)
    told = "".join(value for what, value in pieces if what == "text")
    assert kept.replace(" ", "") == squash(told).replace(" ", "")
    assert all(line.text and 0 <= line.emphasis <= len(told) for line in lines)


@ROUND
@given(st.text())
def test_any_text_parses(text: str) -> None:
    parse(text)


BLOCKS = st.builds(
    items.Block,
    kind=st.sampled_from(["paragraph", "heading", "caption", "list_item", "quote", "card", "other"]),
    text=TEXTS,
    place=st.sampled_from(["before", "head", "body", "after"]),
    container=st.one_of(st.none(), st.sampled_from(["headline", "card", "form", "gate"])),
)


@ROUND
@given(st.lists(BLOCKS), st.lists(TEXTS))
def test_every_block_gets_one_role_and_boilerplate_a_rule(blocks: list[items.Block], lines: list[str]) -> None:
    rules = {"mine": boilerplate.fold_lines(lines)}
    article = boilerplate.strip(items.Article(blocks=blocks), rules)
    roles = [(block.role, block.rule) for block in article.blocks]
    assert all((role == "boilerplate") == (rule is not None) for role, rule in roles)
    assert [(block.role, block.rule) for block in boilerplate.strip(article, rules).blocks] == roles
    assert len(article.blocks) == len(blocks)
