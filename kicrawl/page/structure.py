"""Where on the page the story stands: the headline, the element that holds the text, and what in it is not the story.

Nothing here knows a class name. The story is the prose nearest to the headline; furniture is known by what it is made
of: landmarks, cards (a linked headline with its teaser), author boxes (a portrait, a name that links to an author page),
forms, lone buttons, sections under a heading that the site uses for nothing else.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kicrawl.page.tree import SENTENCE_END, Leaf, Node, Tree, href_of
from kicrawl.site import urls, words

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
LANDMARKS = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "sidebar",
    "form": "form",
    "dialog": "dialog",
    "menu": "navigation",
    "header": "header",
}
ROLES = {
    "navigation": "navigation",
    "complementary": "sidebar",
    "contentinfo": "footer",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "search": "form",
    "banner": "header",
    "menu": "navigation",
}
LISTS = frozenset(["ul", "ol", "dl", "blockquote", "figure", "table", "p", "a", "details"])
CREDIT = re.compile(r"\((?:[^()]|\([^()]*\)){2,160}\)\s*$")
GLUED_CREDIT = re.compile(
    r"\([^()]*(?:Getty|AFP|Photo|Images|Anadolu|Telegram)[^()]*\)\s*[A-Z]"
)  # a gallery in one line
CREDIT_WORDS = re.compile(
    r"photo|getty|images|afp|reuters|anadolu|\bvia\b|courtesy|illustration|screenshot|telegram|facebook|press\b|agency|"
    r"office|service|\bap\b|\bepa\b|ukrinform|suspilne|collage|wikimedia",
    re.I,
)
CONNECTORS = frozenset(["of", "the", "and", "for", "in", "de", "la", "van", "von", "der", "by", "at"])
TIME_ONLY = re.compile(r"^\d{1,2}:\d{2}(?:\s*[ap]\.?m\.?)?$", re.I)
READING_TIME = re.compile(
    r"\b(\d{1,3})\s*[-–]?\s*min(?:ute)?s?\.?\s+(?:to\s+)?read\b|\bread(?:ing)?(?:\s+time)?\s*:?\s*(\d{1,3})\s*min(?:ute)?s?\b",
    re.I,
)
COUNTER = re.compile(r"^[+]?\d{1,3}(?:[.,]?\d{3})*\s?[kKmM]?$")
FILE_LINK = re.compile(r"/content/files/|\.(?:pdf|docx?|xlsx?|zip|csv|pptx?)$", re.I)
CLAUSE_END = re.compile(r"[.!?…,:;—–][\"'”’)\]]*$")
AGO = re.compile(
    r"\b(?:\d{1,3}|an?|one|two)\s+(?:min(?:ute)?|hour|day|week|month|year)s?\s+ago\b|^yesterday$|^today$", re.I
)
BYLINE = re.compile(r"^(?:by|By|BY)\s+(?=\S)")
DATE_WORDS = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?\s+\d{1,2},?\s+(?:19|20)\d\d\b|\b\d{1,2}\s+[a-z]{3,9}\.?,?\s+(?:19|20)\d\d\b|"
    r"\b(?:19|20)\d\d-\d\d-\d\d\b",
    re.I,
)
MAX_CAPTION = 700
CARD_LEAVES = 10
CARD_TEXT = 1200
BOX_LEAVES = 9
WIDGET_TEXT = 500


@dataclass(slots=True, kw_only=True)
class Stated:
    """What the page's metadata says that helps to find the story."""

    url: str
    root: str = urls.ROOT
    any_address: bool = False  # stories of this site may stand at any address
    titles: list[str] = field(default_factory=list)  # best first
    descriptions: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # author names


@dataclass(slots=True)
class Story:
    """The page's leaves sorted: what is the story's, and what every other leaf stands in."""

    tree: Tree
    headline: Leaf | None
    container: Node | None
    body: set[int]  # indices of the leaves in the story's place, furniture in it included
    marks: list[str | None]  # per leaf: what it stands in, None for plain text
    captions: set[int]
    first: int  # index of the first leaf of the body; len(leaves) where there is none
    last: int

    def plain(self) -> Iterator[Leaf]:
        """The story's own leaves, in order."""
        return (leaf for leaf in self.tree.leaves if leaf.index in self.body and self.marks[leaf.index] is None)


def story_address(href: str, stated: Stated) -> str | None:
    """The address of a story of the page's own site; on a foreign site any long last part of a path is taken for one."""
    if not stated.any_address:
        return urls.story_url(href, stated.root)
    slug = urls.slug_of(href)
    return urls.without_ref(href) if urls.on_site(href, stated.root) and slug.count("-") >= 2 else None


def find_story(tree: Tree, stated: Stated) -> Story:
    """Sort a page's leaves. With no headline and no prose the body is empty, and nothing is guessed."""
    finder = _Finder(tree, stated)
    return finder.find()


