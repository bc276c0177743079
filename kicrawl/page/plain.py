"""What a response of plain text states."""

from kicrawl.page.page import Page
from kicrawl.page.text.author import read_author_text
from kicrawl.page.text.sheet import read_lines
from kicrawl.page.text.story import read_text
from kicrawl.site import urls


def read_plain(page: Page, text: str) -> None:
    """Read a text into its page: an author page, a story, or a list, of which a text tells nothing."""
    page.medium = "text"
    if urls.author_url(page.url, page.root):
        page.kind = "author"
        page.author = read_author_text(text, page.url, page.root)
        page.cards = page.author.stories
    elif not read_lines(text):
        page.kind = "empty"
    elif urls.on_site(page.url, page.root) and urls.story_url(page.url, page.root) is None:
        page.kind = "list" if urls.is_list(page.url, page.root) else "other"
    else:
        page.kind = "story"
        page.canonical = urls.story_url(page.url, page.root)
        read = read_text(text, page.url)
        page.facts, page.blocks = read.facts, read.blocks
