"""Scrapy's settings for kicrawl, and the only place that reads the environment.

Only what differs from Scrapy's defaults stands here, each value with its reason. `-s NAME=VALUE` wins over all of it.
"""

import os

from kicrawl import __version__

# What a user sets, by environment or by -s without the KICRAWL_.
DATABASE_URL = os.environ.get("KICRAWL_DATABASE_URL", "sqlite:///kicrawl.db")
SITE_ROOT = os.environ.get("KICRAWL_SITE_ROOT", "https://kyivindependent.com")
WARC_DIR = os.environ.get("KICRAWL_WARC_DIR", "warc")  # the folder of the captures
STORE_BODY = os.environ.get("KICRAWL_STORE_BODY", "1")  # 0: metadata only, no text and no captures
METRICS_FILE = os.environ.get("KICRAWL_METRICS_FILE", "")  # figures for Prometheus: /a/folder/kicrawl.prom; empty: none
CONTACT = os.environ.get("KICRAWL_CONTACT", "")  # an address or mail where the site's people can reach the operator

SLICE = 1  # set by the crawl command: 2 and more for runs that go on with the work of one that gave way

BOT_NAME = "kicrawl"
SPIDER_MODULES = ["kicrawl.spiders"]
COMMANDS_MODULE = "kicrawl.commands"

# Honest and slow: the site owes us nothing.
USER_AGENT = f"kicrawl/{__version__}" + (f" (+{CONTACT})" if CONTACT else "")
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "kicrawl"  # the name that robots.txt rules are matched with
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 10  # a page gives few, and Scrapy begins so many tasks for every page
WARN_ON_GENERATOR_RETURN_VALUE = False  # would parse the callbacks' source anew for every page
DOWNLOAD_DELAY = 1  # seconds, with Scrapy's jitter of half of it; 0 for a SITE_ROOT on this machine (sitespider.py)
DOWNLOAD_TIMEOUT = 30  # a page comes within seconds or not at all
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spider says in one line what it could not fetch

# Safe: nothing but web pages of ordinary size over checked connections, and no door into this process.
DOWNLOAD_MAXSIZE = 16 * 2**20  # bytes; stories are below one megabyte
DOWNLOAD_WARNSIZE = 0  # above the limit is refused, below it is no news
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.2"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # challenge pages reload themselves
REDIRECT_MAX_TIMES = 5
TWISTED_DNS_RESOLVER = "kicrawl.resolver.PublicResolver"
DNSCACHE_ENABLED = False  # a run of days must not keep an address that the site has left
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate, br",  # what replay can undo in captures, which keep answers as they came
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # we have no passwords
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # lets whatever is not to be filtered pass
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # goes on when robots.txt cannot be had
    "kicrawl.middlewares.SiteOnly": 50,  # Scrapy's place for OffsiteMiddleware
    "kicrawl.middlewares.GivenUp": 60,
    "kicrawl.middlewares.RobotsTxt": 100,  # Scrapy's place for it
    "kicrawl.middlewares.Patience": 555,  # sees what Scrapy's retries see
    "kicrawl.middlewares.Pace": 560,  # before those, which ask again without a pause
    "kicrawl.middlewares.KeepRaw": 950,  # next to the wire
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the frontier says how far to go
}
ITEM_PIPELINES = {
    "kicrawl.pipelines.Check": 100,
    "kicrawl.pipelines.StripBoilerplate": 200,
    "kicrawl.pipelines.Deduplicate": 300,
    "kicrawl.pipelines.Store": 400,
}
STORE_GATHERS = 0.5  # seconds that a page waits for others to be stored with it; after a kill it is asked for again
STATS_CLASS = "kicrawl.counters.Counters"  # a page takes some fifty counts
FEED_EXPORT_ENCODING = "utf-8"  # of Scrapy's own -o: JSON one can read; Scrapy's future default
EXTENSIONS = {
    "scrapy.extensions.remote_control.RemoteControl": None,  # switched off above; not even loaded: it takes 0.2 s
    "kicrawl.extensions.SafeLog": -1,  # before Scrapy's own at 0
    "kicrawl.extensions.KeepLoaded": 50,
    "kicrawl.extensions.RunRecord": 100,
    "scrapy.extensions.logstats.LogStats": None,  # says the same of any crawl: pages a minute
    "kicrawl.progress.CrawlProgress": 200,
}

LOG_LEVEL = "INFO"  # DEBUG prints whole items; without a log file the crawl command keeps to warnings
LOG_FORMATTER = "kicrawl.logs.OneLine"
