"""Which source is believed first, per field, and how layouts are told apart.

Sources: embedded (the Ghost post in the page), h1, meta (article:* and og:* elements), jsonld, byline, author_box,
list and feed (the card that led here), visible (the page's text), url.
"""

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
    "body": ("embedded", "visible", "feed"),
    "images": ("embedded", "visible", "feed"),
    "author.name": ("h1", "jsonld", "meta", "visible"),
    "author.role": ("visible", "jsonld"),
    "author.bio": ("visible", "jsonld", "meta"),
    "author.photo": ("visible", "jsonld"),
}

# What a page of each layout holds somewhere in its source, first match wins (site.md, "Three layouts").
LAYOUT_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("C", ("/_next/", "__NEXT_DATA__", "self.__next_f")),
    ("B", ('content="Ghost',)),  # before A: stories moved to Ghost keep pictures under /wp-content/
    ("A", ("/wp-content/", "/wp-includes/", 'content="WordPress')),
    ("B", ("/ghost/#/", "reading-progress-end")),
)

# Titles of pages that stand between a crawler and the site; such a page has no story whatever its status.
CHALLENGE_TITLES = (
    "just a moment",
    "attention required",
    "checking your browser",
    "access denied",
    "are you a robot",
    "verify you are human",
    "security check",
    "ddos protection",
    "please wait",
    "one more step",
)
CHALLENGE_MARKS = (
    "cf-challenge",
    "cf_chl_opt",
    "/cdn-cgi/challenge-platform",
    "g-recaptcha",
    "h-captcha",
    "px-captcha",
)
# Titles of pages that say that there is none.
ERROR_TITLES = ("404", "page not found", "not found", "this page is gone", "error", "410", "500", "502", "503")
