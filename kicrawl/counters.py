"""The counters of a run: Scrapy's own, without what its collector does at every access."""

from scrapy.statscollectors import MemoryStatsCollector


class Counters(MemoryStatsCollector):
    """Counts as any collector of Scrapy does, but does not look for deprecated arguments.

    A page takes some fifty counts, by Scrapy and by us, and looking takes most of the time of each.
    """

    __getattribute__ = object.__getattribute__
