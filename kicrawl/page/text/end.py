"""Where the story of a plain text ends, and what the card and the author boxes at its end say."""

import re

from kicrawl import items
from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import known_line
from kicrawl.page.text.captions import is_caption
from kicrawl.page.text.sheet import BULLET, Sheet
from kicrawl.site import labels, phrases, words


def find_end(sheet: Sheet, start: int) -> int:
    """The index of the first line after the story."""
    names = {words.fold(name) for name in sheet.names}
    for index in range(start, len(sheet.lines)):
        line = sheet.folded[index]
        if line == labels.AVATAR or labels.AUTHOR_PREFIX.match(sheet.lines[index]):
            return index
        if index > start and (
            line in labels.TEXT_ENDS or line in names or known_line(sheet.lines[index]) == "appeal_heading"
        ):
            return index
        if index > start + 1 and phrases.TIME_ONLY.match(sheet.lines[index]):
            return index
    return len(sheet.lines)


def read_author_boxes(sheet: Sheet, stop: int) -> None:
    """`Avatar` / name / role / bio / `Read more`, or `Author: X`; once per author."""
    index = stop
    while index < len(sheet.lines):
        if sheet.folded[index] == labels.AVATAR and index + 1 < len(sheet.lines):
            index = _read_person(sheet, index)
        elif labels.AUTHOR_PREFIX.match(sheet.lines[index]) and index == stop:
            sheet.what[index] = "author_box"
            name = labels.AUTHOR_PREFIX.sub("", sheet.lines[index])
            sheet.facts.people.append(items.Author(name=name))
            index += 1
        else:
            break
    people = sheet.facts.people
    sheet.facts.state("authors", "author_box", [items.Author(name=person.name) for person in people])
    for index in range(stop, len(sheet.lines)):
        sheet.what[index] = sheet.what[index] or "after_story"


def read_card(sheet: Sheet, start: int, stop: int) -> None:
    """The card at the story's end: a headline, and perhaps one teaser; then only picture names and publishers."""
    end = _card_end(sheet, start, stop)
    if "card" in sheet.what[max(start, end - 2) : stop]:
        return
    if stop == len(sheet.lines) or end - start < 2:
        return
    title = next((index for index in (end - 1, end - 2) if index > start and _is_card_title(sheet, index)), None)
    if title is None:
        return
    excerpt = sheet.lines[title + 1] if title + 1 < end else None
    sheet.facts.related.append(items.Related(title=sheet.lines[title], excerpt=excerpt))
    sheet.what[title:stop] = ["card"] * (stop - title)


def read_inner_cards(sheet: Sheet, start: int, stop: int) -> None:
    """Cards between the paragraphs: a headline, and a teaser that is cut short or followed by the publisher's name."""
    for index in range(start + 1, stop):
        if sheet.what[index] is not None or sheet.what[index - 1] is not None:
            continue
        signed = index + 1 < stop and _is_publisher(sheet, index + 1)
        cut = len(sheet.lines[index]) > 60 and sheet.lines[index].endswith(("…", "..."))
        if (signed or cut) and _is_card_title(sheet, index - 1):
            last = index + 1 if signed else index
            _mark_card(sheet, index - 1, index, last + _names_author(sheet, last + 1, stop))
        elif _is_publisher(sheet, index) and _is_card_title(sheet, index - 1):
            _mark_card(sheet, index - 1, None, index + _names_author(sheet, index + 1, stop))


def _names_author(sheet: Sheet, index: int, stop: int) -> int:
    """1 where a card's author stands in a line of its own after the publisher, else 0."""
    if index >= stop or sheet.folded[index - 1] != labels.PUBLISHER:
        return 0
    words_ = sheet.lines[index].split()
    return int(
        1 < len(words_) < 5 and all(word[:1].isupper() for word in words_) and known_line(sheet.lines[index]) is None
    )


def _mark_card(sheet: Sheet, title: int, excerpt: int | None, last: int) -> None:
    text = sheet.lines[excerpt] if excerpt is not None else None
    sheet.facts.related.append(items.Related(title=sheet.lines[title], excerpt=text))
    sheet.what[title : last + 1] = ["card"] * (last + 1 - title)


def _card_end(sheet: Sheet, start: int, stop: int) -> int:
    """The index after the last words of a card that may stand at the story's end."""
    end = stop
    while end > start and (sheet.folded[end - 1] == labels.PICTURE or _is_publisher(sheet, end - 1)):
        end -= 1
    return end


def _read_person(sheet: Sheet, index: int) -> int:
    """Read one author box; gives the index of the line after it."""
    sheet.what[index] = sheet.what[index + 1] = "author_box"
    person = items.Author(name=sheet.lines[index + 1])
    index += 2
    texts: list[str] = []
    while (
        index < len(sheet.lines)
        and sheet.folded[index] not in labels.TEXT_ENDS
        and sheet.folded[index] != labels.AVATAR
    ):
        sheet.what[index] = "author_box"
        if sheet.folded[index] in labels.READ_MORE:
            index += 1
            break
        texts.append(sheet.lines[index])
        index += 1
    if texts and len(texts[0]) < 80 and not ends_sentence(texts[0]):
        person.role = texts.pop(0)
    person.bio = "\n\n".join(texts) or None
    sheet.facts.people.append(person)
    return index


def _is_publisher(sheet: Sheet, index: int) -> bool:
    """`The Kyiv Independent` with an author glued on: the last line of layout B's card."""
    line = sheet.lines[index]
    return sheet.folded[index].startswith(labels.PUBLISHER) and len(line) < 80 and not ends_sentence(line)


def _is_card_title(sheet: Sheet, index: int) -> bool:
    line = sheet.lines[index]
    if (
        not 15 <= len(line) <= 200
        or re.search(r"[.:;,…][\"'”’)]*$", line)
        or BULLET.match(line)
        or is_caption(sheet, index)
    ):
        return False
    return known_line(line) is None and sheet.folded[index - 1] != labels.PICTURE
