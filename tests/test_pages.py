"""Saved pages, and what stands on them: pages/<name>/{page.html, page.json, article.json}, as probe saves them.

article.json is checked by reading the page. A fact that it leaves out is not compared.
"""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from kicrawl.boilerplate import strip
from kicrawl.commands.probe import reading_of
from kicrawl.loaders import load_article
from kicrawl.page import read_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*/article.json"))


@pytest.mark.parametrize("gold", PAGES, ids=lambda path: path.parent.name)
def test_a_saved_page_is_read_exactly(gold: Path) -> None:
    note = json.loads(gold.with_name("page.json").read_text(encoding="utf-8"))
    root = urljoin(note["url"], "/").rstrip("/")
    page = read_page(gold.with_name("page.html").read_bytes(), note["url"], note["content_type"], root=root)
    reading = json.loads(json.dumps(reading_of(strip(load_article(page))), default=lambda time: time.isoformat()))
    for name, expected in json.loads(gold.read_text(encoding="utf-8")).items():
        assert reading[name] == expected, name
