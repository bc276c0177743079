"""What the head of a page says that helps to find the story on it."""

from dataclasses import dataclass, field

from kicrawl.page import metadata as heads
from kicrawl.page.embedded import Post
from kicrawl.page.metadata import Metadata
from kicrawl.page.page import Page
from kicrawl.site import urls

MAX_NAME = 100  # characters; a longer text is no name


@dataclass(slots=True, kw_only=True)
class Stated:
    """What the page's metadata says that helps to find the story."""

    url: str
    root: str = urls.ROOT
    any_address: bool = False  # stories of this site may stand at any address
    titles: list[str] = field(default_factory=list)  # best first
    descriptions: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # author names


def gather_stated(page: Page, data: Metadata, post: Post | None) -> Stated:
    """What the head, and the embedded post if there is one, say of the story."""
    titles = heads.titles_of(data)
    descriptions = [data.said("description"), data.first("description", "og:description", "twitter:description")]
    people = [node["name"] for node in heads.people_of(data)]
    people += [*data.metas.get("author", []), *data.metas.get("twitter:data1", [])[:1]]
    if post is not None:
        titles.insert(0, post["title"][: heads.MAX_TITLE])
        descriptions.insert(0, text if isinstance(text := post.get("excerpt"), str) else None)
        authors = post.get("authors")
        people += [one.get("name") for one in authors if isinstance(one, dict)] if isinstance(authors, list) else []
    return Stated(
        url=page.canonical or page.url,
        root=page.root,
        any_address=page.any_address,
        titles=titles,
        descriptions=[text for text in descriptions if text],
        names=list(dict.fromkeys(name for name in people if isinstance(name, str) and len(name) < MAX_NAME)),
    )
