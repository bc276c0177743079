"""Other programs that read a page, each called as its documentation says, beside ours."""

from collections.abc import Callable
from importlib.util import find_spec

from benchmarks.warcs import Saved

Reader = Callable[[Saved], object]
OURS = "kicrawl"


def readers() -> dict[str, Reader]:
    """Ours, and the peers that are installed (requirements-bench.lock), by name."""
    makers = {
        "trafilatura": _trafilatura,
        "newspaper": _newspaper,
        "resiliparse": _resiliparse,
    }
    found = _ours()
    for package, make in makers.items():
        found |= make() if find_spec(package) else {}
    return found


def _ours() -> dict[str, Reader]:
    from lxml.html import document_fromstring

    from kicrawl import read_article

    return {
        OURS: lambda page: read_article(page.body, page.url, page.content_type),
        "lxml, parsing alone": lambda page: document_fromstring(page.body),
    }


def _trafilatura() -> dict[str, Reader]:
    """With the facts that a clean item has beside its text, and, as is the default, without."""
    from trafilatura import bare_extraction, extract

    return {
        "trafilatura": lambda page: bare_extraction(page.body, url=page.url, with_metadata=True),
        "trafilatura, fast": lambda page: bare_extraction(page.body, url=page.url, with_metadata=True, fast=True),
        "trafilatura, text alone": lambda page: extract(page.body, url=page.url),
        "trafilatura, fast, text alone": lambda page: extract(page.body, url=page.url, fast=True),
    }


def _newspaper() -> dict[str, Reader]:
    from newspaper import Article

    def read(page: Saved) -> object:
        article = Article(page.url)
        article.download(input_html=page.body.decode("utf-8", "replace"))
        article.parse()
        return article

    return {"newspaper4k": read}


def _resiliparse() -> dict[str, Reader]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(page: Saved) -> object:
        return extract_plain_text(HTMLTree.parse_from_bytes(page.body), main_content=True)

    return {"resiliparse, text alone": read}
