"""Which source is believed first, per field, and how layouts are told apart.

Sources: embedded (the Ghost post in the page), h1, meta (article:* and og:* elements), jsonld, byline, author_box,
list and feed (the card that led here), visible (the page's text), url, none (the page says that there is nothing).
"""

import re

ORDER: dict[str, tuple[str, ...]] = {
    "title": ("embedded", "h1", "visible", "jsonld", "meta", "list", "feed"),
    "subtitle": ("embedded", "visible"),
    "kicker": ("embedded", "visible", "jsonld", "feed"),
    "tags": ("embedded", "meta", "jsonld", "visible", "feed"),
    "authors": ("embedded", "byline", "author_box", "jsonld", "list", "feed"),
    "published_at": ("embedded", "meta", "jsonld", "list", "feed", "visible"),
    "modified_at": ("embedded", "meta", "jsonld", "visible"),
    "reading_minutes": ("embedded", "visible", "meta"),
    "language": ("jsonld", "html"),
    "ghost_id": ("embedded", "feed"),
    "body": ("embedded", "visible", "feed", "none"),
    "images": ("embedded", "visible", "feed"),
    "author.name": ("h1", "jsonld", "meta", "visible"),
    "author.role": ("visible", "jsonld"),
    "author.bio": ("visible", "jsonld", "meta"),
    "author.photo": ("visible", "jsonld"),
}

# What a page of each layout holds somewhere in its source, first match wins (site.md, "Three layouts").
LAYOUT_MARKS = (
    ("C", "/_next/"),
    ("C", "__NEXT_DATA__"),
    ("C", "self.__next_f"),
    ("B", 'content="Ghost'),  # before A: stories moved to Ghost keep pictures under /wp-content/
    ("A", "/wp-content/"),
    ("A", "/wp-includes/"),
    ("A", 'content="WordPress'),
    ("B", "/ghost/#/"),
    ("B", "reading-progress-end"),
)

# Headlines and titles, whole, of pages that stand between a crawler and the site: no story whatever their status.
CHALLENGE = re.compile(
    r"(?:just a moment|attention required|checking (?:if the site connection is secure|your browser)|"
    r"access denied|"
    r"are you (?:a robot|human)|verify (?:that )?you are (?:a )?human|security check(?:point)?|ddos protection|"
    r"please wait|"
    r"one more step|pardon our interruption)\b(?:[\s.!?…|:-]*|\s*[|!-].{0,40}|\s+(?:by|before|while|for)\b.{0,60})",
    re.I,
)
CHALLENGE_MARKS = (
    "cf-challenge",
    "cf_chl_opt",
    "/cdn-cgi/challenge-platform",
    "g-recaptcha",
    "h-captcha",
    "px-captcha",
)
# Headlines and titles, whole, of pages that say that there is none.
ERROR = re.compile(
    r"(?:error|http)?[\s:#-]*(?:40\d|410|429|50\d)\b(?:[\s:|–-]*(?:error|not found|page not found|gone|forbidden|"
    r"bad gateway|service (?:temporarily )?unavailable|internal server error|gateway time-?out|too many requests|"
    r"unauthorized))?[.!\s]*|"
    r"(?:(?:sorry|oops)[,.!\s]*)?(?:error|oops|(?:this |the )?(?:page|story|article)? ?(?:is |was |has )?"
    r"(?:not found|gone|moved|no longer available)|(?:page|story) not found|something went wrong|"
    r"service (?:temporarily )?unavailable|(?:site |website )?(?:under |down for )maintenance|internal server error|"
    r"bad gateway|gateway time-?out|forbidden)[.!\s]*",
    re.I,
)