def find_headline(tree: Tree, stated: Stated) -> Leaf | None:
    """The leaf that is the story's headline: a heading that the metadata states too, else the best h1."""
    titles = [words.fold(title) for title in stated.titles]
    best: tuple[float, Leaf] | None = None
    for leaf in tree.leaves:
        if leaf.kind != "text" or len(leaf.text) > 400:
            continue
        score = _headline_score(leaf, titles, stated)
        if score > 0 and (best is None or score > best[0]):
            best = (score, leaf)
    return best[1] if best else None


def _headline_score(leaf: Leaf, titles: list[str], stated: Stated) -> float:
    heading = leaf.tag if leaf.tag in HEADINGS else _heading_around(leaf)
    text = words.fold(leaf.text)
    if heading is None and text not in titles:
        return 0.0
    match = max((_likeness(text, title) for title in titles), default=0.0)
    if _linked_elsewhere(leaf, stated):
        return 0.0
    weight = {"h1": 3.0, "h2": 2.0, "h3": 1.2}.get(heading or "", 1.0)
    if heading != "h1" and match < 0.6:
        return 0.0
    in_landmark = any(node.tag in ("nav", "footer", "aside", "form", "dialog") for node in leaf.parent.ancestors())
    return (match * 10 + weight) * (0.3 if in_landmark else 1.0)


def _heading_around(leaf: Leaf) -> str | None:
    for node in leaf.parent.ancestors():
        if node.tag in HEADINGS:
            return node.tag
        if node.tag not in ("a", "span"):
            return None
    return None


def _linked_elsewhere(leaf: Leaf, stated: Stated) -> bool:
    if not is_linked(leaf):
        return False
    href = href_of(leaf, stated.url)
    return href is not None and urls.slug_of(href) != urls.slug_of(stated.url)


def _likeness(text: str, title: str) -> float:
    if text == title:
        return 1.0
    if len(text) >= 10 and (title.startswith(text) or (text.startswith(title) and len(title) >= 10)):
        return 0.95
    ours, theirs = set(text.split()), set(title.split())
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0


def is_linked(leaf: Leaf) -> bool:
    """Whether the whole of a leaf is a link."""
    return leaf.link_share >= 0.95 or any(node.tag == "a" for node in leaf.parent.ancestors())


def is_prose(leaf: Leaf) -> bool:
    """Whether a leaf reads as a sentence or more of running text."""
    if leaf.kind != "text" or leaf.tag in HEADINGS or leaf.link_share >= 0.6:
        return False
    size = len(leaf.text)
    return size >= 90 or (size >= 25 and bool(SENTENCE_END.search(leaf.text)))


def is_meta(text: str) -> bool:
    """Whether a line only states a time, a date, a byline or the reading time."""
    if len(text) > 260:
        return False
    if TIME_ONLY.match(text) or (READING_TIME.search(text) and len(text) < 120):
        return True
    return bool(len(text) < 120 and ((DATE_WORDS.search(text) and not SENTENCE_END.search(text)) or BYLINE.match(text)))


