"""`kicrawl changes`: what did the newspaper edit after publication? Each edit with its kinds and its words."""

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.text import Text
from scrapy.commands import ScrapyCommand

from kicrawl import runs
from kicrawl.archive.edits import Edit, read_edits
from kicrawl.arguments import count, moment
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json, add_limit, add_moment
from kicrawl.commands.printing import FAINT, console, marked, moment_in_words, safe, show, show_json
from kicrawl.edits import KINDS, label
from kicrawl.formats.atom import Entry, write_feed
from kicrawl.formats.places import text_output
from kicrawl.worddiff import Piece, compare

CONTEXT = 6  # words around a change
FEED = 100  # entries of a feed


def read_kinds(text: str) -> frozenset[str]:
    """Kinds, divided by commas."""
    kinds = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not kinds or not kinds <= KINDS.keys():
        raise ValueError(f"must be one or more of {','.join(KINDS)}")
    return kinds


class Command(ArchiveCommand, ScrapyCommand):
    """Prints edits, the latest first."""

    name = "changes"
    arguments = "[--since TIME] [--kind KIND,KIND] [--limit N] [--json | --atom FILE]"
    says = "Show what the newspaper changed after publication: headlines, numbers, corrections ..."
    examples = (
        "",
        "--since 2025-06-01 --kind headline,correction",
        "--kind number --limit 100 --json",
        "--atom changes.xml",
    )

    values: ClassVar = {"since": moment, "kind": read_kinds, "limit": count}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which edits, and how they are shown."""
        super().add_options(parser)
        add_moment(parser, "--since", "noticed from then on")
        parser.add_argument("--kind", metavar="KINDS", help=f"only edits of these kinds: {','.join(KINDS)}")
        add_limit(parser, None, f"all; {FEED} in a feed")
        shown = parser.add_mutually_exclusive_group()
        add_json(shown, "the same for programs, a JSON object per line")
        shown.add_argument("--atom", metavar="FILE", help="write an Atom feed")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Goes through the edits."""
        self.takes_none(args)
        with self.reading() as engine:
            labelled = ((edit, label(edit.before, edit.after)) for edit in read_edits(engine, opts.since))
            chosen = ((edit, kinds) for edit, kinds in labelled if not opts.kind or opts.kind.intersection(kinds))
            if opts.atom:
                self.write_atom(islice(chosen, opts.limit or FEED), Path(opts.atom))
            elif opts.json:
                for edit, kinds in islice(chosen, opts.limit):
                    show_json(as_object(edit, kinds))
            else:
                tell_all(islice(chosen, opts.limit))

    def write_atom(self, chosen: Iterable[tuple[Edit, list[str]]], file: Path) -> None:
        """Writes the feed."""
        entries = [entry_of(edit, kinds) for edit, kinds in chosen]
        try:
            with text_output(file) as output:
                output.write(write_feed("What the Kyiv Independent changed", entries, datetime.now(UTC)))
        except OSError as error:
            leave(f"cannot write {file}: {error.strerror}", runs.WRONG)


def tell_all(chosen: Iterable[tuple[Edit, list[str]]]) -> None:
    """Prints edits in words."""
    out, number = console(), 0
    for edit, kinds in chosen:
        tell(out, edit, kinds)
        number += 1
    if not number:
        show(out, "no changes found")


def tell(out: Console, edit: Edit, kinds: list[str]) -> None:
    """An edit: which story, when, of which kinds, and the words."""
    show(out, safe(edit.after["title"], "bold"))
    show(
        out,
        "  ",
        safe(", ".join(kinds) or "nothing but layout", "cyan"),
        safe(f" · {bounds(edit)} · {edit.url}", FAINT),
    )
    for name, line in changed_lines(edit, plain=not out.is_terminal):
        show(out, f"  {name}: ", line)


def bounds(edit: Edit) -> str:
    """Between which looks an edit was made."""
    return f"changed between {moment_in_words(edit.seen_from)} and {moment_in_words(edit.seen_until)}"


def changed_lines(edit: Edit, *, plain: bool, context: int = CONTEXT) -> Iterator[tuple[str, Text]]:
    """The fields that differ, as word diffs."""
    for name, pieces in changed_fields(edit):
        yield name, marked(pieces, context=context, plain=plain)


def changed_fields(edit: Edit) -> Iterator[tuple[str, list[Piece]]]:
    """The fields that differ, in pieces."""
    for name in edit.before:
        before, after = (as_text(name, version[name]) for version in (edit.before, edit.after))
        if before != after:
            yield name, compare(before, after)


def as_text(name: str, value: Any) -> str:
    """A field as text: names in a line, captions on lines of their own."""
    return (", " if name == "authors" else "\n\n").join(value) if isinstance(value, list) else value or ""


def as_object(edit: Edit, kinds: list[str]) -> dict[str, Any]:
    """An edit for programs."""
    said = ("url", "number", "seen_from", "seen_until", "modified_at", "cause")
    changes = {
        name: [{"before": piece.before, "after": piece.after} for piece in pieces if piece.changed]
        for name, pieces in changed_fields(edit)
    }
    return {
        **{name: getattr(edit, name) for name in said},
        "title": edit.after["title"],
        "kinds": kinds,
        "changes": changes,
    }


def entry_of(edit: Edit, kinds: list[str]) -> Entry:
    """An edit for a feed."""
    return Entry(
        id=f"{edit.url}#change-{edit.number}",
        url=edit.url,
        title=f"{edit.after['title']} ({', '.join(kinds)})",
        updated=edit.seen_until,
        note=bounds(edit),
        fields=list(changed_fields(edit)),
    )
