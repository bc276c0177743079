"""A small HTML tree, and the many ways in which servers write one down."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

VOID = frozenset("img br wbr hr input meta link source".split())
INLINE = frozenset(
    """a span em strong b i u small font time img button wbr sup sub svg label input br abbr mark cite picture
    source""".split()
)
NAMED = {"\u00a0": "&nbsp;", "’": "&rsquo;", "‘": "&lsquo;", "“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;"}


@dataclass
class Node:
    """An element; children are elements, texts (escaped on writing) and Raw markup."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Child"] = field(default_factory=list)


class Raw(str):
    """Markup that is written as it stands: scripts, comments."""


Child = Node | Raw | str


@dataclass(frozen=True)
class Style:
    """How a tree is written down."""

    spacing: str = "minified"  # minified, lines (a line per block), pretty (indented), wrapped (texts broken too)
    entities: str = "plain"  # plain, named, numeric
    quotes: str = '"'
    open_p: bool = False  # leave out </p> where HTML lets one
    upper: bool = False


def el(tag: str, *children: "Child | list[Child] | None", cls: str | None = None, **attrs: str | None) -> Node:
    """An element. None children and attributes are left out; `for_` and `data_x` become for and data-x."""
    flat: list[Child] = []
    for child in children:
        if isinstance(child, list):
            flat += [one for one in child if one is not None]
        elif child is not None:
            flat.append(child)
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items() if value is not None}
    return Node(tag, ({"class": cls} if cls else {}) | named, flat)


def write(node: Child, style: Style, depth: int = 0) -> str:
    """The markup of a tree."""
    if isinstance(node, Raw):
        return str(node)
    if isinstance(node, str):
        return encode(node, style.entities)
    inner = _inner(node, style, depth)
    tag = node.tag.upper() if style.upper and "-" not in node.tag else node.tag
    start = f"<{tag}{_attributes(node, style)}>"
    return start + inner if node.tag in VOID else f"{start}{inner}</{tag}>"


def encode(text: str, how: str) -> str:
    """The text with its special characters as entities of one kind, or plain."""
    text = escape(text, quote=False)
    if how == "numeric":
        return re.sub(r"[^\x00-\x7f]|'|\"", lambda found: f"&#{ord(found[0])};", text)
    if how == "named":
        return re.sub("|".join(NAMED), lambda found: NAMED[found[0]], text)
    return text


def text_of(node: Child) -> str:
    """The text of a tree, as written (comments and scripts left out)."""
    if isinstance(node, Node):
        return "".join(text_of(child) for child in node.children)
    return "" if isinstance(node, Raw) else node


def walk(node: Child) -> Iterator[Node]:
    """Every element of a tree."""
    if isinstance(node, Node):
        yield node
        for child in node.children:
            yield from walk(child)


def _attributes(node: Node, style: Style) -> str:
    out = ""
    for name, value in node.attrs.items():
        value = escape(value, quote=False).replace(style.quotes, "&quot;" if style.quotes == '"' else "&#39;")
        out += f" {name}={style.quotes}{value}{style.quotes}"
    return out


def _inner(node: Node, style: Style, depth: int) -> str:
    if node.tag in VOID:
        return ""
    runs = list(_runs(node))
    if style.spacing == "minified" or node.tag in INLINE or node.tag in ("noscript", "title", "textarea"):
        return "".join(write(child, style, depth + 1) for child in node.children)
    indent = "\n" + ("" if style.spacing == "lines" else "  " * depth)
    if all(isinstance(run, list) for run in runs):
        return "".join(_written_run(run, style, depth, indent) for run in runs)
    lines = []
    for position, run in enumerate(runs):
        if isinstance(run, list):
            lines.append(_written_run(run, style, depth + 1, indent + "  "))
            continue
        markup = write(run, style, depth + 1)
        following = runs[position + 1] if position + 1 < len(runs) else None
        if style.open_p and run.tag == "p" and (following is None or getattr(following, "tag", "") == "p"):
            markup = markup[: -len("</p>")]
        lines.append(markup)
    return indent + indent.join(lines) + indent


def _written_run(run: list[Child], style: Style, depth: int, indent: str) -> str:
    written = "".join(write(child, style, depth) for child in run)
    if style.spacing != "wrapped" or len(written) < 110 or "<script" in written or "<noscript" in written:
        return written
    lines = textwrap.wrap(written, 100, break_long_words=False, break_on_hyphens=False)
    return indent + indent.join(lines) + indent


def _runs(node: Node) -> Iterator["Node | list[Child]"]:
    """The children: block elements one by one, what stands between them as lists."""
    run: list[Child] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag not in INLINE:
            if run:
                yield run
            run = []
            yield child
        else:
            run.append(child)
    if run:
        yield run
