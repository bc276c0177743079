"""A Ghost server on 127.0.0.1: started, changed while it runs, put back to its beginning, stopped."""

import json
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from .admin import Admin
from .cards import lexical, paragraph
from .install import FOLDER, GHOST, Installed, install, locked
from .pictures import draw_pictures
from .posts import POSTS, Post, Words, write_posts
from .seeding import TITLE, seed

HERE = Path(__file__).parent
STARTING = 180  # seconds until a new database is ready on a slow machine
LINE = re.compile(r'"(GET|HEAD|POST|PUT|DELETE) (\S+)" (?:\x1b\[\d+m)?(\d{3})')
# Node ends with the test that started it, however that test ends: its standard input is then closed.
END_WITH_PARENT = """
if (require('worker_threads').isMainThread) {
    process.stdin.on('end', () => process.exit(1)).resume();
}
"""


@dataclass(frozen=True)
class Asked:
    """A request that a visitor made."""

    method: str
    path: str
    status: int


@contextmanager
def serve(count: int = POSTS, *, port: int = 0, sitemap_size: int = 50_000, folder: Path = FOLDER) -> Iterator["Site"]:
    """A Ghost with so many posts, until the block ends. Raises CannotInstall where there can be none."""
    installed = install(folder)
    with tempfile.TemporaryDirectory(prefix="kicrawl-ghost-") as place:
        site = Site(installed, seeded(installed, count, folder), Path(place), port or free_port(), sitemap_size, count)
        site.restore()
        try:
            yield site
        finally:
            site.stop()


def seeded(installed: Installed, count: int, folder: Path) -> Path:
    """A folder with the database of a site with so many posts, its pictures and its key; made once: 40 seconds."""
    kept = folder / f"seeded-{count}-{fingerprint()}"
    with locked(folder / "seed.lock"):
        if not (kept / "key").exists():
            for old in folder.glob(f"seeded-{count}-*"):
                shutil.rmtree(old)
            make_seeded(installed, count, kept)
    return kept


def make_seeded(installed: Installed, count: int, kept: Path) -> None:
    draw_pictures(kept / "images" / "2025" / "06")
    with tempfile.TemporaryDirectory(prefix="kicrawl-ghost-") as place:
        site = Site(installed, kept, Path(place), free_port(), 50_000, count)
        site.start()
        try:
            key = seed(site.root, site.posts)
        finally:
            site.stop()
        shutil.copy(site.database, kept / "ghost.db")
    (kept / "key").write_text(key)


