"""kicrawl: a complete, current, clean and honest SQL archive of the Kyiv Independent."""

__version__ = "0.1.0"
