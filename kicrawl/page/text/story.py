"""What a plain text (WET, .txt) says of its story, by the order of lines alone.

The order is that of site.md, "What a page says, in order". Where lines do not say what they are, nothing is guessed: a
page that begins with its first paragraph has no title.
"""

from dataclasses import dataclass, field

from kicrawl import items
from kicrawl.page.credit import split_caption
from kicrawl.page.facts import Facts
from kicrawl.page.text.captions import mark_captions
from kicrawl.page.text.end import find_end, read_author_boxes, read_card, read_inner_cards
from kicrawl.page.text.head import find_meta, find_title, read_head
from kicrawl.page.text.sheet import BULLET, Sheet, new_sheet, read_lines
from kicrawl.site import urls


@dataclass(slots=True)
class TextPage:
    """What a plain text says."""

    facts: Facts = field(default_factory=Facts)
    blocks: list[items.Block] = field(default_factory=list)


def read_text(text: str, url: str) -> TextPage:
    """A story's facts and blocks from the lines of its page."""
    sheet = new_sheet(read_lines(text), urls.slug_of(url))
    meta = find_meta(sheet)
    start = read_head(sheet, find_title(sheet, meta), meta)
    stop = find_end(sheet, start)
    read_author_boxes(sheet, stop)
    read_inner_cards(sheet, start, stop)
    read_card(sheet, start, stop)
    mark_captions(sheet, start, stop)
    blocks = [_block(sheet, index, start, stop) for index in range(len(sheet.lines))]
    _state_pictures(sheet.facts, blocks)
    return TextPage(sheet.facts, blocks)


def _block(sheet: Sheet, index: int, start: int, stop: int) -> items.Block:
    line = sheet.lines[index]
    place: items.Place = "body" if start <= index < stop else "head" if index < start else "after"
    kind = sheet.kinds[index]
    if kind == "paragraph" and BULLET.match(line) and place == "body":
        kind, line = "list_item", BULLET.sub("", line)
    return items.Block(kind=kind, text=line, place=place, container=sheet.what[index])


def _state_pictures(facts: Facts, blocks: list[items.Block]) -> None:
    facts.captions = [block.text for block in blocks if block.kind == "caption"]
    facts.state("images", "visible", [_image(text) for text in facts.captions])


def _image(caption: str) -> items.Image:
    text, credit = split_caption(caption)
    return items.Image(caption=text, credit=credit)
