"""`kicrawl probe [--save DIR]`: can kicrawl read the site as it is today? Fetches seven pages and stores nothing."""

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.commands import ScrapyCommand
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items, runs
from kicrawl.boilerplate import strip
from kicrawl.cards import Cards, by_address, take_card_facts
from kicrawl.commands import check_settings, keep_to_warnings, leave
from kicrawl.commands.archived import add_json
from kicrawl.commands.helping import set_help
from kicrawl.commands.printing import show_json
from kicrawl.logs import escape_controls
from kicrawl.page.feed import read_feed
from kicrawl.site import urls
from kicrawl.sitespider import SiteSpider, explain

STORIES = 5
EXAMPLES = ("", "--json", "--save pages")
# Fields as they are shown; a story without one of the first three has not been read.
REQUIRED = ("title", "body", "published_at")
PLAIN_FIELDS = (
    *"url title subtitle kicker tags kind language access published_at modified_at reading_minutes captions".split(),
)
AUTHOR_FIELDS = ("name", "slug", "role", "bio")
FIELDS = (
    *REQUIRED,
    *"authors subtitle kicker tags modified_at reading_minutes language images captions related".split(),
)


@dataclass(kw_only=True)
class Probed:
    """A page that was fetched."""

    name: str  # of the folder it is saved in
    url: str
    body: bytes
    content_type: str | None
    fetched_at: datetime
    article: items.Article | None = None  # what it says, if it is a story


class Command(ScrapyCommand):
    """Reads feed, first list page and five stories, and prints which field came from where."""

    requires_project = True

    def syntax(self) -> str:
        """How the options are shown."""
        return "[--save DIR] [--json]"

    def short_desc(self) -> str:
        """One line for the overview."""
        return "Read a few pages of the site and say what was found where; store nothing"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options, and where to save the pages."""
        super().add_options(parser)
        set_help(parser, "probe", self.syntax(), EXAMPLES)
        parser.add_argument("--save", type=Path, metavar="DIR", help="save each page as a folder for tests/pages")
        add_json(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the command line; what is wrong with it ends the program here."""
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            check_settings(self.settings)
        except ValueError as error:
            leave(str(error), runs.WRONG)
        keep_to_warnings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetches, reports, saves."""
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(ProbeSpider)
        self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        assert isinstance(crawler.spider, ProbeSpider)
        stories = [probed.article for probed in crawler.spider.probed if probed.article]
        problems = missing(stories, crawler.stats.get_value("run/incomplete", []))
        if opts.json:
            show_json(as_object(crawler.spider.root, crawler.spider.notes, stories, problems))
        elif stories:
            print(describe(crawler.spider.root, crawler.spider.notes, stories))
        if opts.save:
            for probed in crawler.spider.probed:
                save(probed, opts.save / probed.name)
        for line in problems:
            print(f"kicrawl: {escape_controls(line)}", file=sys.stderr)
            self.exitcode = runs.INCOMPLETE


class ProbeSpider(SiteSpider):
    """Feed, first list page, five stories; what they say is kept here for the command."""

    name = "probe"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 - declared so by Scrapy

    def __init__(self, **kwargs: str) -> None:
        """Takes no arguments."""
        super().__init__(**kwargs)
        self.probed: list[Probed] = []
        self.notes: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """The feed first: its cards state facts that pages may not."""
        yield Request(self.root + urls.FEED_PATH, self.parse_feed, errback=self.miss_feed)

    def parse_feed(self, response: Response) -> Request:
        """Then the list."""
        self.keep(response, "feed")
        try:
            cards = read_feed(response.body, response.url, root=self.root)
        except ValueError as error:
            return self.list_request({}, str(error))
        return self.list_request(by_address(cards), f"{len(cards)} stories")

    def miss_feed(self, failure: Failure) -> Request:
        """Without a feed, the list."""
        return self.list_request({}, explain(failure))

    def list_request(self, fed: Cards, note: str) -> Request:
        """The first list page."""
        self.notes.append(f"feed: {note}")
        cb_kwargs = {"fed": fed}
        return Request(self.root + urls.LIST_PATH, self.parse_list, errback=self.miss_page, cb_kwargs=cb_kwargs)

    def parse_list(self, response: Response, fed: Cards) -> Iterator[Request]:
        """Then the stories it shows first."""
        page = self.read_response(response)
        self.keep(response, "list")
        listed = by_address(page.cards)
        self.notes.append(f"list: {len(listed)} stories, " + ("more pages" if page.next_url else "no next page"))
        if not listed:
            self.incomplete(f"the list {response.url} shows no stories (it was read as: {page.kind})")
        for url in islice(listed or fed, STORIES):
            cb_kwargs = {"listed": listed.get(url), "fed": fed.get(url)}
            yield Request(url, self.parse_story, errback=self.miss_page, cb_kwargs=cb_kwargs)

    def parse_story(self, response: Response, listed: items.Card | None, fed: items.Card | None) -> None:
        """A story, stripped."""
        article = self.load_story(self.read_response(response), route="list", met_at=[response.url])
        if article is None:
            self.incomplete(f"{response.url} was not read as a story")
            return
        take_card_facts(article, listed, "list")
        take_card_facts(article, fed, "feed")
        strip(article)
        self.keep(response, f"{article.layout}-{article.slug[:80]}", article)

    def miss_page(self, failure: Failure) -> None:
        """A page that could not be had."""
        self.incomplete(f"{failure.request.url}: {explain(failure)}")  # type: ignore[attr-defined]

    def keep(self, response: Response, name: str, article: items.Article | None = None) -> None:
        """Remembers a page."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        self.probed.append(
            Probed(
                name=name,
                url=response.url,
                body=response.body,
                content_type=content_type,
                fetched_at=datetime.now(UTC),
                article=article,
            )
        )


