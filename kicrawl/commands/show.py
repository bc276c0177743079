"""`kicrawl show`: one story, what the newspaper changed in it, and what was cut from its page and why."""

import argparse
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine

from kicrawl import runs
from kicrawl.archive.stories import Cut, Story, find_addresses, read_story
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json
from kicrawl.commands.changes import as_object as edit_as_object
from kicrawl.commands.changes import bounds, changed_lines
from kicrawl.commands.printing import FAINT, console, moment_in_words, safe, show, show_json
from kicrawl.edits import label

CONTEXT = 40  # words around a change
OUTSIDE = ("blocks", "text_hash", "facts_hash", "body_hash", "duplicate_of_id", "capture_id")  # of no use to a reader


class Command(ArchiveCommand, ScrapyCommand):
    """Prints a story."""

    name = "show"
    arguments = "URL|SLUG [--diff] [--cut] [--json]"
    says = "Show a story, what was changed in it (--diff) and what was cut from its page (--cut)"
    examples = (
        "https://kyivindependent.com/some-story/",
        "some-story --diff",
        "some-story --cut",
        "some-story --diff --cut --json",
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What to show."""
        super().add_options(parser)
        parser.add_argument(
            "--diff", action="store_true", help="its earlier texts, word by word, and when they changed"
        )
        parser.add_argument("--cut", action="store_true", help="with what was cut from the page, and by which rule")
        add_json(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds the story; ends with 2 and a line if there is none, or more than one."""
        if len(args) != 1:
            leave("show needs one story: its address, or the last part of it", runs.WRONG)
        with self.reading() as engine:
            story = find(engine, args[0])
        if opts.json:
            show_json(as_object(story, diff=opts.diff, cut=opts.cut))
            return
        out = console()
        tell_head(out, story)
        tell_text(out, story, story.cut if opts.cut else [])
        if opts.diff:
            tell_edits(out, story)


def find(engine: Engine, name: str) -> Story:
    """The story that is meant."""
    addresses = find_addresses(engine, name)
    if len(addresses) > 1:
        leave(f"{name!r} may be one of {', '.join(addresses)}", runs.WRONG)
    story = read_story(engine, addresses[0]) if addresses else None
    if story is None:
        leave(f"no story {name!r} in the archive; kicrawl search finds stories by their words", runs.WRONG)
    return story


def tell_head(out: Console, story: Story) -> None:
    """What stands above a story, and what the archive knows of it."""
    row = story.row
    if row["kicker"]:
        show(out, safe(row["kicker"], "cyan"))
    show(out, safe(row["title"], "bold"))
    if row["subtitle"]:
        show(out, safe(row["subtitle"], "italic"))
    facts = [", ".join(story.authors), moment_in_words(row["published_at"]), row["kind"], f"{row['word_count']} words"]
    show(out, safe(" · ".join(filter(None, facts)), FAINT))
    show(out, safe(row["url"], FAINT))
    for line in notes(story):
        show(out, safe(line, "yellow"))


def notes(story: Story) -> Iterable[str]:
    """What a reader should know before quoting it."""
    row = story.row
    if row["access"] != "full":
        yield "only the beginning: the rest is for members"
    if row["gone_at"]:
        yield f"the site shows it no more since {moment_in_words(row['gone_at'])}"
    if story.duplicate_of:
        yield f"nearly the same as {story.duplicate_of}"
    if story.edits:
        times = "once" if len(story.edits) == 1 else f"{len(story.edits)} times"
        yield f"changed {times} since {moment_in_words(row['first_seen_at'])} (--diff shows it)"
    yield f"seen last at {moment_in_words(row['last_seen_at'])}, tags: {', '.join(story.tags) or 'none'}"


def tell_text(out: Console, story: Story, cut: list[Cut]) -> None:
    """The story's text, and among it what was cut."""
    blocks = [block["text"] for block in story.row["blocks"]]
    for place in range(len(blocks) + 1):
        for piece in cut:
            if piece.block == place:
                show(out)
                show(out, safe(f"[cut by {piece.rule}] ", "magenta"), safe(piece.text, FAINT))
        if place < len(blocks):
            show(out)
            show(out, safe(blocks[place]))
    if not blocks:
        show(out, safe("no text is stored", FAINT))


def tell_edits(out: Console, story: Story) -> None:
    """What changed, the first change first."""
    for edit in story.edits:
        show(out)
        show(out, safe(f"change {edit.number}: {', '.join(label(edit.before, edit.after))}", "bold"))
        show(out, safe(bounds(edit), FAINT))
        for name, line in changed_lines(edit, plain=not out.is_terminal, context=CONTEXT):
            show(out, f"{name}: ", line)
    if not story.edits:
        show(out)
        show(out, "no change is known")


def as_object(story: Story, *, diff: bool, cut: bool) -> dict[str, Any]:
    """The story for programs."""
    fields = {name: value for name, value in story.row.items() if name not in OUTSIDE}
    parts: dict[str, Any] = {"authors": story.authors, "tags": story.tags, "aliases": story.aliases}
    parts |= {"duplicate_of": story.duplicate_of, "revision_count": len(story.edits)}
    if diff:
        parts["edits"] = [edit_as_object(edit, label(edit.before, edit.after)) for edit in story.edits]
    if cut:
        parts["cut"] = [vars(piece) for piece in story.cut]
    return {**fields, **parts}
