"""Which addresses the site uses, and what kind of page stands behind each (site.md, "Addresses")."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

ROOT = "https://kyivindependent.com"
FEED_PATH = "/news-archive/rss/"  # the only feed since 2026; /rss/ and /feed/ are 404
LIST_PATH = "/news-archive/"  # in all layouts
SITEMAP_PATH = "/sitemap.xml"

# Era-A sections whose stories now live at /<slug>/; /nobot/ is a copy of the whole site.
SECTIONS = frozenset("national news-feed uncategorized opinion podcasts vacancy nobot".split())
# First path parts that never name a story.
NOT_STORIES = frozenset(
    """tag category author about contact support donate subscribe newsletter newsletters privacy privacy-policy terms
    terms-of-use terms-and-conditions cookie-policy editorial-policy corrections search news-archive news-feed
    help-center assets ghost members membership store jobs join-the-team team advertising advertise signin signup
    account sitemap rss feed page nobot national uncategorized opinion podcasts vacancy videos video content images
    static public api email r webmentions faq partners wp-content wp-includes wp-json wp-admin cdn-cgi
    favicon.ico robots.txt sitemap.xml""".split()
)
# Internal Ghost tags of pages that are not stories.
NOT_STORY_TAGS = frozenset("#vacancy #join-the-team #live-updates-only #crowdfunding #crowdfundingupdate".split())

# Sitemaps by their file names: these list no stories.
OTHER_SITEMAPS = re.compile(r"(?:page|author|user|tag|categor|image|video)[^/]{0,200}\.xml", re.I)
LIST_PAGE = re.compile(r"page/(\d{1,9})/?$")

KEPT = 2_000  # addresses in memory: those of a few pages; a page of more is read no slower than one still larger
MAX_ADDRESS = 4_000  # characters; what is longer leads nowhere
SLUG = re.compile(r"[^\s/?#.]+(?:\.[^\s/?#.]+)*")
FILE_ENDING = re.compile(r"\.(?:xml|txt|json|js|css|png|jpe?g|gif|webp|svg|ico|pdf|mp[34]|html?|php)$", re.I)
FROM_ORIGIN = re.compile(r"(?:(?:https?:)?/)?/\w")  # hrefs that mean the same on every page of a site
REF = "ref"  # Ghost adds ?ref=<site> to links that lead elsewhere


def site_host(root: str = ROOT) -> str:
    """The host (with its port, if any) whose pages are read, in lower case."""
    try:
        return urlsplit(root).netloc.lower()
    except ValueError:
        return ""


def root_of(url: str) -> str:
    """The root of the site that an address is on; the newspaper's for what is no address.

    >>> root_of("https://courier.example/2025/a-story.html")
    'https://courier.example'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ROOT
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ROOT


