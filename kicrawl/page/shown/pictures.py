"""Which pictures the story has, with their captions."""

from urllib.parse import parse_qs, urlsplit

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.credit import CREDIT, credit_in, split_caption
from kicrawl.page.lines import is_prose
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf, Node
from kicrawl.site import links, urls


def read_images(story: Story, stated: Stated) -> tuple[list[items.Image], list[str]]:
    """The story's pictures with their captions, and all its captions, in page order."""
    low, high = _picture_range(story)
    images: list[items.Image] = []
    captions: list[list[str]] = []  # each as its lines
    captioned: list[tuple[items.Image, int]] = []  # pictures, each with the place of its caption
    waiting: items.Image | None = None
    figure: Node | None = None
    for leaf in story.tree.leaves[low : high + 1]:
        if story.marks[leaf.index] is not None:
            continue
        if leaf.kind == "image":
            url = picture_url(leaf, stated.url)
            if url and not any(image.url == url for image in images[-1:]):
                waiting = items.Image(url=url, alt=squash(leaf.element.get("alt", "")) or None)
                images.append(waiting)
        elif leaf.index in story.captions:
            if captions and leaf.parent is figure and (_continues(leaf) or leaf.parent.tag == "figcaption"):
                captions[-1].append(leaf.text)
            else:
                captions.append([leaf.text])
            figure = leaf.parent
            if waiting is not None:
                captioned.append((waiting, len(captions) - 1))
        elif leaf.index in story.body and leaf.kind == "text":
            waiting = None
    texts = [" ".join(lines) for lines in captions]
    divided = [split_caption(text) for text in texts]
    for image, place in captioned:
        image.caption, image.credit = divided[place]
    return images, texts


def picture_url(leaf: Leaf, base: str) -> str | None:
    """The address of a picture's original: lazy attributes read, resizing services undone.

    The largest of `srcset` stands in where there is no plain address.
    """
    element = leaf.element
    sources = [element.get(name, "") for name in ("data-src", "data-lazy-src", "data-original", "src")]
    sources += [part.strip().split(" ")[0] for part in (element.get("srcset") or "").split(", ")[-1:]]
    for source in sources:
        if source and not source.startswith("data:"):
            url = urls.absolute(source, base)
            if url:
                return original(url)
    return None


def original(url: str) -> str:
    """The original behind `/_next/image?url=...` and Ghost's `/size/w600/`.

    >>> original("https://x.org/_next/image?url=https%3A%2F%2Fa.org%2Fcontent%2Fimages%2Fsize%2Fw600%2F1.jpg&w=640&q=75")
    'https://a.org/content/images/1.jpg'
    """
    parts = urlsplit(url)
    if parts.path.endswith("/_next/image"):
        inner = parse_qs(parts.query).get("url", [""])[0]
        url = urls.absolute(inner, url) or url
    return links.SIZE_PATH.sub("/content/images/", url)


def _continues(leaf: Leaf) -> bool:
    """Whether a line is the credit of the caption above it."""
    return leaf.tag != "figcaption" and (bool(CREDIT.fullmatch(leaf.text.strip())) or leaf.text.startswith("("))


def _end_of_head(story: Story) -> int:
    """The last leaf of the head on a page without a text: the one before the first furniture after the headline."""
    after = story.headline.index + 1 if story.headline else 0
    marked = (leaf.index for leaf in story.tree.leaves[after:] if story.marks[leaf.index] is not None)
    return next(marked, len(story.tree.leaves)) - 1


def _picture_range(story: Story) -> tuple[int, int]:
    """From the headline (or a lead picture right before it) to the end of the story's place."""
    high = max(story.body) if story.body else _end_of_head(story)
    if story.headline is None:
        return min(story.body, default=0), high
    low = story.headline.index
    for leaf in reversed(story.tree.leaves[max(0, low - 6) : low]):
        if story.marks[leaf.index] is not None:
            break
        if leaf.kind == "image" or (leaf.index in story.captions and (is_prose(leaf) or credit_in(leaf.text))):
            low = leaf.index
    return low, high
