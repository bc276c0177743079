"""Plain text (WET, .txt): the same facts and blocks, by the order of lines alone.

The order is that of site.md, "What a page says, in order". Where lines do not say what they are, nothing is guessed: a
page that begins with its first paragraph has no title.
"""

import re
from dataclasses import dataclass, field

from kicrawl import items
from kicrawl.page.facts import Facts
from kicrawl.page.moments import read_shown_moment, read_updated_moment, without_moment
from kicrawl.page.structure import BYLINE, CREDIT, GLUED_CREDIT, READING_TIME, TIME_ONLY, credit_in, is_meta, known_line
from kicrawl.page.tree import SENTENCE_END, squash
from kicrawl.page.visible import BY, split_caption, words_before_update
from kicrawl.site import urls, words

BULLET = re.compile(r"^[•‣▪◦·*\-–]\s+")
HEAD_LINES = 60  # a headline stands within the first lines or nowhere
MAX_LINES = 20_000
ENDS = frozenset(words.fold(line) for line in ("News Feed", "Editors' Picks", "MORE NEWS", "Most popular", "Show More"))
AVATAR = "avatar"
PICTURE = words.fold("Article image")
AUDIO = "audio_note"


@dataclass(slots=True)
class TextPage:
    """What a plain text says."""

    facts: Facts = field(default_factory=Facts)
    blocks: list[items.Block] = field(default_factory=list)


def read_lines(text: str) -> list[str]:
    """The non-empty lines of a text, white space folded."""
    return [line for raw in text.splitlines()[:MAX_LINES] if (line := squash(raw))]


def read_text(text: str, url: str) -> TextPage:
    """A story's facts and blocks from the lines of its page."""
    return _Reader(read_lines(text), urls.slug_of(url)).read()


