"""The commands of `scrapy` and `kicrawl` that are ours, a module each; here is what they share."""

import sys
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings, get_settings_priority

from kicrawl.archive.connection import has_password

ROOT_ENDS = (("", "", ""), ("/", "", ""))  # path, query and fragment of a site's root


def leave(message: str, code: int) -> NoReturn:
    """Ends the program with one line to the user."""
    print(f"kicrawl: {message}", file=sys.stderr)
    raise SystemExit(code)


def check_settings(settings: BaseSettings) -> None:
    """Raises ValueError, with a line for the user, if a setting of ours is not what it must be."""
    root = settings["SITE_ROOT"]
    if not is_root(root):
        raise ValueError(f"SITE_ROOT={root}: must be the root of a site such as https://kyivindependent.com")
    if str(settings["STORE_BODY"]) not in ("0", "1"):
        raise ValueError(f"STORE_BODY={settings['STORE_BODY']}: must be 0 or 1")
    on_command_line = (settings.getpriority("DATABASE_URL") or 0) >= get_settings_priority("cmdline")
    if on_command_line and has_password(settings["DATABASE_URL"]):
        raise ValueError(
            "a password on the command line stands in the process list, where every user of this machine can read it: "
            "set KICRAWL_DATABASE_URL, or leave the password to ~/.pgpass"
        )


def is_root(url: str) -> bool:
    """Whether an address is a site's root: http or https, a host, no path.

    >>> is_root("http://127.0.0.1:8800"), is_root("kyivindependent.com")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_sound and parts[2:] in ROOT_ENDS


def keep_to_warnings(settings: BaseSettings) -> None:
    """On a terminal a run says what it did in its summary; a log file gets Scrapy's account as well."""
    chosen = (settings.getpriority("LOG_LEVEL") or 0) >= get_settings_priority("cmdline")
    if not settings["LOG_FILE"] and not chosen:
        settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
