"""The measuring itself: what is scrambled, what is saved, and what is said without a gold."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks import warcs
from benchmarks.foreign import word_f1
from benchmarks.memory import resident
from benchmarks.peers import OURS, readers
from benchmarks.scramble import scramble
from benchmarks.warcs import Saved

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>A ferry</title>
<meta property="og:title" content="A ferry"><meta property="article:published_time" content="2024-01-01">
<script>let story = 1</script></head><body><main id="content"><article class="story"><h1>A ferry</h1>
<p class="text" data-n="1">It sank — twice.</p></article></main></body></html>""".encode()


def test_a_scrambled_page_keeps_its_text_and_no_name():
    page = scramble(PAGE, 1).decode()

    assert "It sank — twice." in page
    assert not [name for name in ("og:", "article", "<main", "story", "text", "data-n", "content") if name in page]


def test_a_page_is_scrambled_the_same_way_by_the_same_seed():
    assert scramble(PAGE, 1) == scramble(PAGE, 1) != scramble(PAGE, 2)


def test_pages_come_out_of_a_warc_file_as_they_went_in(tmp_path):
    page = Saved("https://kyivindependent.com/a-ferry/", PAGE, "text/html; charset=utf-8")
    warcs.write([page], tmp_path / "pages.warc.gz")

    assert list(warcs.pages(tmp_path / "pages.warc.gz")) == [page]


def test_words_in_common_count_from_both_sides():
    assert word_f1("a b c d", "a b") == 2 / 3


def test_without_a_gold_accuracy_says_so_and_is_content(tmp_path):
    program = Path(__file__).parents[1] / "benchmarks" / "accuracy.py"
    done = subprocess.run([sys.executable, program, "--gold", tmp_path], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert done.stdout.startswith("no gold in ")


def test_our_reader_stands_beside_the_peers_that_are_installed():
    article = readers()[OURS](Saved("https://kyivindependent.com/a-ferry/", PAGE, "text/html; charset=utf-8"))

    assert article.title == "A ferry"


def test_memory_is_looked_at_as_long_as_a_program_lives():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()

    assert resident(os.getpid()) > resident(ended.pid) == 0