def fingerprint() -> str:
    """Changes when the seed would be another."""
    sources = [
        HERE / name for name in ("cards.py", "furniture.json", "pictures.py", "posts.py", "seeding.py", "texts.toml")
    ]
    return sha256(GHOST.encode() + b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Site:
    """The running server and what a visitor must find on it."""

    def __init__(self, installed: Installed, kept: Path, place: Path, port: int, sitemap_size: int, count: int) -> None:
        self.installed, self.kept, self.place, self.port, self.count = installed, kept, place, port, count
        self.sitemap_size = sitemap_size
        self.root = f"http://127.0.0.1:{port}"
        self.database = place / "content" / "data" / "ghost.db"
        self.printed = place / "ghost.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.posts = write_posts(count)
        self.forgotten = 0  # how much of what the server printed is no longer of interest
        furnish(place, kept, installed.ghost, self.config())

    def config(self) -> dict[str, Any]:
        """Ghost's settings: nothing leaves this machine."""
        return {
            "url": self.root,
            "server": {"host": "127.0.0.1", "port": self.port, "shutdownTimeout": 3000},
            "database": {
                "client": "better-sqlite3",
                "connection": {"filename": str(self.database)},
                "useNullAsDefault": True,
            },
            "paths": {"contentPath": f"{self.place}/content/"},
            "mail": {"transport": "stub", "from": "noreply@example.org"},
            "logging": {"level": "info", "transports": ["stdout"]},
            "privacy": {"useUpdateCheck": False, "useGravatar": False, "useRpcPing": False, "useIndexNow": False},
            "updateCheck": {"url": "http://127.0.0.1:9/", "forceUpdate": False},
            "explore": {"update_url": "", "testimonials_url": ""},
            "security": {"staffDeviceVerification": False},
            "sendWelcomeEmail": False,
            "emailAnalytics": {"enabled": False},
            "backgroundJobs": {"emailAnalytics": False, "clickTrackingLastSeenAtUpdater": False},
        }

    def start(self) -> None:
        """Start and wait until it answers."""
        environment = {**self.installed.environment, "SITEMAP_PAGE": str(self.sitemap_size)}
        command = ["node", "--require", "./end_with_parent.js", "current/index.js"]
        with self.printed.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=self.place, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        deadline = time.monotonic() + STARTING
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Ghost does not start:\n{self.printed.read_text()[-2000:]}")
            time.sleep(0.2)
        self.forget()

    def answers(self) -> bool:
        with suppress(URLError, ConnectionError):
            return self.get("/robots.txt")[0] == 200
        return False

    def stop(self) -> None:
        """End the server, by force if it does not go."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process = None

    def restore(self) -> None:
        """The site as it was seeded, in seconds."""
        self.stop()
        for name in ("ghost.db-wal", "ghost.db-shm"):
            self.database.with_name(name).unlink(missing_ok=True)
        shutil.copy(self.kept / "ghost.db", self.database)
        self.posts = write_posts(self.count)
        self.start()

    # What visitors ask, and what they must find

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of an address, asked for without cookies or proxies."""
        request = Request(self.root + path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
        except HTTPError as error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()

    @property
    def visible(self) -> list[Post]:
        """The stories that a visitor can see, newest first."""
        return sorted((post for post in self.posts if post.visible), key=lambda post: post.published_at, reverse=True)

    def find(self, slug: str) -> Post:
        return next(post for post in self.posts if post.slug == slug)

    def url(self, post: Post) -> str:
        return f"{self.root}/{post.slug}/"

    def forget(self) -> None:
        """Begin counting requests anew."""
        self.forgotten = self._printed_size()

    def _printed_size(self) -> int:
        """How much the server has printed: it notes a request shortly after the answer."""
        size = -1
        while size != (size := self.printed.stat().st_size):
            time.sleep(0.2)
        return size

    @property
    def log(self) -> list[Asked]:
        """What visitors asked since the last `forget`, in order; changes by the newsroom are none."""
        self._printed_size()
        with self.printed.open("rb") as file:
            file.seek(self.forgotten)
            printed = file.read().decode(errors="replace")
        found = [Asked(method, path, int(status)) for method, path, status in LINE.findall(printed)]
        return [asked for asked in found if not asked.path.startswith("/ghost/")]

    # What the newsroom does

    @property
    def admin(self) -> Admin:
        return Admin(self.root, (self.kept / "key").read_text())

    def publish(self, title: str, *, tags: str = "news-feed", authors: str = "news-desk") -> Post:
        """A new story of four paragraphs, published now."""
        words = Words(title)
        pieces = [paragraph(words.paragraph()) for _ in range(4)]
        sent = {"title": title, "lexical": lexical(pieces), "status": "published"}
        sent |= {
            "tags": [{"slug": tag} for tag in tags.split()],
            "authors": [{"slug": name} for name in authors.split()],
        }
        made = self.admin.post("/posts/", {"posts": [sent]})["posts"][0]
        post = Post(
            slug=made["slug"], title=title, pieces=pieces, authors=authors.split(), tags=tags.split(), **times(made)
        )
        self.posts.append(post)
        return post

    def edit(self, slug: str, *, append: str) -> Post:
        """One more paragraph at the end."""
        post = self.find(slug)
        pieces = [*post.pieces, paragraph(append)]
        return self._change(post, {"lexical": lexical(pieces)}, pieces=pieces)

    def retitle(self, slug: str, title: str, *, new_slug: str) -> Post:
        """Another headline and another address; Ghost answers 404 at the old one."""
        return self._change(self.find(slug), {"title": title, "slug": new_slug}, title=title, slug=new_slug)

    def unpublish(self, slug: str) -> Post:
        """Back to a draft: 404 for visitors."""
        return self._change(self.find(slug), {"status": "draft"}, status="draft")

    def _change(self, post: Post, sent: dict[str, Any], **facts: Any) -> Post:
        admin = self.admin
        found = admin.get(f"/posts/slug/{post.slug}/?fields=id,updated_at")["posts"][0]
        # Ghost keeps seconds: a change in the second of the one before would not move updated_at.
        while datetime.now(UTC) < moment(found["updated_at"]) + timedelta(seconds=1.1):
            time.sleep(0.2)
        body = {"posts": [{**sent, "updated_at": found["updated_at"]}]}
        changed = admin.put(f"/posts/{found['id']}/", body)["posts"][0]
        for name, value in {**facts, **times(changed)}.items():
            setattr(post, name, value)
        return post

    def put_sidebar_first(self) -> None:
        """The list of the newest stories before the story, as pages of May 2025 had it."""
        owner = Admin(self.root)
        owner.log_in(TITLE)
        owner.put("/custom_theme_settings/", {"custom_theme_settings": [{"key": "layout", "value": "sidebar-first"}]})


def furnish(place: Path, kept: Path, ghost: Path, config: dict[str, Any]) -> None:
    """The folder that Ghost runs in."""
    content = place / "content"
    for name in ("apps", "data", "files", "logs", "media", "public", "settings"):
        (content / name).mkdir(parents=True)
    (place / "current").symlink_to(ghost)  # Ghost finds its package.json there
    (place / "config.production.json").write_text(json.dumps(config, indent=1))
    (place / "end_with_parent.js").write_text(END_WITH_PARENT)
    shutil.copytree(kept / "images", content / "images")
    shutil.copytree(ghost / "content/themes/source", content / "themes/source")  # at first boot it must be there
    shutil.copytree(HERE / "theme", content / "themes/ki")
    shutil.copy(HERE / "routes.yaml", content / "settings")
    shutil.copy(HERE / "redirects.yaml", content / "data")


def times(answer: dict[str, Any]) -> dict[str, datetime]:
    """The times in an answer of the Admin API."""
    return {name: moment(answer[name]) for name in ("published_at", "updated_at") if answer[name]}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
