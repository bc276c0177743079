"""What do today's rules read from a capture? Only that tells an edit by the publisher from a better rule of ours."""

from kicrawl import boilerplate, items
from kicrawl.loaders import load_article
from kicrawl.page import read_page
from kicrawl.saved import read_capture


def reread(capture: items.SavedResponse, root: str, rules: boilerplate.Rules) -> items.Article | None:
    """The story in a capture, its blocks with their roles; None where the record is lost or tells no story."""
    saved = read_capture(capture)
    if saved is None:
        return None
    page = read_page(saved.body, capture.url, saved.content_type, root=root)
    if page.kind != "story":
        return None
    article = load_article(page, seen_at=capture.fetched_at)
    article.capture = capture
    return boilerplate.strip(article, rules) if article.title else None
