"""`python -m tests.replica`: prints the site's address as the first line and serves it until it is stopped."""

import argparse
import signal
import sys
import threading

from .layouts import LAYOUTS
from .server import STORIES, serve


def main(arguments: list[str] | None = None) -> int:
    options = read_arguments(arguments)
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with serve(layout=options.layout, count=options.stories, seed=options.seed, port=options.port) as site:
        print(site.root, flush=True)
        print(f"{len(site.stories)} invented stories, layout {site.layout}; Ctrl-C ends", file=sys.stderr)
        stopped.wait()
    return 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.replica", description="Invented stories for testing kicrawl."
    )
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--layout", choices=LAYOUTS, default="mixed")
    parser.add_argument("--stories", type=int, default=STORIES, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
