"""Which lines of a plain text are captions."""

from kicrawl.page.credit import GLUED_CREDIT, credit_in
from kicrawl.page.lines import AUDIO_NOTE, known_line
from kicrawl.page.text.sheet import Sheet
from kicrawl.site import labels


def mark_captions(sheet: Sheet, start: int, stop: int) -> None:
    """Mark the captions among the lines of the story."""
    for index in range(start, stop):
        if sheet.what[index] is None and is_caption(sheet, index):
            sheet.kinds[index] = "caption"
    if start < stop and start > 0 and sheet.what[start] is None and _leads(sheet, start, stop):
        sheet.kinds[start] = "caption"


def is_caption(sheet: Sheet, index: int) -> bool:
    """A line that ends with a credit, or stands where a picture was."""
    line = sheet.lines[index]
    after_picture = index > 0 and sheet.folded[index - 1] == labels.PICTURE
    if after_picture and len(line) < 400:
        return True
    return len(line) < 900 and (credit_in(line) is not None or GLUED_CREDIT.search(line) is not None)


def _leads(sheet: Sheet, start: int, stop: int) -> bool:
    """Whether the first line after the headline is the lead picture's caption though it has no credit.

    The repeated headline is the picture's own text; the line about audio follows the picture.
    """
    repeated = sheet.what[start - 1] == "title_again"
    audio = start + 1 < len(sheet.lines) and known_line(sheet.lines[start + 1]) == AUDIO_NOTE
    return (repeated or audio) and stop - start > 1
