"""`kicrawl` and `kicrawl -h`: which commands are there, and how does one begin?"""

import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points

import scrapy
import scrapy.commands

from kicrawl import __version__

# Every command of ours, in the order in which they are met.
COMMANDS: dict[str, tuple[str, ...]] = {
    "Fill an archive": ("probe", "crawl"),
    "See what is in it": ("status", "coverage", "search", "show", "changes", "browse"),
    "Take it elsewhere": ("export",),
    "Look after it": ("boilerplate", "reprocess", "purge", "migrate"),
}
EXAMPLES = {
    "crawl newsfeed": "fetch what is new or changed on the site",
    'search "ferry" -market': "stories with one word and without another",
    "browse --open": "all of it in a browser",
    "export -o stories.jsonl": "one story a line, for other programs",
}
HEAD = f"kicrawl {__version__}: a complete, current, clean and honest archive of one newspaper, the Kyiv Independent"
WHERE = "The archive is kicrawl.db in the folder you stand in, or the one that KICRAWL_DATABASE_URL names."


def overview() -> str:
    """The commands in groups, each with what it does, and the first examples."""
    lines = [HEAD, "", "usage: kicrawl COMMAND ...", "       kicrawl COMMAND -h    its options, with examples"]
    for group, names in COMMANDS.items():
        lines += ["", f"{group}:", *(f"  {name:<12} {says(name)}" for name in names)]
    width = max(map(len, EXAMPLES))
    lines += ["", "Examples:", *(f"  kicrawl {line:<{width}}   # {meaning}" for line, meaning in EXAMPLES.items())]
    return "\n".join([*lines, "", WHERE, f"Scrapy's own commands work too: {', '.join(sorted(of_scrapy()))}"])


def version() -> str:
    """Which program this is, in a line."""
    return f"kicrawl {__version__} (Scrapy {scrapy.__version__})"


def says(name: str) -> str:
    """What a command does, in its own words."""
    said: str = import_module(f"kicrawl.commands.{name}").Command().short_desc()
    return said


def ours() -> Iterator[str]:
    """The names of our commands."""
    return (name for names in COMMANDS.values() for name in names)


def of_scrapy() -> set[str]:
    """The names of the commands that Scrapy, or something installed beside it, brings along."""
    built_in = {module.name for module in pkgutil.iter_modules(scrapy.commands.__path__)}
    return (built_in | entry_points(group="scrapy.commands").names) - {*ours()}


def refusal(name: str) -> str | None:
    """The line for a command that there is not; None if there is one of this name."""
    names = {*ours(), *of_scrapy()}
    if name in names:
        return None
    near = get_close_matches(name, names, 1)
    return f"no command {name!r}; {f'did you mean {near[0]}? ' if near else ''}kicrawl -h shows them all"
