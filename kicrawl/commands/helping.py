"""What the help of a command looks like: how it is called, what it does, its options, and examples below them."""

import argparse
from collections.abc import Sequence

EXAMPLES = "Examples:"
GENERAL = "Global Options"  # Scrapy's name of the group of options that every command takes
OF_ALL = "options of every command"
FOR_LOGS = ("logfile", "loglevel", "nolog", "profile", "pidfile", "pdb")  # of no use where nothing is fetched or logged


class HelpFormatter(argparse.HelpFormatter):
    """argparse's, with texts of several lines kept as they are: Scrapy's takes some lines of help for headings."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def set_help(
    parser: argparse.ArgumentParser, name: str, syntax: str, examples: Sequence[str], *, after: str = ""
) -> None:
    """Has a command say under its own name how it is called; examples, without that name, and a text stand last."""
    parser.usage = f"kicrawl {name} {syntax}".rstrip()
    parser.formatter_class = HelpFormatter
    lines = [EXAMPLES, *(f"  kicrawl {name} {example}".rstrip() for example in examples)]
    parser.epilog = "\n".join([*lines, *(["", after] if after else [])])
    for group in parser._action_groups:
        group.title = OF_ALL if group.title == GENERAL else group.title


def hide_log_options(parser: argparse.ArgumentParser) -> None:
    """Leaves options that say nothing to whom this command is for out of the help; they are taken all the same."""
    for action in parser._actions:
        if action.dest in FOR_LOGS:
            action.help = argparse.SUPPRESS