class _Finder:
    def __init__(self, tree: Tree, stated: Stated) -> None:
        self.tree = tree
        self.stated = stated
        self.marks: list[str | None] = [None] * len(tree.leaves)
        self.headline = find_headline(tree, stated)
        self.after = self.headline.index + 1 if self.headline else 0
        self.own = urls.slug_of(stated.url)
        self.said = [said.translate(words.QUOTES) for said in stated.descriptions]
        self.names = {words.fold(name) for name in stated.names}
        self.nodes = list(tree.nodes())
        self.captions: set[int] = set()
        self.weak_captions: list[int] = []
        self.parts: set[Node] = set()  # the elements whose paragraphs are the story

    def find(self) -> Story:
        self.mark_landmarks()
        self.mark_menus()
        self.mark_sections()
        self.mark_cards()
        self.mark_author_boxes()
        self.mark_captions()
        container = self.choose()
        if container is None and self.weak_captions:
            self.captions -= set(self.weak_captions)
            container = self.choose()
        body = self.gather(container)
        self.mark_inside(container, body)
        body = self.trim(body)
        return self.story(container, body)

    # -- what is furniture wherever it stands

    def mark(self, node: Node, name: str, again: bool = False) -> None:
        for index in range(node.first, node.last + 1):
            if again or self.marks[index] is None:
                self.marks[index] = name

    def holds_headline(self, node: Node) -> bool:
        return self.headline is not None and node.holds(self.headline)

    def mark_landmarks(self) -> None:
        for node in self.nodes:
            name = LANDMARKS.get(node.tag) or ROLES.get(node.element.get("role", ""))
            if name and not self.holds_headline(node) and self.prose_share(node) < 0.5:
                self.mark(node, name)

    def mark_menus(self) -> None:
        """Lists of short links: the site's sections, wherever no landmark says so."""
        for node in self.nodes:
            if self.holds_headline(node) or self.marks[node.first] is not None:
                continue
            texts = [leaf for leaf in self.tree.within(node) if leaf.kind == "text"]
            if len(texts) < 5 or any(len(leaf.text) >= 40 or self.names_author(leaf) for leaf in texts):
                continue
            linked = sum(map(is_linked, texts)) >= 0.8 * len(texts)
            before = len(texts) >= 8 and node.last < self.after and not any(SENTENCE_END.search(x.text) for x in texts)
            if linked or before:
                self.mark(node, "navigation")

    def prose_share(self, node: Node) -> float:
        """The share of the prose after the headline that stands in a node: a landmark with most of it is none."""
        if node.last - node.first < 3 or node.tag in ("nav", "footer", "aside"):
            return 0.0
        if not hasattr(self, "_prose"):
            sums = [0]
            for leaf in self.tree.leaves:
                sums.append(sums[-1] + (len(leaf.text) if leaf.index >= self.after and is_prose(leaf) else 0))
            self._prose = sums
        whole = self._prose[-1]
        return (self._prose[node.last + 1] - self._prose[node.first]) / whole if whole else 0.0

    def mark_sections(self) -> None:
        """Sections under a heading that the site uses for furniture alone, and what follows one among its siblings."""
        for leaf in self.tree.leaves:
            if leaf.kind != "text" or len(leaf.text) > 60 or leaf is self.headline:
                continue
            line = words.fold(leaf.text)
            if line not in words.SECTION_HEADINGS or self.leads_to_tag(leaf):
                continue
            self.mark_section(leaf, line)

    def mark_section(self, leaf: Leaf, line: str) -> None:
        section = None
        for node in leaf.parent.ancestors():
            if node.first < leaf.index or self.holds_headline(node) or node.parent is None:
                break
            section = node
        if section is not None and section.last > leaf.index:
            if not any(self.opens_story(inside) for inside in self.tree.within(section)):
                self.mark(section, "section")
        elif self.after_prose(leaf) and line not in words.WEAK_HEADINGS and line != "show more":
            self.mark_rest(leaf)

    def after_prose(self, leaf: Leaf) -> bool:
        """Whether prose stands between the headline and a leaf: before it, `News Feed` is the story's own tag."""
        between = self.tree.leaves[self.after : leaf.index]
        return any(
            is_prose(other) and self.marks[other.index] is None and other.tag != "figcaption" for other in between
        )

    def mark_rest(self, leaf: Leaf) -> None:
        for child in leaf.parent.children:
            first = child.index if isinstance(child, Leaf) else child.first
            last = child.index if isinstance(child, Leaf) else child.last
            if first >= leaf.index:
                for index in range(first, last + 1):
                    self.marks[index] = self.marks[index] or "section"

    def leads_to_tag(self, leaf: Leaf) -> bool:
        href = href_of(leaf, self.stated.url) if leaf.links else None
        return href is not None and re.search(r"/(?:tag|category)/", href) is not None

    def story_link(self, leaf: Leaf | Node) -> str | None:
        href = href_of(leaf, self.stated.url)
        url = story_address(href, self.stated) if href else None
        return url if url and urls.slug_of(url) != self.own else None

    def mark_cards(self) -> None:
        for node in self.nodes:
            if self.marks[node.first] is not None and self.marks[node.last] is not None:
                continue
            if not self.holds_headline(node) and self.is_card(node):
                self.mark(node, "card")

    def is_card(self, node: Node) -> bool:
        leaves = self.tree.within(node)
        if len(leaves) > CARD_LEAVES:
            return False
        texts = [leaf for leaf in leaves if leaf.kind == "text"]
        if node.tag == "a":
            return bool(texts)
        if not texts or node.tag in ("ul", "ol", "p") or sum(len(leaf.text) for leaf in texts) > CARD_TEXT:
            return False
        lead = [leaf for leaf in texts[:3] if not is_meta(leaf.text)]
        title = next((leaf for leaf in lead if is_linked(leaf) and len(leaf.text) > 12), None)
        if title is None or (title is not (lead[0] if lead else None) and not self.short(lead[0])):
            return False
        target = self.story_link(title) or self.elsewhere(node, title)
        if target is None:
            return False
        others = {self.story_link(leaf) for leaf in texts if is_linked(leaf)} - {None, target}
        prose = [leaf for leaf in texts if leaf is not title and is_prose(leaf)]
        return (
            not others
            and len(prose) <= 2
            and not (title.tag == "p" and prose and prose[0].tag == "p" and not self.pictured(leaves))
        )

    def short(self, leaf: Leaf) -> bool:
        return len(leaf.text) < 30 and not SENTENCE_END.search(leaf.text)

    def pictured(self, leaves: Iterable[Leaf]) -> bool:
        return any(leaf.kind == "image" for leaf in leaves)

    def elsewhere(self, node: Node, title: Leaf) -> str | None:
        """The target of a bookmark of another site: a figure, a blockquote, or a linked heading with its teaser."""
        few = title.tag in HEADINGS and node.last - node.first <= 3
        href = href_of(title, self.stated.url) if few or node.tag in ("figure", "blockquote") else None
        return None if href is None or urls.on_site(href, self.stated.root) else href

    # -- author boxes

    def mark_author_boxes(self) -> None:
        for leaf in self.tree.leaves[self.after :]:
            if self.marks[leaf.index] is None and (self.names_author(leaf) or self.is_author_label(leaf)):
                box = self.author_box(leaf)
                if box is not None:
                    self.mark(box, "author_box")

    def names_author(self, leaf: Leaf) -> bool:
        if leaf.kind == "image":
            return words.fold(leaf.element.get("alt", "")) in words.AVATAR_ALTS
        if leaf.kind != "text" or len(leaf.text) > 100:
            return False
        if words.fold(words.AUTHOR_PREFIX.sub("", leaf.text)) in self.names or words.AUTHOR_PREFIX.match(leaf.text):
            return True
        return is_linked(leaf) and self.leads_to_author(leaf)

    def is_author_label(self, leaf: Leaf) -> bool:
        return leaf.kind == "text" and len(leaf.text) < 30 and words.fold(leaf.text) in words.AUTHOR_LABELS

    def leads_to_author(self, leaf: Leaf) -> bool:
        href = href_of(leaf, self.stated.url)
        return href is not None and re.search(r"/authors?/[^/]+", href) is not None

    def author_box(self, leaf: Leaf) -> Node | None:
        """The largest element around an author's name or portrait that holds nothing but authors."""
        box = None
        for node in leaf.parent.ancestors():
            if self.holds_headline(node) or node.parent is None or not self.is_author_box(node):
                break
            box = node
        return box

    def is_author_box(self, node: Node) -> bool:
        leaves = self.tree.within(node)
        people = sum(1 for leaf in leaves if leaf.kind == "text" and self.names_author(leaf)) or 1
        if len(leaves) > BOX_LEAVES * people or node.last - node.first > 60:
            return False
        first = next((leaf for leaf in leaves if leaf.kind in ("text", "image")), None)
        if first is None or not (first.kind == "image" or self.names_author(first) or self.is_author_label(first)):
            return False
        prose = [leaf for leaf in leaves if is_prose(leaf)]
        return len(prose) <= 2 * people

    # -- captions

    def mark_captions(self) -> None:
        for leaf in self.tree.leaves:
            if leaf.kind == "text" and self.marks[leaf.index] is None:
                if leaf.tag == "figcaption" or any(node.tag == "figcaption" for node in leaf.parent.ancestors()):
                    self.captions.add(leaf.index)
        for leaf in self.tree.leaves:
            if (leaf.kind == "image" or leaf.tag == "iframe") and self.marks[leaf.index] is None:
                self.caption_of(leaf)

    def caption_of(self, picture: Leaf) -> None:
        for node in picture.parent.ancestors():
            if self.holds_headline(node) or node.parent is None or node.tag == "a":
                return
            texts = [leaf for leaf in self.tree.within(node) if leaf.kind == "text"]
            if texts:
                pressed = any(leaf.kind == "control" for leaf in self.tree.within(node))
                if texts[0].index < picture.index and node.tag != "figure" and (pressed or picture.kind == "media"):
                    return  # a paragraph before a video
                if len(texts) <= 2 and node.last - node.first <= 6 and all(self.caption_like(leaf) for leaf in texts):
                    new = [leaf.index for leaf in texts if leaf.index not in self.captions]
                    self.captions.update(new)
                    if node.tag != "figure":
                        self.weak_captions += new
                return

    def caption_like(self, leaf: Leaf) -> bool:
        if self.marks[leaf.index] is not None or leaf.tag in HEADINGS:
            return False
        if len(leaf.text) > MAX_CAPTION and not GLUED_CREDIT.search(leaf.text):
            return False
        return not (leaf.link_share > 0.5 or is_linked(leaf) or self.is_known(leaf) or self.opens_story(leaf))

    # -- the element that holds the story

    def open(self, leaf: Leaf) -> bool:
        return self.marks[leaf.index] is None and leaf.index not in self.captions

    def choose(self) -> Node | None:
        """The element whose own prose is most, near the headline, and opens as the metadata says the story does."""
        mass: dict[Node, float] = {}
        opened: Node | None = None
        for leaf in self.tree.leaves[self.after :]:
            if (
                not self.open(leaf)
                or not is_prose(leaf)
                or is_meta(leaf.text)
                or self.is_known(leaf)
                or is_linked(leaf)
            ):
                continue
            node = self.family(leaf)
            mass[node] = mass.get(node, 0.0) + min(len(leaf.text), 1500)
            if opened is None and self.opens_story(leaf) and not self.holds_headline(node):
                opened = node
        if not mass:
            return None
        return max(
            mass,
            key=lambda node: mass[node] * self.nearness(node) * (6 if node is opened else 1),
        )

    def family(self, leaf: Leaf) -> Node:
        node = leaf.parent
        while node.parent is not None and node.tag in LISTS:
            node = node.parent
        return node

    def nearness(self, node: Node) -> float:
        if self.headline is None:
            return 1.0
        for hops, around in enumerate(self.headline.parent.ancestors()):
            if around.first <= node.first and node.last <= around.last:
                return 0.6**hops
        return 0.01

    def opens_story(self, leaf: Leaf) -> bool:
        text = leaf.text.translate(words.QUOTES)[:60]
        return len(text) >= 25 and any(said.startswith(text) for said in self.said)

    def is_known(self, leaf: Leaf) -> bool:
        return known_line(leaf.text) is not None

    def gather(self, container: Node | None) -> set[int]:
        """The leaves in the story's place: the container, and its likes beside it when the story is split."""
        if container is None:
            return set()
        body = set(range(max(container.first, self.after), container.last + 1))
        self.parts = {container}
        around = container
        while around.parent is not None and not self.holds_headline(around):
            for sibling in self.continued(around):
                self.parts.add(sibling)
                body.update(range(sibling.first, sibling.last + 1))
            around = around.parent
        if not self.holds_headline(container):
            self.gather_lead(container, body)
        return body

    def continued(self, part: Node) -> Iterator[Node]:
        """The siblings of a part of the story that are parts of it too, up to the first that is surely not."""
        siblings = part.parent.children if part.parent else []
        place = siblings.index(part)
        for sibling in siblings[place + 1 :]:
            if self.ends_story(sibling):
                break
            if isinstance(sibling, Node) and self.is_part(sibling, part):
                yield sibling
        for sibling in reversed(siblings[:place]):
            first = sibling.index if isinstance(sibling, Leaf) else sibling.first
            if first < self.after or self.ends_story(sibling):
                break
            if (
                isinstance(sibling, Node)
                and self.is_part(sibling, part)
                and self.leads_in(sibling.first, sibling.last, part)
            ):
                yield sibling

    def gather_lead(self, container: Node, body: set[int]) -> None:
        """A first paragraph that stands by itself before the rest, after date, names and lead picture."""
        for index in range(container.first - 1, self.after - 1, -1):
            leaf = self.tree.leaves[index]
            if index in body or self.marks[index] is not None or index in self.captions or not self.is_words(index):
                continue
            if is_prose(leaf) and not is_linked(leaf) and self.leads_in(index, index, container):
                body.add(index)
            return

    def leads_in(self, first: int, last: int, part: Node) -> bool:
        """Whether prose before a part of the story is its beginning, not a standfirst.

        A standfirst stands right under the headline, with names, date or lead picture after it.
        """
        if last - first > 2:
            return True
        if any(self.is_head_matter(leaf) for leaf in self.tree.leaves[last + 1 : part.first]):
            return False
        return any(self.is_head_matter(leaf) for leaf in self.tree.leaves[self.after : first])

    def is_head_matter(self, leaf: Leaf) -> bool:
        if self.marks[leaf.index] not in (None, "author_box", "share", "section"):
            return False
        return leaf.kind in ("image", "media") or is_meta(leaf.text) or self.names_author(leaf)

    def ends_story(self, child: Node | Leaf) -> bool:
        first = child.index if isinstance(child, Leaf) else child.first
        last = child.index if isinstance(child, Leaf) else child.last
        names = {self.marks[index] for index in range(first, last + 1)}
        return bool(names & {"author_box", "footer", "sidebar", "section"}) and None not in names

    def prose_count(self, node: Node) -> int:
        return sum(1 for leaf in self.tree.within(node) if self.open(leaf) and is_prose(leaf))

    def is_part(self, sibling: Node, part: Node) -> bool:
        if sibling.tag != part.tag:
            return False
        leaves = [leaf for leaf in self.tree.within(sibling) if self.open(leaf)]
        texts = [leaf for leaf in leaves if leaf.kind == "text" and not self.is_known(leaf)]
        prose = [leaf for leaf in texts if is_prose(leaf) and not is_linked(leaf)]
        if not prose or any(leaf.kind == "control" for leaf in leaves) and len(prose) < 2:
            return False
        if len(prose) < 3 and self.is_promotion(sibling, leaves) or self.is_named_box(sibling):
            return False
        linked = sum(len(leaf.text) for leaf in texts if is_linked(leaf))
        if linked > 0.3 * sum(len(leaf.text) for leaf in prose) or any(TIME_ONLY.match(leaf.text) for leaf in texts):
            return False
        return bool({leaf.tag for leaf in prose} & {leaf.tag for leaf in self.tree.within(part) if is_prose(leaf)})

    def is_promotion(self, node: Node, leaves: list[Leaf]) -> bool:
        """Whether a button is an element's own, or its first line is a heading and a button is anywhere in it."""
        buttons = [leaf for leaf in leaves if leaf.kind == "control" or self.is_button(leaf)]
        headed = bool(leaves) and leaves[0].tag in HEADINGS
        return any(headed or leaf.parent is node for leaf in buttons)

    # -- furniture inside the story's place

    def mark_inside(self, container: Node | None, body: set[int]) -> None:
        if container is None:
            return
        for node in self.nodes:
            if node in self.parts or node.first not in body or node.last not in body or self.holds_headline(node):
                continue
            name = self.widget(node)
            if name:
                self.mark(node, name, again=node.tag == "aside")
        self.mark_link_lists(body)
        self.mark_gates(body)
        for index in sorted(body):
            leaf = self.tree.leaves[index]
            if self.marks[index] is None and leaf.kind == "text":
                self.marks[index] = self.flat_furniture(leaf)
        self.mark_named_boxes(body)
        self.mark_flat_boxes(body)
        self.mark_flat_captions(container, body)

    def flat_furniture(self, leaf: Leaf) -> str | None:
        """What a line is that stands among the paragraphs and is none."""
        if self.headline is not None and leaf.text == self.headline.text:
            return "title_again"
        if self.is_button(leaf):
            return "button"
        if self.is_share_line(leaf):
            return "share"
        if leaf.tag not in HEADINGS and leaf.tag != "li" and COUNTER.match(leaf.text):
            return "counter"
        if not any(character.isalnum() for character in leaf.text):
            return "symbol"
        if is_linked(leaf) and FILE_LINK.search(href_of(leaf, self.stated.url) or ""):
            return "file"
        if self.is_read_also(leaf) or self.is_lone_title(leaf):
            return "card"
        if self.is_tag_list(leaf):
            return "tags"
        if self.is_pager(leaf):
            return "navigation"
        return "appeal" if self.is_appeal(leaf) else None

    def is_share_line(self, leaf: Leaf) -> bool:
        tokens = leaf.text.lower().split() if len(leaf.text) < 160 else []
        return bool(tokens) and all(token.strip(",:|") in words.SHARE_WORDS for token in tokens)

    def is_pager(self, leaf: Leaf) -> bool:
        """`Previous article ... Next article ...`: a line of links to other stories."""
        if len(leaf.links) < 2 or leaf.link_share < 0.6:
            return False
        return all(story_address(urls.absolute(href, self.stated.url) or "", self.stated) for href, _ in leaf.links)

    def is_lone_title(self, leaf: Leaf) -> bool:
        """A line that is only the linked headline of another story. A sentence such as `Read it here.` is none."""
        if not is_linked(leaf) or len(leaf.text) < 20 or self.story_link(leaf) is None:
            return False
        if leaf.tag in HEADINGS:
            return True
        alone = leaf.tag != "li" or leaf.parent.first == leaf.parent.last
        return alone and not SENTENCE_END.search(leaf.text.rstrip("'\"’”"))

    def is_read_also(self, leaf: Leaf) -> bool:
        """`Read also:` and the linked headline of another story, in a line of their own."""
        match = words.READ_ALSO.match(leaf.text)
        if match is None:
            return False
        rest = leaf.text[match.end() :]
        return bool(rest) and any(len(text) >= 0.9 * len(rest) for _, text in leaf.links)

    def is_tag_list(self, leaf: Leaf) -> bool:
        if not leaf.links or is_prose(leaf) and leaf.link_share < 0.5:
            return False
        label = words.TAGS_LABEL.match(leaf.text)
        linked = sum(len(text) for _, text in leaf.links)
        if linked < 0.6 * (len(leaf.text) - (label.end() if label else 0)):
            return False
        hrefs = [urls.absolute(href, self.stated.url) or "" for href, _ in leaf.links]
        return all(re.search(r"/(?:tag|tags|category|topic|topics)/[^/]+", href) for href in hrefs)

    def is_appeal(self, leaf: Leaf) -> bool:
        """A line that ends in a link to a service, after its last sentence: a button, not a part of the sentence."""
        if not leaf.links or len(leaf.text) > WIDGET_TEXT:
            return False
        href, text = leaf.links[-1]
        before = leaf.text[: -len(text)].rstrip(" →»>-–—")
        if not leaf.text.endswith(text) or SENTENCE_END.search(text) or not SENTENCE_END.search(before):
            return False
        return self.is_service(href)

    def mark_gates(self, body: set[int]) -> None:
        """The box that says that the rest is for members."""
        for index in sorted(body):
            leaf = self.tree.leaves[index]
            if leaf.kind != "text" or len(leaf.text) > 120 or not words.GATES.search(leaf.text):
                continue
            boxes = [node for node in leaf.parent.ancestors() if node.last - node.first < 6 and node.first == index]
            boxes = [node for node in boxes if node not in self.parts and not self.holds_headline(node)]
            for node in boxes[-1:]:
                self.mark(node, "gate", again=True)
            self.marks[index] = "gate"

    def mark_link_lists(self, body: set[int]) -> None:
        """Lists of nothing but other stories, under a heading of their own."""
        for node in self.nodes:
            if node.tag not in ("ul", "ol") or node.first not in body or node.last - node.first < 1:
                continue
            texts = [leaf for leaf in self.tree.within(node) if leaf.kind == "text"]
            before = self.tree.leaves[node.first - 1] if node.first else None
            if not texts or not all(is_linked(leaf) and self.story_link(leaf) for leaf in texts):
                continue
            if before is not None and before.kind == "text" and len(before.text) < 60 and not is_prose(before):
                if not before.text.endswith(":") or before.tag in HEADINGS:
                    self.mark(node, "card")
                    self.marks[before.index] = self.marks[before.index] or "section"

    def widget(self, node: Node) -> str | None:
        leaves = self.tree.within(node)
        size = sum(len(leaf.text) for leaf in leaves)
        if size > WIDGET_TEXT or len(leaves) > 12:
            return None
        if node.tag == "aside" and self.is_card(node):
            return "card"
        if any(leaf.index in self.captions for leaf in leaves):
            return None
        if any(leaf.kind == "control" for leaf in leaves):
            return "form" if any(leaf.kind == "text" or leaf.tag != "button" for leaf in leaves) else "player"
        if any(leaf.kind == "media" and leaf.tag in ("audio", "video") for leaf in leaves) and node.tag != "figure":
            return "player"
        if any(self.is_button(leaf) for leaf in leaves):
            return "appeal"
        if any(self.is_share(leaf) for leaf in leaves):
            return "share"
        return None

    def is_button(self, leaf: Leaf) -> bool:
        """Whether a leaf is only a link to a service of the newspaper: membership, shop, newsletters."""
        if leaf.kind != "text" or len(leaf.text) > 60 or SENTENCE_END.search(leaf.text):
            return False
        if leaf.links and leaf.text.startswith(leaf.links[0][1]) and not is_prose(leaf):
            return all(self.is_service(href) for href, _ in leaf.links)
        if not is_linked(leaf):
            return False
        href = href_of(leaf, self.stated.url)
        return href is not None and self.is_service(href)

    def is_service(self, href: str) -> bool:
        """Whether an address is a service of the newspaper or a site for donations."""
        url = urls.absolute(href, self.stated.url)
        if url is None:
            return href.startswith("#/portal")
        href, host = href if "#" in href else url, urls.site_host(url)
        if words.SERVICE_HOSTS.search(host):
            return True
        near = urls.on_site(url, self.stated.root) or host == urls.site_host(self.stated.url)
        return near and bool(words.SERVICE_PATHS.search(href.split(host, 1)[-1]))

    def is_share(self, leaf: Leaf) -> bool:
        href = href_of(leaf, self.stated.url) if leaf.links else None
        return href is not None and is_linked(leaf) and bool(words.SHARE_HOSTS.search(href))

    def mark_named_boxes(self, body: set[int]) -> None:
        """Boxes at the end that hold a name and a text about that name: no link and no portrait is needed."""
        last = max((i for i in body if self.marks[i] is None and is_prose(self.tree.leaves[i])), default=-1)
        while last >= 0:
            box = next((node for node in self.tree.leaves[last].parent.ancestors() if self.is_named_box(node)), None)
            if box is None or box in self.parts or self.holds_headline(box) or box.first not in body:
                return
            self.mark(box, "author_box")
            last = max((i for i in body if self.marks[i] is None and is_prose(self.tree.leaves[i])), default=-1)

    def is_named_box(self, node: Node) -> bool:
        texts = [leaf for leaf in self.tree.within(node) if leaf.kind == "text"]
        if not 2 <= len(texts) <= 4 or node.last - node.first > BOX_LEAVES:
            return False
        name, about = texts[0], next((leaf for leaf in texts[1:] if is_prose(leaf)), None)
        if about is None or len(name.text) > 60 or SENTENCE_END.search(name.text):
            return False
        text = words.fold(about.text)
        return words.fold(name.text) in text[:200] or text.startswith(words.DESK_BIO)

    def mark_flat_boxes(self, body: set[int]) -> None:
        """An author box whose parts stand among the paragraphs themselves."""
        order = sorted(body)
        seen_prose = False
        for place, index in enumerate(order):
            leaf = self.tree.leaves[index]
            if self.marks[index] is not None:
                continue
            if seen_prose and (self.names_author(leaf) or self.is_author_label(leaf)):
                self.mark_flat_box(order[place:])
            seen_prose = seen_prose or is_prose(leaf)

    def mark_flat_box(self, indices: list[int]) -> None:
        for index in indices[:6]:
            leaf = self.tree.leaves[index]
            if self.marks[index] is None and (self.names_author(leaf) or self.is_author_label(leaf)):
                break
        else:
            return
        prose = 0
        for index in indices[:BOX_LEAVES]:
            leaf = self.tree.leaves[index]
            if is_prose(leaf):
                prose += 1
                if prose > 1:
                    return
            self.marks[index] = self.marks[index] or "author_box"
            if words.fold(leaf.text) in words.READ_MORE:
                return

    def mark_flat_captions(self, container: Node, body: set[int]) -> None:
        """A caption that stands right after its picture, among the paragraphs."""
        prose = [
            leaf
            for leaf in self.tree.leaves
            if leaf.index in body and self.marks[leaf.index] is None and is_prose(leaf)
        ]
        usual = Counter(leaf.tag for leaf in prose).most_common(1)
        for index in sorted(body):
            leaf = self.tree.leaves[index]
            before = self.tree.leaves[index - 1] if index else None
            if leaf.kind != "text" or self.marks[index] is not None or before is None or before.kind != "image":
                continue
            if leaf.parent not in set(before.parent.ancestors()) or self.opens_story(leaf):
                continue
            if index in self.captions or leaf.tag in HEADINGS or len(leaf.text) > MAX_CAPTION or is_meta(leaf.text):
                continue
            slanted = leaf.emphasis >= 0.9 * len(leaf.text)
            unusual = bool(usual) and leaf.tag != usual[0][0] and leaf.tag not in ("li", "blockquote")
            if self.marks[before.index] is None and (slanted or unusual or credit_in(leaf.text)):
                self.captions.add(index)

    # -- where the story begins and ends

    def trim(self, body: set[int]) -> set[int]:
        """Without what stands before the first paragraph: dates, names, tags, counters."""
        order = sorted(body)
        first = next((place for place, index in enumerate(order) if self.can_begin(index, order[:place])), None)
        if first is None:
            first = next((place for place, index in enumerate(order) if self.is_words(index)), len(order))
        return set(order[first:])

    def can_begin(self, index: int, before: list[int]) -> bool:
        """Whether a leaf may be the story's first: a sentence or a subhead, not what states a fact."""
        leaf = self.tree.leaves[index]
        if not self.is_words(index) or is_meta(leaf.text) or self.names_author(leaf) or self.is_role(leaf, before):
            return False
        return is_prose(leaf) or leaf.tag in HEADINGS or bool(CLAUSE_END.search(leaf.text))

    def is_words(self, index: int) -> bool:
        leaf = self.tree.leaves[index]
        if self.marks[index] is not None or leaf.kind != "text" or index in self.captions:
            return False
        return not (self.is_known(leaf) or is_meta(leaf.text) or self.is_label(leaf))

    def is_label(self, leaf: Leaf) -> bool:
        """A short line of links: tags, a kicker, sharing."""
        return leaf.link_share > 0.6 and not is_prose(leaf)

    def is_role(self, leaf: Leaf, before: list[int]) -> bool:
        previous = [self.tree.leaves[index] for index in before if self.tree.leaves[index].kind == "text"]
        named = bool(previous) and self.names_author(previous[-1])
        return named and len(leaf.text) < 100 and not SENTENCE_END.search(leaf.text)

    def story(self, container: Node | None, body: set[int]) -> Story:
        plain = [index for index in body if self.marks[index] is None]
        first = min(plain, default=len(self.tree.leaves))
        last = max(plain, default=-1)
        return Story(self.tree, self.headline, container, body, self.marks, self.captions, first, last)


