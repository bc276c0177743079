"""Where the links of a line lead: another story, a tag, an author, a service of the newspaper, a button for sharing."""

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import is_linked, is_prose
from kicrawl.page.stated import Stated
from kicrawl.page.tree import Leaf, Node, href_of
from kicrawl.site import links, urls


def story_address(href: str, stated: Stated) -> str | None:
    """The address of a story of the page's own site.

    On a foreign site any last part of a path that is long enough is taken for one.
    """
    if not stated.any_address:
        return urls.story_url(href, stated.root)
    slug = urls.slug_of(href)
    return urls.without_ref(href) if urls.on_site(href, stated.root) and slug.count("-") >= 2 else None


def linked_story(leaf: Leaf | Node, stated: Stated) -> str | None:
    """The address of the other story that a leaf or an element leads to."""
    href = href_of(leaf, stated.url)
    url = story_address(href, stated) if href else None
    return url if url and urls.slug_of(url) != urls.slug_of(stated.url) else None


def leads_to_several(leaf: Leaf, stated: Stated) -> bool:
    """Whether the links in a line lead to more than one story: `Previous article ... Next article ...`."""
    if len(leaf.links) < 2:
        return False
    return len({url for href in leaf.addresses(stated.url) if (url := story_address(href or "", stated))}) > 1


def leads_to_tag(leaf: Leaf, stated: Stated) -> bool:
    """Whether a line leads to the page of a tag."""
    href = href_of(leaf, stated.url) if leaf.links else None
    return href is not None and links.TAG_FOLDER.search(href) is not None


def leads_to_author(leaf: Leaf, stated: Stated) -> bool:
    """Whether a leaf leads to an author page."""
    href = href_of(leaf, stated.url)
    return href is not None and links.AUTHOR_PATH.search(href) is not None


def is_service(href: str, url: str | None, stated: Stated) -> bool:
    """Whether a link, as written and absolute, leads to a service of the newspaper or a site for donations."""
    if url is None:
        return href.startswith("#/portal")
    href, host = href if "#" in href else url, urls.site_host(url)
    if links.SERVICE_HOSTS.search(host):
        return True
    near = urls.on_site(url, stated.root) or host == urls.site_host(stated.url)
    return near and bool(links.SERVICE_PATHS.search(href.split(host, 1)[-1]))


def is_button(leaf: Leaf, stated: Stated) -> bool:
    """Whether a leaf is only a link to a service of the newspaper: membership, shop, newsletters."""
    if leaf.kind != "text" or len(leaf.text) > 60 or ends_sentence(leaf.text):
        return False
    if leaf.links and leaf.text.startswith(leaf.links[0][1]) and not is_prose(leaf):
        targets = zip(leaf.links, leaf.addresses(stated.url), strict=True)
        return all(is_service(href, url, stated) for (href, _), url in targets)
    if not is_linked(leaf):
        return False
    href = href_of(leaf, stated.url)
    return href is not None and is_service(href, href, stated)


def is_share_button(leaf: Leaf, stated: Stated) -> bool:
    """Whether a leaf is only a link for sharing the page."""
    href = href_of(leaf, stated.url) if leaf.links else None
    return href is not None and is_linked(leaf) and bool(links.SHARE_HOSTS.search(href))