def missing(stories: Sequence[items.Article], problems: Sequence[str]) -> list[str]:
    """The lines that make a probe fail: what could not be fetched, and what every story has and was not found."""
    absent = Counter(name for article in stories for name in REQUIRED if not value_of(article, name))
    return [
        *problems,
        *(f"{name} was not found in {number} of {len(stories)} stories" for name, number in absent.items()),
    ]


def describe(root: str, notes: Sequence[str], stories: Sequence[items.Article]) -> str:
    """The report."""
    layouts = Counter(article.layout for article in stories)
    recognised = ", ".join(f"{layout} ({number} of {len(stories)})" for layout, number in layouts.most_common())
    head = [f"{root}: {'; '.join(notes)}", f"layout: {recognised}"]
    return escape_controls("\n".join([*head, "", *source_table(stories), "", *cut_table(stories)])).replace(
        "\n    ", "\n"
    )


def as_object(
    root: str, notes: Sequence[str], stories: Sequence[items.Article], problems: Sequence[str]
) -> dict[str, Any]:
    """The report for programs."""
    return {
        "site": root,
        "notes": list(notes),
        "stories": [article.url for article in stories],
        "layouts": Counter(article.layout for article in stories),
        "sources": {name: Counter(source_of(article, name) for article in stories) for name in FIELDS},
        "cut": Counter(block.rule or "?" for article in stories for block in article.boilerplate),
        "problems": list(problems),
    }


def source_table(stories: Sequence[items.Article]) -> list[str]:
    """Per field, in how many stories it came from which source, and in how many it was missing."""
    counts = {name: Counter(source_of(article, name) for article in stories) for name in FIELDS}
    columns = [*sorted({source for found in counts.values() for source in found} - {"missing"}), "missing"]
    rows = [[name, *(str(counts[name][column] or "") for column in columns)] for name in FIELDS]
    return align([["field", *columns], *rows])


def cut_table(stories: Sequence[items.Article]) -> list[str]:
    """Per rule, how many blocks it cut, in how many stories, and the last of their texts."""
    rules: dict[str, list[str]] = {}
    for article in stories:
        for block in article.boilerplate:
            rules.setdefault(block.rule or "?", []).append(block.text)
    rows = [[rule, str(len(texts)), texts[-1][:60]] for rule, texts in sorted(rules.items())]
    return align([["cut by rule", "blocks", "for example"], *rows])


def value_of(article: items.Article, name: str) -> Any:
    """A field's value; false if it is missing. 0 minutes are a value."""
    value = getattr(article, name)
    return str(value) if isinstance(value, int) else value


def source_of(article: items.Article, name: str) -> str:
    """Where a field's value came from."""
    return article.sources.get(name, "page") if value_of(article, name) else "missing"


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with straight columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def save(probed: Probed, folder: Path) -> None:
    """A folder as tests/pages has them; article.json is our reading, to be checked by hand before it is a test."""
    folder.mkdir(parents=True, exist_ok=True)
    note = {"url": probed.url, "content_type": probed.content_type, "fetched_at": probed.fetched_at.isoformat()}
    (folder / ("page.xml" if probed.name == "feed" else "page.html")).write_bytes(probed.body)
    write_json(folder / "page.json", note)
    if probed.article:
        write_json(folder / "article.json", reading_of(probed.article))


def reading_of(article: items.Article) -> dict[str, Any]:
    """What was read on a story's page, in a form that a person can check line by line against the page."""
    return {
        **{name: getattr(article, name) for name in PLAIN_FIELDS},
        "authors": [{name: getattr(author, name) for name in AUTHOR_FIELDS} for author in article.authors],
        "images": [dataclasses.asdict(image) for image in article.images],
        "related": [dataclasses.asdict(card) for card in article.related],
        "body": [block.text for block in article.story],
        "cut": [block.text for block in article.boilerplate],
    }


def write_json(path: Path, value: Any) -> None:
    """A readable JSON file; times as ISO 8601."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, default=datetime.isoformat) + "\n", "utf-8")