def credit_in(text: str) -> str | None:
    """The credit in brackets at a caption's end, brackets off; None where the brackets hold no credit.

    >>> credit_in("A street in Example (Photo by Ann Example/Agency via Getty Images)")
    'Photo by Ann Example/Agency via Getty Images'
    >>> credit_in("You will work full time (40 hours/week)") is None
    True
    """
    match = CREDIT.search(text)
    if not match:
        return None
    inside = match[0].strip()[1:-1]
    if CREDIT_WORDS.search(inside):
        return inside
    parts = [part for part in re.split(r"[\s/,]+", inside) if part]
    named = all(part[0].isupper() or not part[0].isalnum() or part in CONNECTORS for part in parts)
    return inside if 0 < len(parts) <= 8 and named and not inside.isdigit() else None


def known_line(text: str) -> str | None:
    """The rule by which a whole line is boilerplate wherever it stands, or None."""
    return words.known_line(words.fold(text))


def whole_story(tree: Tree, stated: Stated) -> Story:
    """An embedded post's html: all of it stands in the story's place; cards, forms and appeals in it are marked."""
    finder = _Finder(tree, stated)
    finder.headline, finder.after = None, 0
    finder.mark_landmarks()
    finder.mark_cards()
    finder.mark_captions()
    body = set(range(len(tree.leaves)))
    finder.mark_inside(tree.root, body)
    return finder.story(tree.root, body)
