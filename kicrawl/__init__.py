"""kicrawl: a complete, current, clean and honest SQL archive of the Kyiv Independent."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kicrawl import items

__version__ = "0.1.0"


def read_article(body: bytes | str, url: str, content_type: str | None = None) -> "items.Article":
    """Read one page (HTML, or text/plain by `content_type`) and strip it, without crawler or database.

    Any newspaper's page may be tried; addresses of the page's own host count as the newspaper's. Nothing raises on bad
    bytes: an article without a title and with `body` None says that no story was found.
    """
    from kicrawl.boilerplate import strip
    from kicrawl.loaders import load_article
    from kicrawl.page import read_page
    from kicrawl.site import urls

    if urls.on_site(url):
        return strip(load_article(read_page(body, url, content_type)))
    root = urls.root_of(url)
    return strip(load_article(read_page(body, url, content_type, root, any_address=True)))
