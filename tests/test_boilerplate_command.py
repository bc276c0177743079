"""`kicrawl boilerplate`: what recurs in stories is shown, and cut only once a user says so."""

import json

import pytest
from scrapy.utils.test import get_crawler
from sqlalchemy import Engine

from kicrawl import items
from kicrawl.archive.models import Rule
from kicrawl.commands.boilerplate import Command
from kicrawl.opened import archive_of
from kicrawl.pipelines import StripBoilerplate
from tests.archived import ROOT, banner, hours, paragraph, rows, story, write
from tests.asking import ask, refused

LINE = "Send tips to our 12 reporters."


def news(number: int) -> items.Article:
    """A story with a line that all have, one that rules know, and its own."""
    blocks = [
        paragraph(LINE.replace("12", str(number))),
        banner("Buy a mug."),
        paragraph(f"Ferry {chr(97 + number)} sank."),
    ]
    return story(f"ferry-{number}", blocks=blocks, published_at=hours(number))


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Six stories."""
    write(engine, *(news(number) for number in range(6)))
    return engine


def test_what_recurs_and_no_rule_knows_is_shown(filled: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = json.loads(ask(filled, capsys, Command(), "--json"))
    assert (found["text"], found["stories"], found["kind"]) == ("Send tips to our 5 reporters.", 6, "paragraph")
    assert found["examples"] == [f"{ROOT}/ferry-{number}/" for number in (5, 4, 3)]
    assert ask(filled, capsys, Command()).splitlines()[0] == (
        f"{found['id']}  in 6 stories, paragraph: Send tips to our 5 reporters."
    )
    assert ask(filled, capsys, Command(), "--least", "7") == "no piece recurs that no rule knows\n"


def test_an_accepted_piece_is_a_rule_that_strips(filled: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = json.loads(ask(filled, capsys, Command(), "--json"))
    told = ask(filled, capsys, Command(), "--accept", found["id"], "--name", "tips")
    assert told.splitlines() == [
        "rule tips: Send tips to our 5 reporters.",
        "It stands in 6 stories; kicrawl reprocess takes it out of them.",
    ]
    [rule] = rows(filled, Rule)
    assert (rule["name"], rule["grade"], rule["pattern"]) == ("tips", "exact", "Send tips to our 5 reporters.")
    assert ask(filled, capsys, Command()) == "no piece recurs that no rule knows\n"
    crawler = get_crawler(settings_dict={"DATABASE_URL": filled.url.render_as_string(hide_password=False)})
    strip = StripBoilerplate.from_crawler(crawler)
    strip.open_spider()
    item = story(blocks=[items.Block(text="Send tips to our 99 reporters."), items.Block(text="It sank.")])
    assert [block.text for block in strip.process_item(item).story] == ["It sank."]
    assert [block.rule for block in item.boilerplate] == ["tips"]
    archive_of(crawler).dispose()


def test_an_accepted_piece_is_told_to_programs(filled: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = json.loads(ask(filled, capsys, Command(), "--json"))
    told = json.loads(ask(filled, capsys, Command(), "--accept", found["id"], "--json"))
    assert told == {"rule": f"own_{found['id']}", "text": found["text"], "stories": 6}


def test_what_cannot_be_accepted_is_said(filled: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(filled, capsys, Command(), "--accept", "zzz").startswith("no recurring piece 'zzz'")
    [found] = json.loads(ask(filled, capsys, Command(), "--json"))
    write(filled, *(story(f"mill-{number}", body="Mills close.", seen_at=hours(9)) for number in range(5)))
    ask(filled, capsys, Command(), "--accept", found["id"], "--name", "tips")
    [other] = json.loads(ask(filled, capsys, Command(), "--json"))
    assert "already" in refused(filled, capsys, Command(), "--accept", other["id"], "--name", "tips")
