"""`kicrawl search`: which stories say so? Words, phrases, what must not be there; the newest first."""

import argparse
import re
from typing import Any, ClassVar

from rich.console import Console
from rich.text import Text
from scrapy.commands import ScrapyCommand

from kicrawl import runs
from kicrawl.archive.search import BEGIN, END, Filters, Found, find_unknown, read_query, search
from kicrawl.arguments import count, moment
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json, add_limit, add_moment
from kicrawl.commands.printing import FAINT, FOUND, console, moment_in_words, safe, show, show_json


class Command(ArchiveCommand, ScrapyCommand):
    """Prints stories with the words that were found."""

    name = "search"
    arguments = 'WORDS "A PHRASE" -WITHOUT'
    says = "Find stories by words, phrases, author, tag and time"
    examples = (
        "drone Kharkiv",
        "'\"air defense\"' -Patriot --published-since 2025-01-01",
        "--author 'Ann Example' --tag Business --limit 50",
        "grain corridor --rank --json",
    )
    values: ClassVar = {"published_since": moment, "published_until": moment, "limit": count}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What else must be true of them, and how they are shown."""
        super().add_options(parser)
        add_moment(parser, "--published-since", "published from then on")
        add_moment(parser, "--published-until", "published before")
        parser.add_argument(
            "--author", metavar="NAME", help="by this author: the name, or the end of the page's address"
        )
        parser.add_argument("--tag", help="with this tag")
        add_limit(parser, 20)
        parser.add_argument("--rank", action="store_true", help="those first that say most of it, not the newest")
        add_json(parser)
        take_unwanted(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        if not args and not any((opts.author, opts.tag, opts.published_since, opts.published_until)):
            leave('search for what? Words, "a phrase", -without, --author, --tag ...', runs.WRONG)
        if opts.published_since and opts.published_until and opts.published_since >= opts.published_until:
            leave("--published-since must be before --published-until", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Asks the archive; finding nothing is no mistake."""
        query = read_query(" ".join(args))
        if args and not query.wanted and not query.unwanted:
            leave(f"no word in {' '.join(args)!r}", runs.WRONG)
        names = ("published_since", "published_until", "author", "tag")
        filters = Filters(**{name: getattr(opts, name) for name in names})
        with self.reading() as engine:
            found = search(engine, query, filters, limit=opts.limit, by_rank=opts.rank)
            unknown = [] if found or opts.json else find_unknown(engine, filters)
        if opts.json:
            show_json([as_object(one) for one in found])
            return
        out = console()
        for one in found:
            tell(out, one)
        if not found:
            show(out, "; ".join(["nothing found", *unknown]))


def take_unwanted(parser: argparse.ArgumentParser) -> None:
    """Has -word be a word that is not wanted, where it would be a mistaken option."""
    read_option = parser._parse_optional

    def read(argument: str) -> Any:
        is_unwanted = argument[:1] == "-" and argument[1:2] not in ("", "-") and argument not in ("-h", "-L", "-s")
        return None if is_unwanted else read_option(argument)

    parser._parse_optional = read  # type: ignore[method-assign, assignment]  # as Scrapy's own parser does for -:


def tell(out: Console, found: Found) -> None:
    """A story in a few lines."""
    show(out, safe(found.title, "bold"))
    by = f" · {', '.join(found.authors)}" if found.authors else ""
    show(out, "  ", safe(f"{moment_in_words(found.published_at)}{by} · {found.url}", FAINT))
    if found.excerpt:
        show(out, "  ", highlighted(found.excerpt, plain=not out.is_terminal))


def highlighted(excerpt: str, *, plain: bool) -> Text:
    """An excerpt with what was found in it set off; in plain text as *words*."""
    line = Text()
    for place, part in enumerate(re.split(f"[{BEGIN}{END}]", excerpt)):
        is_found = place % 2 == 1
        line.append_text(safe(f"*{part}*" if plain and is_found else part, FOUND if is_found else ""))
    return line


def as_object(found: Found) -> dict[str, object]:
    """A story for programs; in the excerpt [ and ] are around what was found."""
    return {**vars(found), "excerpt": found.excerpt.replace(BEGIN, "[").replace(END, "]")}
