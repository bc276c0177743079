"""Nothing but the site is asked, redirects included: no other host, no other way, no network that is not public."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest

from kicrawl.resolver import refused_addresses
from kicrawl.site import urls

SLOT = "site"  # the site's hosts share one queue and its delays


class Refused(IgnoreRequest):
    """A request that must not be made."""


class SiteOnly:
    """Refuses what does not lead to the site; counts it as refused/<reason>."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.root: str = crawler.settings["SITE_ROOT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SiteOnly":
        """Reads SITE_ROOT."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Lets a request pass, or not."""
        reason = fault(request.url, self.root)
        if reason:
            self.refuse(request, reason)
        request.meta["download_slot"] = SLOT

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A name of the site that leads into a private network."""
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in refused_addresses():
            self.refuse(request, "private_address", f" ({host} is at {refused_addresses()[host]})")

    def refuse(self, request: Request, reason: str, detail: str = "") -> None:
        """Counts and raises it."""
        self.stats.inc_value(f"refused/{reason}")
        raise Refused(f"{request.url} is not asked for: {REASONS[reason]}{detail}")


# In a line to the user.
REASONS = {
    "not_web": "it is no web address",
    "off_site": "it is not on the site",
    "not_encrypted": "it is not encrypted as the site is",
    "private_address": "it is in a private network",
}


def fault(url: str, root: str) -> str | None:
    """Why an address must not be asked for.

    >>> fault("https://kyivindependent.com/x/", urls.ROOT), fault("http://kyivindependent.com/x/", urls.ROOT)
    (None, 'not_encrypted')
    >>> fault("http://169.254.169.254/", urls.ROOT), fault("file:///etc/passwd", urls.ROOT)
    ('off_site', 'not_web')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "not_web"
    if parts.scheme not in ("http", "https"):
        return "not_web"
    if "@" in parts.netloc or not urls.on_site(url, root):
        return "off_site"
    return "not_encrypted" if parts.scheme == "http" and root.startswith("https:") else None


def encrypted(url: str, root: str) -> str:
    """The address as the site itself has it: a site that is encrypted may still redirect to where it was not.

    >>> encrypted("http://kyivindependent.com/x/", urls.ROOT)
    'https://kyivindependent.com/x/'
    """
    return "https:" + url.removeprefix("http:") if fault(url, root) == "not_encrypted" else url
