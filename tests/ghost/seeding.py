"""Fills a new Ghost: settings, theme, authors, tags and posts in one import, as an editor would move a newsroom."""

import hashlib
import html
import json
import time
import uuid
from datetime import datetime
from typing import Any
from urllib.error import HTTPError

from .admin import Admin
from .cards import PICTURES, lexical
from .posts import AUTHORS, TAGS, Post

TITLE = "The Loopback Independent"
EPOCH = "2023-12-01T00:00:00.000Z"
SETTINGS = {
    "title": TITLE,
    "description": "A demo newsroom that lives on one machine.",
    "timezone": "Europe/Kyiv",
    "icon": PICTURES + "icon.png",
    "logo": PICTURES + "logo.png",
    "cover_image": PICTURES + "cover.png",
    "comments_enabled": "off",
    "unsplash": False,
}
MENU = {"News Feed": "/news-archive/", "War": "/tag/war/", "Business": "/tag/business/", "About": "/about/"}
FOOT = {"Contact": "/contact/", "Support us": "/support/", "Sign up": "#/portal/"}
ALL = "?limit=1&fields=id&filter=status:[draft,published,scheduled,sent]"


def seed(root: str, posts: list[Post]) -> str:
    """Fill the new site at this address; the key for changing it later."""
    admin = Admin(root)
    admin.log_in(TITLE)
    menus = {"navigation": menu(MENU), "secondary_navigation": menu(FOOT)}
    settings = [{"key": name, "value": value} for name, value in {**SETTINGS, **menus}.items()]
    admin.put("/settings/", {"settings": settings})
    admin.put("/themes/ki/activate/", {})
    remove_welcome(admin)
    admin.upload("/db/", json.dumps(import_file(posts), ensure_ascii=False).encode())
    await_import(admin, sum(post.kind == "post" for post in posts))
    remove_import_tags(admin)
    return admin.make_key()


def menu(entries: dict[str, str]) -> str:
    return json.dumps([{"label": label, "url": url} for label, url in entries.items()])


def remove_welcome(admin: Admin) -> None:
    """Ghost's own first posts; with them there, the slug about would become about-2."""
    for kind in ("posts", "pages"):
        for post in admin.get(f"/{kind}/?limit=100&fields=id")[kind]:
            admin.delete(f"/{kind}/{post['id']}/")


def await_import(admin: Admin, count: int) -> None:
    """The import goes on in the background; meanwhile SQLite may keep others waiting until Ghost gives up."""
    found, deadline = 0, time.monotonic() + 300
    while found < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"Ghost imported {found} of {count} posts in five minutes")
        time.sleep(0.5)
        try:
            found = admin.get(f"/posts/{ALL}")["meta"]["pagination"]["total"]
        except HTTPError as error:
            if error.code != 500:
                raise


def remove_import_tags(admin: Admin) -> None:
    """The tag that the importer gives every post."""
    for tag in admin.get("/tags/?limit=100&filter=visibility:internal")["tags"]:
        if tag["slug"].startswith("hash-import-"):
            admin.delete(f"/tags/{tag['id']}/")


def import_file(posts: list[Post]) -> dict[str, Any]:
    """What Ghost's exporter would have written of such a newsroom."""
    role = {"id": key("role"), "name": "Author", "description": "Authors", "created_at": EPOCH}
    data = {
        "users": [author_row(number, author) for number, author in enumerate(AUTHORS.values())],
        "roles": [role],
        "roles_users": [{"id": key("ru", s), "user_id": key("author", s), "role_id": role["id"]} for s in AUTHORS],
        "tags": [tag_row(tag) for tag in TAGS.values()],
        "posts": [post_row(post) for post in posts],
        "posts_meta": [meta_row(number, post) for number, post in enumerate(posts)],
        "posts_tags": [
            {
                "id": key("pt", post.slug, tag),
                "post_id": key("post", post.slug),
                "tag_id": key("tag", tag),
                "sort_order": n,
            }
            for post in posts
            for n, tag in enumerate(post.tags)
        ],
        "posts_authors": [
            {
                "id": key("pa", post.slug, author),
                "post_id": key("post", post.slug),
                "author_id": key("author", author),
                "sort_order": n,
            }
            for post in posts
            for n, author in enumerate(post.authors)
        ],
    }
    return {"db": [{"meta": {"exported_on": 1751306400000, "version": "5.100.0"}, "data": data}]}


def author_row(number: int, author: dict[str, Any]) -> dict[str, Any]:
    slug = author["slug"]
    return {
        "id": key("author", slug),
        "slug": slug,
        "name": author["name"],
        "email": f"{slug}@example.org",
        "password": "x" * 20,
        "profile_image": f"{PICTURES}avatar-{number:02d}.png" if author.get("picture", True) else None,
        "cover_image": f"{PICTURES}photo-{number:02d}.png" if number % 4 == 1 else None,
        "bio": author.get("bio"),
        "location": author["role"],
        **{name: author.get(name) for name in ("website", "twitter", "facebook")},
        "status": "active",
        "visibility": "public",
        "created_at": EPOCH,
        "updated_at": EPOCH,
    }


def tag_row(tag: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": key("tag", tag["slug"]),
        "slug": tag["slug"],
        "name": tag["name"],
        "description": tag.get("description"),
        "meta_title": tag.get("meta_title"),
        "feature_image": f"{PICTURES}photo-03.png" if tag.get("picture") else None,
        "visibility": "internal" if tag["name"].startswith("#") else "public",
        "created_at": EPOCH,
        "updated_at": EPOCH,
    }


META = ("meta_title", "meta_description", "og_title", "og_description", "twitter_title")


def post_row(post: Post) -> dict[str, Any]:
    number = key("post", post.slug)
    return {
        "id": number,
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, number)),
        "comment_id": number,
        "title": post.title,
        "slug": post.slug,
        "lexical": lexical(post.pieces),
        "feature_image": PICTURES + post.picture if post.picture else None,
        "type": post.kind,
        "status": post.status,
        "visibility": post.access,
        "created_at": stamp(post.published_at),
        "updated_at": stamp(post.updated_at),
        "published_at": None if post.status == "draft" else stamp(post.published_at),
        "custom_excerpt": post.excerpt,
        **{name: value for name, value in post.more.items() if name not in META},
    }


def meta_row(number: int, post: Post) -> dict[str, Any]:
    """Half of the captions are set one way, half the other; a third of the pictures have no text of their own."""
    caption = html.escape(post.picture_caption or "")
    dressed = f'<span style="white-space: pre-wrap;">{caption}</span>' if number % 2 else f"<i>{caption}</i>"
    return {
        "id": key("meta", post.slug),
        "post_id": key("post", post.slug),
        "feature_image_alt": f"Picture for: {post.title}"[:180] if post.picture and number % 3 else None,
        "feature_image_caption": dressed if caption else None,
        "email_only": int(post.status == "sent"),
        **{name: post.more.get(name) for name in META},
    }


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def key(*parts: str) -> str:
    """An id that looks like Ghost's, the same each time."""
    return hashlib.md5("-".join(parts).encode()).hexdigest()[:24]
