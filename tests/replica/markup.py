"""How the text of a story file is written: paragraphs, a few marks, and `@` lines for everything that is not prose.

A paragraph is one line, with *emphasis*, **bold**, [linked words](https://example.org/); two backslashes break it.
## a subhead, ### a smaller one      - list item      + numbered list item      > quote      >> aside
@image file.jpg | caption | (credit)        @card slug | title | excerpt        @appeal donate
@callout text, @toggle heading | text, @gate, ...: see DIRECTIVES
"""

import html
import re
from dataclasses import dataclass, field

# Every `@` line and what its parts, divided by " | ", mean. A part left out is "".
DIRECTIVES = {
    "image": ("file", "caption", "credit"),  # a figure in the text
    "gallery": ("files", "caption", "credit"),  # several pictures, one caption; files divided by commas
    "card": ("slug", "title", "excerpt"),  # a card that leads to another story
    "appeal": ("name",),  # an appeal of furniture.toml in the middle of the text
    "embed": ("provider", "url"),  # a post or film of another site
    "bookmark": ("url", "title", "excerpt", "publisher", "author"),  # a card that leads to another site
    "callout": ("text",),
    "toggle": ("heading", "text"),
    "audio": ("title",),
    "video": ("file", "caption"),
    "file": ("title", "excerpt", "name", "size"),
    "product": ("title", "text", "button"),
    "signup": ("heading", "text"),  # stands in the HTML, hidden by display:none
    "html": ("source",),
    "button": ("text", "url"),
    "hr": (),
    "empty": (),  # a paragraph with nothing in it
    "gate": (),  # what follows is for members only
}
LINES = (("### ", "h3"), ("## ", "h2"), ("- ", "ul"), ("+ ", "ol"), (">> ", "aside"), ("> ", "quote"))
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass
class Block:
    """One piece of a story as it was written."""

    kind: str  # p, h2, h3, ul, ol, quote, aside, or a name of DIRECTIVES
    text: str = ""  # as written, marks included
    items: list[str] = field(default_factory=list)  # of a list
    data: dict[str, str] = field(default_factory=dict)  # of a directive

    @property
    def html(self) -> str:
        return inline_html(self.text)


def read_blocks(source: str) -> list[Block]:
    """The blocks of a story's text, one line each; neighbouring list items are one list."""
    blocks: list[Block] = []
    for line in filter(str.strip, source.split("\n")):
        block = read_line(line)
        if block.items and blocks and blocks[-1].kind == block.kind:
            blocks[-1].items += block.items
        else:
            blocks.append(block)
    return blocks


def read_line(line: str) -> Block:
    """One line as a block; an `@` line of an unknown name is an error."""
    if line.startswith("@"):
        name, _, rest = line[1:].partition(" ")
        parts = [part.strip() for part in rest.split(" | ")] if rest.strip() else []
        names = DIRECTIVES[name]
        if len(parts) > len(names):
            raise ValueError(f"@{name} takes {len(names)} parts: {line[:60]}")
        return Block(name, data=dict(zip(names, parts + [""] * (len(names) - len(parts)), strict=True)))
    for mark, kind in LINES:
        if line.startswith(mark):
            text = line.removeprefix(mark)
            return Block(kind, items=[text]) if kind in ("ul", "ol") else Block(kind, text)
    return Block("p", line)


def inline_html(text: str) -> str:
    """The marks of a line as HTML.

    >>> inline_html('*No* & [yes](https://example.org/)')
    '<em>No</em> &amp; <a href="https://example.org/">yes</a>'
    """
    text = html.escape(text, quote=False)
    text = LINK.sub(r'<a href="\2">\1</a>', text)
    text = text.replace("\\\\", "<br>")
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", text)


def plain(text: str) -> str:
    """A line as a reader sees it: no marks, white space folded.

    >>> plain("**All** of  [it](https://example.org/)")
    'All of it'
    """
    text = LINK.sub(r"\1", text)
    text = text.replace("\\\\", " ")
    text = re.sub(r"\*{1,2}(.+?)\*{1,2}", r"\1", text)
    return " ".join(text.split())