class _Reader:
    def __init__(self, lines: list[str], slug: str) -> None:
        self.lines = lines
        self.folded = [words.fold(line) for line in lines]
        self.slug = slug
        self.what: list[str | None] = [None] * len(lines)  # a fact, a container, or None for the story's own
        self.kinds: list[items.BlockKind] = ["paragraph"] * len(lines)
        self.page = TextPage()
        self.names: list[str] = []

    def read(self) -> TextPage:
        meta = self.find_meta()
        title = self.find_title(meta)
        start = self.read_head(title, meta)
        stop = self.find_end(start)
        self.read_author_box(stop)
        self.read_card(start, stop)
        self.read_captions(start, stop)
        self.page.blocks = [self.block(index, start, stop) for index in range(len(self.lines))]
        self.page.facts.captions = [block.text for block in self.page.blocks if block.kind == "caption"]
        self.page.facts.state("images", "visible", [self.image(text) for text in self.page.facts.captions])
        return self.page

    # -- the head

    def find_meta(self) -> int | None:
        """The line with reading time, date or byline that stands at the headline."""
        for index, line in enumerate(self.lines[:HEAD_LINES]):
            if (
                len(line) < 200
                and READING_TIME.search(line)
                or self.is_dated(line)
                or BYLINE.match(line)
                and self.near(index)
            ):
                return index
        return None

    def is_dated(self, line: str) -> bool:
        return len(line) < 200 and read_shown_moment(line) is not None and not SENTENCE_END.search(line)

    def near(self, index: int) -> bool:
        return len(self.lines[index]) < 120 and not SENTENCE_END.search(self.lines[index])

    def find_title(self, meta: int | None) -> int | None:
        if meta is not None:
            before = meta - 1
            if before >= 0 and known_line(self.lines[before]) is None and self.folded[before] not in ENDS:
                return before
            return None
        found = [(self.likeness(line), -index) for index, line in enumerate(self.lines[:HEAD_LINES])]
        best = max(found, default=(0.0, 0))
        return -best[1] if best[0] >= 0.7 else None

    def likeness(self, line: str) -> float:
        """How far the line is what the address says. Slugs do not follow headlines: this only finds, never proves."""
        if len(line) > 250 or len(self.slug) < 12:
            return 0.0
        ours = set(re.findall(r"\w+", words.fold(line).replace("'s", "s")))
        theirs = set(re.findall(r"\w+", words.fold(self.slug.replace("-", " "))))
        return len(ours & theirs) / max(len(ours | theirs), 1)

    def read_head(self, title: int | None, meta: int | None) -> int:
        """The facts at the headline; gives the index of the first line that may be the story's."""
        facts = self.page.facts
        head = -1
        if title is not None:
            facts.state("title", "visible", self.lines[title])
            self.what[title] = "headline"
            self.read_kicker(title)
            head = title
        if meta is not None:
            self.read_meta(meta)
            head = max(head, meta)
        start = head + 1
        while start < len(self.lines) and self.belongs_to_head(start, title):
            start += 1
        for index in range(min(start, len(self.lines))):
            if self.what[index] is None:
                self.what[index] = "before_headline" if index < head else "under_headline"
        return start

    def read_kicker(self, title: int) -> None:
        index = title - 1
        while index >= 0 and known_line(self.lines[index]) is not None:
            index -= 1
        if index < 0 or len(self.lines[index]) > 250 or SENTENCE_END.search(self.lines[index]):
            return
        names = [squash(name) for name in self.lines[index].split(",")]
        if len(names) == 1 and self.folded[index] not in words.KNOWN_TAGS:
            return
        if any(len(name.split()) > 5 or not name for name in names):
            return
        self.what[index] = "kicker"
        self.page.facts.state("kicker", "visible", names[0])
        if len(names) > 1:
            self.page.facts.state("tags", "visible", names)

    def read_meta(self, index: int) -> None:
        facts, line = self.page.facts, self.lines[index]
        minutes = READING_TIME.search(line)
        facts.state("reading_minutes", "visible", int(minutes[1] or minutes[2]) if minutes else None)
        facts.state("published_at", "visible", read_shown_moment(words_before_update(line)))
        facts.state("modified_at", "visible", read_updated_moment(line))
        self.what[index] = "byline" if "by " in line else "date"
        names = self.bylined(line)
        self.names = names
        facts.state("authors", "byline", [items.Author(name=name) for name in names])

    def bylined(self, line: str) -> list[str]:
        text = READING_TIME.sub("", line)
        if BY.match(text):
            text = BY.sub("", without_moment(text))
        elif (glued := re.search(r"[ap]\.?m\.?\s*by\s+(.+)$", text, re.I)) is not None:
            text = glued[1]
        else:
            return []
        return [name for part in text.split(",") if (name := squash(part)) and len(name) < 80]

    def belongs_to_head(self, index: int, title: int | None) -> bool:
        """Whether a line after the headline is still not the story: the repeated headline, names, buttons."""
        line = self.lines[index]
        if title is not None and self.folded[index] == self.folded[title]:
            self.what[index] = "title_again"
            return True
        rule = known_line(line)
        if rule is not None and rule != AUDIO:
            return True
        if is_meta(line) and len(line) < 120:
            self.read_meta(index)
            return True
        return self.is_name_twice(index) or self.is_role(index)

    def is_name_twice(self, index: int) -> bool:
        line = self.lines[index]
        twice = index + 1 < len(self.lines) and self.lines[index + 1] == line or index and self.lines[index - 1] == line
        if not twice or len(line) > 60 or SENTENCE_END.search(line):
            return False
        self.what[index] = "byline"
        if line not in self.names:
            self.names.append(line)
            self.page.facts.state("authors", "byline", [items.Author(name=name) for name in self.names])
        return True

    def is_role(self, index: int) -> bool:
        """Opinion pieces: `Name`, `Name`, role. The line after is the role unless it is a sentence or a caption."""
        line = self.lines[index]
        if index < 2 or self.what[index - 1] != "byline" or self.lines[index - 1] != self.lines[index - 2]:
            return False
        if len(line) > 70 or SENTENCE_END.search(line) or CREDIT.search(line):
            return False
        self.what[index] = "byline"
        self.page.facts.people.append(items.Author(name=self.names[-1], role=line))
        return True

    # -- the end

    def find_end(self, start: int) -> int:
        """The index of the first line after the story."""
        names = {words.fold(name) for name in self.names}
        for index in range(start, len(self.lines)):
            line = self.folded[index]
            if line == AVATAR or words.AUTHOR_PREFIX.match(self.lines[index]):
                return index
            if index > start and (line in ENDS or line in names or known_line(self.lines[index]) == "appeal_heading"):
                return index
            if index > start + 1 and TIME_ONLY.match(self.lines[index]):
                return index
        return len(self.lines)

    def read_author_box(self, stop: int) -> None:
        """`Avatar` / name / role / bio / `Read more`, or `Author: X`; once per author."""
        index = stop
        while index < len(self.lines):
            if self.folded[index] == AVATAR and index + 1 < len(self.lines):
                index = self.read_person(index)
            elif words.AUTHOR_PREFIX.match(self.lines[index]) and index == stop:
                self.what[index] = "author_box"
                name = words.AUTHOR_PREFIX.sub("", self.lines[index])
                self.page.facts.people.append(items.Author(name=name))
                index += 1
            else:
                break
        people = self.page.facts.people
        self.page.facts.state("authors", "author_box", [items.Author(name=person.name) for person in people])
        for index in range(stop, len(self.lines)):
            self.what[index] = self.what[index] or "after_story"

    def read_person(self, index: int) -> int:
        self.what[index] = self.what[index + 1] = "author_box"
        person = items.Author(name=self.lines[index + 1])
        index += 2
        texts: list[str] = []
        while index < len(self.lines) and self.folded[index] not in ENDS and self.folded[index] != AVATAR:
            self.what[index] = "author_box"
            if self.folded[index] in words.READ_MORE:
                index += 1
                break
            texts.append(self.lines[index])
            index += 1
        if texts and len(texts[0]) < 80 and not SENTENCE_END.search(texts[0]):
            person.role = texts.pop(0)
        person.bio = "\n\n".join(texts) or None
        self.page.facts.people.append(person)
        return index

    def read_card(self, start: int, stop: int) -> None:
        """The card at the story's end: a headline, and perhaps one teaser; then only picture names and publishers."""
        end = stop
        while end > start and (
            self.folded[end - 1] == PICTURE or self.folded[end - 1].startswith("the kyiv independent")
        ):
            if self.folded[end - 1].startswith("the kyiv independent") and not self.is_publisher(end - 1):
                break
            end -= 1
        if stop == len(self.lines) or end - start < 2:
            return
        for title in (end - 1, end - 2):
            if title <= start or not self.is_card_title(title):
                continue
            excerpt = self.lines[title + 1] if title + 1 < end else None
            for index in range(title, stop):
                self.what[index] = "card"
            related = items.Related(title=self.lines[title], excerpt=excerpt)
            self.page.facts.related.append(related)
            return

    def is_publisher(self, index: int) -> bool:
        """`The Kyiv Independent` with an author glued on: the last line of layout B's card."""
        line = self.lines[index]
        return len(line) < 80 and not SENTENCE_END.search(line)

    def is_card_title(self, index: int) -> bool:
        line = self.lines[index]
        if not 15 <= len(line) <= 200 or re.search(r"[.:;,…]$", line) or BULLET.match(line) or self.is_caption(index):
            return False
        return known_line(line) is None and self.folded[index - 1] != PICTURE

    # -- captions

    def read_captions(self, start: int, stop: int) -> None:
        for index in range(start, stop):
            if self.what[index] is None and self.is_caption(index):
                self.kinds[index] = "caption"
        if start < stop and start > 0 and self.what[start] is None and self.leads(start, stop):
            self.kinds[start] = "caption"

    def is_caption(self, index: int) -> bool:
        """A line that ends with a credit, or stands where a picture was."""
        line = self.lines[index]
        after_picture = index > 0 and self.folded[index - 1] == PICTURE
        if after_picture and len(line) < 400:
            return True
        return len(line) < 900 and (credit_in(line) is not None or GLUED_CREDIT.search(line) is not None)

    def leads(self, start: int, stop: int) -> bool:
        """Whether the first line after the headline is the lead picture's caption though it has no credit.

        The repeated headline is the picture's own text; the line about audio follows the picture.
        """
        repeated = self.what[start - 1] == "title_again"
        audio = start + 1 < len(self.lines) and known_line(self.lines[start + 1]) == AUDIO
        return (repeated or audio) and stop - start > 1

    # -- blocks

    def block(self, index: int, start: int, stop: int) -> items.Block:
        line = self.lines[index]
        place: items.Place = "body" if start <= index < stop else "head" if index < start else "after"
        kind = self.kinds[index]
        if kind == "paragraph" and BULLET.match(line) and place == "body":
            kind, line = "list_item", BULLET.sub("", line)
        return items.Block(kind=kind, text=line, place=place, container=self.what[index])

    def image(self, caption: str) -> items.Image:
        text, credit = split_caption(caption)
        return items.Image(caption=text, credit=credit)
