"""Real text that a careless filter would drop is kept, in every construction of the page (site.md lists the kinds)."""

import pytest

from tests.reading import FORMS, LAST, LEAD, TITLE, read, story

MIDDLE = [
    pytest.param(["Hello, this is Ann Reed reporting from Tarrow on day 1,366 of the great flood."], id="greeting"),
    pytest.param(
        ["Our members pay for this newspaper. In 2024, 7,000 people became members: 70 % of our income."],
        id="a story about membership",
    ),
    pytest.param(
        ["Editor’s note: We asked readers to join in. Subscribe to our newsletter to be a part of the next one."],
        id="editor's note",
    ),
    pytest.param(
        [
            'To support our journalism, please <a href="https://www.patreon.com/kyivindependent">become a patron</a> '
            "of the Kyiv Independent, starting from just $5 a month."
        ],
        id="appeal of a newsletter",
    ),
    pytest.param(['Read the full story <a href="/herons-of-the-teal/">here</a>.'], id="read the full story here"),
    pytest.param(['<a href="/herons-of-the-teal/">Read the full story here.</a>'], id="the same, all linked"),
    pytest.param(["Why?"], id="one word"),
    pytest.param(["The heron did not move.", "The heron did not move."], id="the same paragraph twice"),
    pytest.param(["2. A rowing club before the newsroom", "The second reason is older than the ferry."], id="subhead"),
    pytest.param(["Subscribe to our YouTube channel to see the bird leave."], id="subscribe"),
    pytest.param(["“Support us,” the captain said, “and we will support the heron.”"], id="support in a quote"),
    pytest.param(["Аccording to the guard, it was a gray heron."], id="Cyrillic letter"),
]


def plain(paragraph: str) -> str:
    """A paragraph as it reads."""
    from lxml.html import fragment_fromstring

    return " ".join(fragment_fromstring(paragraph, create_parent="div").text_content().split())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("middle", MIDDLE)
def test_a_look_alike_of_boilerplate_stays_in_the_story(form, middle):
    paragraphs = [LEAD, *middle, LAST]
    assert story(read(FORMS[form](paragraphs))) == [plain(paragraph) for paragraph in paragraphs]


@pytest.mark.parametrize("middle", MIDDLE)
def test_a_look_alike_of_boilerplate_stays_in_plain_text(middle):
    paragraphs = [LEAD, *map(plain, middle), LAST]
    text = "\n".join(
        ["0 members on board", "News Feed", TITLE, "1 min read", *paragraphs, "Avatar", "Ann Reed", "Read more"]
    )
    assert story(read(text, content_type="text/plain")) == paragraphs


@pytest.mark.parametrize("form", FORMS)
def test_a_greeting_may_be_the_lead(form):
    greeting = "Hello, this is Ann Reed reporting from Tarrow on day 1,366 of the great flood."
    assert story(read(FORMS[form]([greeting, LEAD, LAST])))[0] == greeting


def test_identical_captions_of_a_photo_story_are_all_kept():
    caption = "<figcaption>The landing on May 4. (Ann Reed)</figcaption>"
    figure = '<figure><img src="/content/images/2025/05/{}.jpg">' + caption + "</figure>"
    article = read(FORMS["semantic"]([LEAD, figure.format(1), figure.format(2), LAST]))
    assert article.captions == ["The landing on May 4. (Ann Reed)"] * 2
    assert [image.credit for image in article.images] == ["Ann Reed", "Ann Reed"]


def test_a_caption_may_equal_the_first_sentence():
    figure = f'<figure><img src="/content/images/2025/05/heron.jpg"><figcaption>{LEAD}</figcaption></figure>'
    article = read(FORMS["semantic"]([figure, LEAD, LAST]))
    assert article.captions == [LEAD]
    assert story(article) == [LEAD, LAST]
