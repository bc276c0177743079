"""What the first lines of a plain text state: headline, kicker, date, byline."""

import re

from kicrawl import items
from kicrawl.page.characters import ends_sentence, squash
from kicrawl.page.credit import CREDIT
from kicrawl.page.lines import AUDIO_NOTE, is_meta, known_line
from kicrawl.page.moments import read_shown_moment, read_updated_moment, without_moment
from kicrawl.page.shown.byline import split_names
from kicrawl.page.shown.dates import words_before_update
from kicrawl.page.text.sheet import Sheet
from kicrawl.site import labels, phrases, words

MAX_NAMES = 100  # of one story
HEAD_LINES = 60  # a headline stands within the first lines or nowhere


def find_meta(sheet: Sheet) -> int | None:
    """The line with reading time, date or byline that stands at the headline."""
    for index, line in enumerate(sheet.lines[:HEAD_LINES]):
        timed = len(line) < 200 and phrases.READING_TIME.search(line)
        if timed or _is_dated(line) or (phrases.BYLINE.match(line) and _is_short(line)):
            return index
    return None


def find_title(sheet: Sheet, meta: int | None) -> int | None:
    """The line that is the headline: right before date and byline, else the one that the address repeats."""
    if meta is not None:
        before = meta - 1
        if before >= 0 and known_line(sheet.lines[before]) is None and sheet.folded[before] not in labels.TEXT_ENDS:
            return before
        return None
    found = [(_likeness(sheet, line), -index) for index, line in enumerate(sheet.lines[:HEAD_LINES])]
    best = max(found, default=(0.0, 0))
    return -best[1] if best[0] >= 0.7 else None


def read_head(sheet: Sheet, title: int | None, meta: int | None) -> int:
    """The facts at the headline; gives the index of the first line that may be the story's."""
    facts = sheet.facts
    head = -1
    if title is not None:
        facts.state("title", "visible", sheet.lines[title])
        sheet.what[title] = "headline"
        _read_kicker(sheet, title)
        head = title
    if meta is not None:
        _read_meta(sheet, meta)
        head = max(head, meta)
    start = head + 1
    while start < len(sheet.lines) and _belongs_to_head(sheet, start, title):
        start += 1
    for index in range(min(start, len(sheet.lines))):
        if sheet.what[index] is None:
            sheet.what[index] = "before_headline" if index < head else "under_headline"
    return start


def _is_dated(line: str) -> bool:
    return len(line) < 200 and read_shown_moment(line) is not None and not ends_sentence(line)


def _is_short(line: str) -> bool:
    return len(line) < 120 and not ends_sentence(line)


def _likeness(sheet: Sheet, line: str) -> float:
    """How far the line is what the address says. Slugs do not follow headlines: this only finds, never proves."""
    if len(line) > 250 or len(sheet.slug) < 12:
        return 0.0
    ours = set(re.findall(r"\w+", words.fold(line).replace("'s", "s")))
    theirs = set(re.findall(r"\w+", words.fold(sheet.slug.replace("-", " "))))
    return len(ours & theirs) / max(len(ours | theirs), 1)


def _read_kicker(sheet: Sheet, title: int) -> None:
    index = title - 1
    while index >= 0 and known_line(sheet.lines[index]) is not None:
        index -= 1
    if index < 0 or len(sheet.lines[index]) > 250 or ends_sentence(sheet.lines[index]):
        return
    names = [squash(name) for name in sheet.lines[index].split(",")]
    if len(names) == 1 and sheet.folded[index] not in labels.KNOWN_TAGS:
        return
    if any(len(name.split()) > 5 or not name for name in names):
        return
    sheet.what[index] = "kicker"
    sheet.facts.state("kicker", "visible", names[0])
    if len(names) > 1:
        sheet.facts.state("tags", "visible", names)


def _read_meta(sheet: Sheet, index: int) -> None:
    facts, line = sheet.facts, sheet.lines[index]
    minutes = phrases.READING_TIME.search(line)
    facts.state("reading_minutes", "visible", int(minutes[1] or minutes[2]) if minutes else None)
    facts.state("published_at", "visible", read_shown_moment(words_before_update(line)))
    facts.state("modified_at", "visible", read_updated_moment(line))
    sheet.what[index] = "byline" if "by " in line else "date"
    names = _bylined(line)
    sheet.names = names
    facts.state("authors", "byline", [items.Author(name=name) for name in names])


def _bylined(line: str) -> list[str]:
    text = phrases.READING_TIME.sub("", line)
    if phrases.BY.match(text):
        text = phrases.BY.sub("", without_moment(text))
    elif (glued := re.search(r"[ap]\.?m\.?\s*by\s+(.+)$", text, re.I)) is not None:
        text = glued[1]
    else:
        return []
    return [name for part in split_names(text) if (name := squash(part)) and len(name) < 80]


def _belongs_to_head(sheet: Sheet, index: int, title: int | None) -> bool:
    """Whether a line after the headline is still not the story: the repeated headline, names, buttons."""
    line = sheet.lines[index]
    if title is not None and sheet.folded[index] == sheet.folded[title]:
        sheet.what[index] = "title_again"
        return True
    rule = known_line(line)
    if rule is not None and rule != AUDIO_NOTE:
        return True
    if is_meta(line) and len(line) < 120:
        _read_meta(sheet, index)
        return True
    return _is_name_twice(sheet, index) or _is_role(sheet, index)


def _is_name_twice(sheet: Sheet, index: int) -> bool:
    line = sheet.lines[index]
    near = sheet.lines[max(0, index - 1) : index] + sheet.lines[index + 1 : index + 2]
    if line not in near or len(line) > 60 or ends_sentence(line):
        return False
    sheet.what[index] = "byline"
    if line not in sheet.names and len(sheet.names) < MAX_NAMES:
        sheet.names.append(line)
        sheet.facts.state("authors", "byline", [items.Author(name=name) for name in sheet.names])
    return True


def _is_role(sheet: Sheet, index: int) -> bool:
    """Opinion pieces: `Name`, `Name`, role. The line after is the role unless it is a sentence or a caption."""
    line = sheet.lines[index]
    if index < 2 or sheet.what[index - 1] != "byline" or sheet.lines[index - 1] != sheet.lines[index - 2]:
        return False
    if len(line) > 70 or ends_sentence(line) or CREDIT.search(line):
        return False
    sheet.what[index] = "byline"
    sheet.facts.people.append(items.Author(name=sheet.names[-1], role=line))
    return True
