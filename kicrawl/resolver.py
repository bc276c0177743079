"""Looking names up: an address that is not public is never connected to, whatever name leads to it.

What is looked up here is what is connected to, so a name that changes its address between two looks gains nothing.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, for public addresses only, and for those that the operator has named."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.named: set[str] = set()
        self.refused: dict[str, str] = {}  # names and the addresses they led to

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "PublicResolver":
        """Reads SITE_ROOT; a proxy is the operator's own choice, too."""
        resolver = super().from_crawler(crawler, reactor)
        root = urlsplit(crawler.settings["SITE_ROOT"]).hostname or ""
        proxies = {urlsplit(url).hostname or "" for url in getproxies().values()}
        resolver.named = proxies | ({root} if is_private_name(root) else set())
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":
        """The address of a name. Fails for one that must not be connected to."""
        return super().getHostByName(name, timeout).addCallback(self.check, name)

    def check(self, address: str, name: str) -> str:
        """The address, if it may be connected to."""
        if name not in self.named and not is_public(address):
            self.refused[name] = address
            raise DNSLookupError(f"{name} is at {address}, which is no public address")
        return address


def refused_addresses() -> dict[str, str]:
    """Which names led to which addresses that must not be connected to."""
    from twisted.internet import reactor

    resolver: Any = getattr(reactor, "resolver", None)
    return getattr(resolver, "refused", {})


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet.

    >>> [is_public(address) for address in ("104.18.7.16", "127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast


def is_private_name(host: str) -> bool:
    """Whether a host is named as one of a private network: by its address, or as localhost.

    >>> is_private_name("127.0.0.1"), is_private_name("localhost"), is_private_name("kyivindependent.com")
    (True, True, False)
    """
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost"
