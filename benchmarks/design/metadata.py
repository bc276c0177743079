"""What a page says about itself to machines: nothing, a little, or all of it."""

import json
from datetime import datetime
from typing import Any

from benchmarks.design.dom import Child, Node, Raw, el
from benchmarks.design.page import KYIV, SITE, Page, iso

METADATA = {
    "none": 3,
    "og": 3,
    "og and article": 3,
    "json-ld": 2,
    "json-ld list": 1,
    "json-ld graph": 2,
    "next data": 2,
    "next data, other posts only": 1,
    "next_f": 1,
    "unknown json": 1,
    "microdata": 1,
}
TITLES = ["{t} | {s}", "{t} - {s}", "{t} — {s}", "{t}", "{t} « {s}", "{s} | {t}", "{t} | {k} | {s}", "{t} • {s}"]


def head(page: Page) -> Node:
    """The head element."""
    design = page.design
    nodes: list[Child] = [
        el("meta", charset="utf-8"),
        el("title", _title(page)),
        el("meta", name="viewport", content="width=device-width"),
    ]
    if design.has("canonical", 0.7):
        nodes.append(el("link", rel="canonical", href=page.row["url"]))
    if design.has("description", 0.7):
        nodes.append(el("meta", name="description", content=page.row["body"][0][:150] if page.row["body"] else SITE))
    kind = design.pick("metadata", METADATA)
    nodes += _properties(page, articles="article" in kind) if kind.startswith("og") else []
    nodes += _linked_data(page, kind) if kind.startswith("json-ld") else []
    return el("head", nodes, Raw("<style>.a{color:red}p>a{margin:0}</style><script>window.dataLayer=[];</script>"))


def scripts(page: Page) -> list[Child]:
    """The data that a front end carries at the end of its page."""
    kind = page.design.pick("metadata", METADATA)
    if kind.startswith("next data"):
        own = {} if "other" in kind else {"post": _post(page)}
        data = {"props": {"pageProps": {"latest": _others(page)} | own}, "page": "/[slug]"}
        return [Raw(f'<script id="__NEXT_DATA__" type="application/json">{_json(data)}</script>')]
    if kind == "next_f":
        data = {"post": _post(page), "feed": _others(page)}
        chunk = json.dumps("5:" + json.dumps(["$", "main", None, data])).replace("</", r"<\u002f")
        return [Raw(f"<script>self.__next_f.push([1,{chunk}])</script>")]
    if kind == "unknown json":
        return [Raw(f"<script>window.__STATE__={_json({'feed': _others(page), 'user': None})};</script>")]
    return []


def _title(page: Page) -> str:
    form = page.design.pick("title element", TITLES)
    return form.format(t=page.row["title"], s=SITE, k=page.row.get("kicker") or "News")


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _properties(page: Page, *, articles: bool) -> list[Child]:
    row, published, modified = page.row, page.published(), page.modified()
    title = row["title"]
    if page.design.has("site in og:title", 0.3) and _title(page).startswith(title):
        title = _title(page)
    found = [("og:type", "article"), ("og:title", title), ("og:site_name", SITE), ("og:url", row["url"])]
    if row.get("lead_image"):
        found.append(("og:image", row["lead_image"]))
    if articles and published:
        page.said.add("published")
        found.append(("article:published_time", _stamp(page, published)))
        if modified:
            page.said.add("modified")
            found.append(("article:modified_time", _stamp(page, modified)))
        found.append(("article:author", "https://www.facebook.com/kyivindependent"))
    return [el("meta", property=name, content=content) for name, content in found]


def _stamp(page: Page, when: datetime) -> str:
    form = page.design.pick("machine times", ["Z", "ms", "kyiv", "+0000"])
    if form == "kyiv":
        return when.astimezone(KYIV).isoformat()
    return {"Z": iso(when), "ms": iso(when).replace("Z", ".000Z"), "+0000": iso(when).replace("Z", "+00:00")}[form]


def _linked_data(page: Page, kind: str) -> list[Child]:
    story = _news_article(page)
    site = {"@type": "WebSite", "name": SITE, "url": "https://kyivindependent.com/"}
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]}
    data: object = {"@context": "https://schema.org"} | story
    if kind.endswith("list"):
        data = [{"@context": "https://schema.org"} | one for one in (crumbs, story)]
    if kind.endswith("graph"):
        data = {"@context": "https://schema.org", "@graph": [site, crumbs, story]}
    return [Raw(f'<script type="application/ld+json">{_json(data)}</script>')]


def _news_article(page: Page) -> dict[str, Any]:
    row, published, modified = page.row, page.published(), page.modified()
    story: dict[str, Any] = {"@type": "NewsArticle", "headline": row["title"], "mainEntityOfPage": row["url"]}
    if published:
        page.said.add("published")
        story["datePublished"] = _stamp(page, published)
    if published and modified:
        page.said.add("modified")
        story["dateModified"] = _stamp(page, modified)
    if row.get("authors"):
        page.said.add("names")
        people = [{"@type": "Person", "name": author["name"]} for author in row["authors"]]
        story["author"] = people[0] if len(people) == 1 else people
    story["publisher"] = {"@type": "Organization", "name": SITE}
    if page.design.has("articleBody", 0.3):
        story["articleBody"] = " ".join(row["body"])
    return story


def _post(page: Page) -> dict[str, Any]:
    """The story as Ghost's Content API gives it, without its text: the page's own HTML is what is read."""
    row = page.row
    page.said |= {"published", "modified"} if row.get("published_at") else set()
    post = {"title": row["title"], "slug": row["slug"], "url": row["url"], "visibility": "public"}
    times = {"published_at": row.get("published_at"), "updated_at": row.get("modified_at")}
    names = [author["name"] for author in row.get("authors") or []]
    if names:
        page.said.add("names")
    return post | times | {"authors": [{"name": name, "slug": _slug(page.author_link(name))} for name in names]}


def _others(page: Page) -> list[dict[str, Any]]:
    """Other posts of the payload, with their text."""
    found = page.some("teaser", 2, 4)
    return [
        {
            "id": page.design.token(24),
            "title": text[:60],
            "slug": _slug(page.link(text)),
            "html": f"<p>{text}</p><p>{text[::-1]}</p>",
            "published_at": "2023-05-05T05:05:05.000Z",
            "authors": [{"name": "Someone Else", "slug": "someone-else"}],
        }
        for text in found
    ]


def _slug(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]