def on_site(url: str, root: str = ROOT) -> bool:
    """Whether the address is on the site: its host, www., and a host with a final dot count.

    >>> on_site("https://www.kyivindependent.com./x/")
    True
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.netloc.lower().rsplit("@", 1)[-1].rstrip(".")
    return parts.scheme in ("http", "https") and host.removeprefix("www.") == site_host(root).removeprefix("www.")


@lru_cache(maxsize=KEPT)
def story_url(url: str, root: str = ROOT) -> str | None:
    """The canonical form of a story's address, or None if it cannot be a story's.

    >>> story_url("http://www.kyivindependent.com/news-feed/some-story?x=1#y")
    'https://kyivindependent.com/some-story/'
    >>> story_url("https://kyivindependent.com/tag/war/") is None
    True
    """
    if not on_site(url, root):
        return None
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if parts and parts[0] == "nobot":
        parts = parts[1:]
    if len(parts) == 2 and parts[0] in SECTIONS:
        parts = parts[1:]
    if len(parts) != 1 or parts[0].lower() in NOT_STORIES:
        return None
    slug = unquote(parts[0]).lower()
    if not is_slug(slug) or FILE_ENDING.search(slug) or slug.startswith(("_", "-")):
        return None
    return f"{root.rstrip('/')}/{slug.replace('%', '%25')}/"


def is_slug(text: str) -> bool:
    """Whether a text may be the part of an address that names a story or an author: no control characters in it."""
    return SLUG.fullmatch(text) is not None and text.isprintable()


def author_url(url: str, root: str = ROOT) -> str | None:
    """The canonical form of an author page's address (its first page), or None.

    >>> author_url("https://kyivindependent.com/author/martin/page/3")
    'https://kyivindependent.com/author/martin/'
    """
    if not on_site(url, root):
        return None
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) == 4 and parts[2] == "page" and parts[3].isdigit():
        parts = parts[:2]
    if len(parts) != 2 or parts[0] != "author" or not is_slug(parts[1]):
        return None
    return f"{root.rstrip('/')}/author/{parts[1].lower()}/"


def is_list(url: str, root: str = ROOT) -> bool:
    """Whether the address is a list of stories: the archive, a tag, a section of era A, the home page."""
    if not on_site(url, root):
        return False
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return (
        not parts
        or parts[0] == "page"
        or parts[0] in ("news-archive", "tag", "category")
        or (len(parts) == 1 and parts[0] in SECTIONS)
    )


def page_number(url: str) -> int:
    """Which page of a list an address is.

    >>> page_number("https://kyivindependent.com/news-archive/page/2/")
    2
    """
    found = LIST_PAGE.search(url)
    return int(found[1]) if found else 1


def leads_on(next_url: str, url: str) -> bool:
    """Whether the next page of a list is further down than the page that names it.

    >>> leads_on("https://kyivindependent.com/news-archive/page/2/", "https://kyivindependent.com/news-archive/")
    True
    >>> leads_on("https://kyivindependent.com/tag/a/page/2/", "https://kyivindependent.com/tag/a/page/2/")
    False
    """
    if LIST_PAGE.search(next_url):
        return page_number(next_url) > page_number(url)
    return next_url != url


def page_before(url: str) -> str:
    """The page of a list before this one; the first page itself for that.

    >>> page_before("https://kyivindependent.com/news-archive/page/2/")
    'https://kyivindependent.com/news-archive/'
    """
    number = page_number(url) - 1
    return LIST_PAGE.sub(f"page/{number}/" if number > 1 else "", url)


@lru_cache(maxsize=KEPT)
def slug_of(url: str) -> str:
    """The last part of an address.

    >>> slug_of("https://kyivindependent.com/author/martin/")
    'martin'
    """
    try:
        return urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1].lower()
    except ValueError:
        return ""


def absolute(href: str, base: str) -> str | None:
    """An href as an absolute web address without a fragment; None for mailto:, javascript: and what does not parse."""
    href = href.strip()
    if len(href) > MAX_ADDRESS:
        return None
    return _join(href, _origin(base) if FROM_ORIGIN.match(href) else base)


@lru_cache(maxsize=KEPT)
def _origin(url: str) -> str:
    """The site of an address; the address itself where it does not parse."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else url


@lru_cache(maxsize=KEPT)  # menus and cards repeat from page to page
def _join(href: str, base: str) -> str | None:
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    address = urlunsplit(parts._replace(fragment=""))
    return address if address.isprintable() else "".join(map(_encoded, address))


def _encoded(character: str) -> str:
    return character if character.isprintable() else quote(character, errors="replace")


def without_ref(url: str) -> str:
    """The address without the `ref` that Ghost adds to links leading elsewhere.

    >>> without_ref("https://example.org/a?b=1&ref=kyivindependent.com")
    'https://example.org/a?b=1'
    """
    parts = urlsplit(url)
    if REF + "=" not in parts.query:
        return url
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != REF]
    return urlunsplit(parts._replace(query=urlencode(kept)))
