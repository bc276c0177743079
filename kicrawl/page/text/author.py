"""What the plain text of an author page says: name, role, bio, and the cards of the stories."""

from collections.abc import Iterator

from kicrawl import items
from kicrawl.page.author import state
from kicrawl.page.characters import ends_sentence
from kicrawl.page.credit import CREDIT
from kicrawl.page.lines import known_line
from kicrawl.page.text.sheet import read_lines
from kicrawl.site import labels, phrases, urls, words


def read_author_text(text: str, url: str, root: str) -> items.Author:
    """An author page from the lines of its text: `Team`, [portrait], name, role, bio, `Articles`, cards."""
    lines = read_lines(text)
    folded = [words.fold(line) for line in lines]
    author = items.Author(url=urls.author_url(url, root), slug=urls.slug_of(urls.author_url(url, root) or url))
    start = _name_line(lines, folded)
    stop, cards = _find_cards(lines, folded, start)
    if start < len(lines) and not ends_sentence(lines[start]):
        state(author, "name", "visible", lines[start])
    else:  # a desk's page may show no name: what stands there is the bio, and the stories follow at once
        start, stop = start - 1, min(start + 1, len(lines))
        cards = len(lines)
        author.stories = list(_text_cards(lines[:start]))
    profile = [line for line in lines[start + 1 : stop] if line != author.name and not _no_profile(line)]
    if profile and len(profile[0]) < 100 and not ends_sentence(profile[0]):
        state(author, "role", "visible", profile.pop(0))
    state(author, "bio", "visible", "\n\n".join(line for line in profile if "@" not in line or " " in line))
    if author.name:
        author.stories = list(_text_cards(lines[cards:]))
    return author


def _find_cards(lines: list[str], folded: list[str], start: int) -> tuple[int, int]:
    """Where the profile ends and the cards begin: at `Articles`, else at the first title shown twice (layout B)."""
    for index in range(start, len(lines)):
        if folded[index] == labels.ARTICLES:
            return index, index + 1
    for index in range(start + 1, len(lines) - 1):
        if lines[index] == lines[index + 1] and lines[index] != lines[start]:
            return index, index
    return len(lines), len(lines)


def _no_profile(line: str) -> bool:
    return known_line(line) is not None or bool(labels.INQUIRIES.match(line)) or _is_mail(line)


def _is_mail(line: str) -> bool:
    name, _, host = line.partition("@")
    return bool(name and host) and " " not in line


def _name_line(lines: list[str], folded: list[str]) -> int:
    """The line with the name: after `Team` and the portrait's text, which is `<name> photo`."""
    start = folded.index(labels.TEAM) + 1 if labels.TEAM in folded else 0
    while start < len(lines) and (known_line(lines[start]) or labels.PORTRAIT.match(lines[start])):
        start += 1
    return start


def _text_cards(lines: list[str]) -> Iterator[items.Card]:
    """Cards by the order of their lines: [caption], title (in layout B twice), [by ...], excerpt.

    A last line alone is a title only if it is long enough to be one: stored texts are cut anywhere.
    """
    place = 0
    ends = (i for i, line in enumerate(lines) if words.fold(line) in labels.SECTION_HEADINGS)
    lines = lines[: next(ends, len(lines))]
    while place < len(lines):
        place = _skip_to_title(lines, place)
        if place >= len(lines):
            return
        card = items.Card(title=lines[place])
        if place == len(lines) - 1 and len(card.title) < 20:
            return
        place += 1
        if place < len(lines) and lines[place] == card.title:
            place += 1
        if place < len(lines) and phrases.BYLINE.match(lines[place]) and len(lines[place]) < 300:
            card.byline = lines[place]
            place += 1
        if place < len(lines) and (len(lines[place]) > 100 or ends_sentence(lines[place]) or place == len(lines) - 1):
            card.excerpt = lines[place]
            place += 1
        yield card


def _skip_to_title(lines: list[str], place: int) -> int:
    while place < len(lines) and (known_line(lines[place]) or _caption_before_title(lines, place)):
        place += 1
    return place


def _caption_before_title(lines: list[str], place: int) -> bool:
    """A caption is a sentence before a title; a title is followed by its byline, its twin or its excerpt."""
    line = lines[place]
    if CREDIT.search(line) and len(line) > 60:
        return True
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return ends_sentence(line) and len(line) > 40 and not phrases.BYLINE.match(following) and following != line
