"""Serves the Ghost site until interrupted: python -m tests.ghost [--port 2368] [--posts 300] [--sitemap-size 100]."""

import argparse
import signal

from .posts import POSTS
from .site import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.ghost", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--sitemap-size", type=int, default=50_000, help="addresses in a sitemap file")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with serve(chosen.posts, port=chosen.port, sitemap_size=chosen.sitemap_size) as site:
        print(site.root, flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print(f"{len(site.log)} requests")


if __name__ == "__main__":
    main()
