"""A reader with a real browser: opens the start page, searches, sees what was cut, filters by author, sees charts."""

import os
from pathlib import Path

import pytest

from tests import chromium
from tests.crawled import crawled

if chromium.PROGRAM is None and not os.environ.get("CI"):
    pytest.skip("needs Debian's chromium", allow_module_level=True)

COLOUR = "element => getComputedStyle(element).backgroundColor"


@pytest.mark.slow
def test_a_reader_finds_a_story_what_was_cut_from_it_its_author_and_the_charts(tmp_path: Path) -> None:
    with crawled(tmp_path, count=40), chromium.browsed(tmp_path) as address, chromium.opened(address) as page:
        assert "40 stories, " in page.inner_text("h1")
        page.fill("input[name=q]", "ferry -market")
        page.click("text=Search")
        page.wait_for_selector("mark")
        page.click(".stories a >> nth=0")
        page.wait_for_selector(".piece.kept")
        assert page.title().startswith(page.inner_text("h1"))

        assert page.locator(".piece.kept").first.is_visible()
        page.click("text=cut above the story")
        cut = page.locator(".piece.cut").first
        assert cut.is_visible()
        assert "cut: " in cut.inner_text()
        assert cut.evaluate(COLOUR) != page.locator(".piece.kept").first.evaluate(COLOUR)

        page.click("text=kicrawl archive")
        page.click("section:has-text('Changed after publication') a >> nth=0")
        page.wait_for_selector("#earlier ins")

        page.goto(address)
        page.select_option("select[name=author]", label="Marit O'Sulla")
        page.click("text=Search")
        page.wait_for_selector(".stories")
        bylines = page.locator(".stories .about").all_inner_texts()
        assert len(bylines) > 5
        assert all("Marit O'Sulla" in byline for byline in bylines)

        page.click("nav >> text=Charts")
        page.wait_for_selector("#runs rect")
        boxes = [box.bounding_box() for box in page.locator("svg").all()]
        assert len(boxes) == 5
        assert all(box and box["width"] > 500 and box["height"] > 30 for box in boxes)
        assert page.locator("#runs rect.good").count() == 2

        page.click("text=what was cut, by rule")
        page.wait_for_selector("td.col-rule")
        assert page.locator("td.col-rule").count() > 10
        page.goto(f"{address}archive/article?_facet=kind&_search=ferry")
        assert page.locator("table.rows-and-columns tr").count() > 1
