"""A response or a plain text as what it states: which kind of page it is, its facts with their sources, its blocks.

Pure: the same bytes give the same page. Bad bytes give a page with a kind that says so, never an exception.
"""

from kicrawl.page.decoding import MAX_CHARACTERS, decode
from kicrawl.page.document import read_html
from kicrawl.page.page import Page
from kicrawl.page.plain import read_plain
from kicrawl.site import urls

__all__ = ["Page", "read_page"]


def read_page(
    body: bytes | str, url: str, content_type: str | None = None, root: str = urls.ROOT, *, any_address: bool = False
) -> Page:
    """Read a response's body.

    `content_type` is the header as sent; text/plain is read as text (unless it is HTML), all else as HTML. `root` is
    the site whose addresses count as the newspaper's own. `any_address` takes the page for a story whatever its address
    looks like.
    """
    page = Page(kind="other", url=url, root=root, any_address=any_address)
    if len(body) > MAX_CHARACTERS:
        page.warnings.append("cut_off")
    text, fits = decode(body, content_type)
    if not fits:
        page.warnings.append("charset_wrong")
    if text is None:
        page.kind = "binary"
    elif not text.strip():
        page.kind = "empty"
    elif (content_type or "").lower().startswith("text/plain") and not is_html(text):
        read_plain(page, text)
    else:
        read_html(page, text)
    return page


def is_html(text: str) -> bool:
    """Whether a text begins as a page does, whatever it was called.

    >>> is_html("<!DOCTYPE html><html>"), is_html("A headline in <b>bold</b>")
    (True, False)
    """
    return text[:200].lstrip("\ufeff \t\r\n").lower().startswith(("<!doctype html", "<html"))
