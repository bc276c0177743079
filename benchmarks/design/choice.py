"""The choices of one design, made once each, remembered by name."""

import random
import string

from benchmarks.design.dom import Style

LANDMARKS = frozenset("header main article aside section footer nav".split())
NAMING = {
    "none": 3,
    "semantic": 2,
    "bem": 2,
    "modules": 2,
    "styled": 2,
    "utility": 2,
    "hashed": 2,
    "misleading": 1,
}
UTILITIES = """flex grid block relative w-full mx-auto px-4 py-2 mb-4 mt-6 gap-4 text-sm text-lg font-serif border-b
leading-relaxed max-w-screen-xl lg:col-span-8 md:px-8 rounded-lg overflow-hidden items-center""".split()
# What a designer might call things; words that heuristics take for furniture stand on parts of the story, too.
SEMANTIC = {
    "body": "article-text",
    "column": "main-column",
    "headline": "headline",
    "kicker": "category",
    "byline": "byline",
    "caption": "caption",
    "paragraph": "text",
    "sidebar": "sidebar",
    "teaser": "teaser",
    "card": "related-card",
    "authorbox": "author-bio",
    "appeal": "promo",
    "newsletter": "newsletter",
}
MISLEADING = {
    "body": "content has-sidebar share-enabled comments-open",
    "column": "layout-with-sidebar promo-free",
    "headline": "header-menu-title",
    "paragraph": "widget-text",
    "byline": "social-line",
    "caption": "text-note",
    "sidebar": "post-content-secondary",
    "teaser": "entry story-paragraph",
    "card": "story-article",
    "authorbox": "content-footer-article",
    "appeal": "article-block",
    "newsletter": "body-section",
}


class Design:
    """One random design. The same seed gives the same design and the same page."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.choices: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def pick(self, name: str, options: dict[str, int] | list[str]) -> str:
        """The design's choice of that name, drawn (by weight) when first asked."""
        if name not in self.choices:
            weights = options if isinstance(options, dict) else dict.fromkeys(options, 1)
            self.choices[name] = self.rng.choices(list(weights), list(weights.values()))[0]
        return self.choices[name]

    def has(self, name: str, share: float) -> bool:
        """Whether the design has a part that a share of all designs has."""
        if name not in self.choices:
            self.choices[name] = "yes" if self.rng.random() < share else "no"
        return self.choices[name] == "yes"

    def force(self, name: str, value: str) -> None:
        """Make a choice that follows from another one."""
        self.choices[name] = value

    def chance(self, share: float) -> bool:
        """A dice throw that belongs to the page, not to the design."""
        return self.rng.random() < share

    def tag(self, landmark: str) -> str:
        """The element for a landmark: itself, or a div in designs that have none."""
        kind = self.pick("landmarks", {"semantic": 3, "divs": 3, "some": 2})
        if kind == "semantic":
            return landmark
        if kind == "divs":
            return "div"
        return self.pick(f"tag of {landmark}", [landmark, "div", "section"])

    def cls(self, role: str) -> str | None:
        """The class of a part, in the design's way of naming."""
        if role not in self._names:
            self._names[role] = self._named(role, self.pick("class names", NAMING))
        return self._names[role] or None

    def style(self) -> Style:
        """How the page is written down."""
        return Style(
            spacing=self.pick("spacing", {"minified": 3, "lines": 1, "pretty": 2, "wrapped": 1}),
            entities=self.pick("entities", {"plain": 3, "named": 1, "numeric": 1}),
            quotes={"double": '"', "single": "'"}[self.pick("quotes", {"double": 5, "single": 1})],
            open_p=self.has("unclosed p", 0.12),
            upper=self.has("upper case tags", 0.05),
        )

    def token(self, length: int = 6) -> str:
        """Random letters and digits, the first a letter."""
        rest = self.rng.choices(string.ascii_letters + string.digits, k=length - 1)
        return self.rng.choice(string.ascii_letters) + "".join(rest)

    def _named(self, role: str, naming: str) -> str:
        if naming == "semantic":
            return SEMANTIC.get(role, role)
        if naming == "misleading":
            return MISLEADING.get(role, "box")
        if naming == "bem":
            return f"c-{self.rng.choice(['story', 'post', 'page'])}__{role}"
        if naming == "modules":
            return f"{role.title()}_root__{self.token(5)}"
        if naming == "styled":
            return f"sc-{self.token(8)}-{self.rng.randrange(9)} {self.token(6)}"
        if naming == "utility":
            return " ".join(self.rng.sample(UTILITIES, self.rng.randint(1, 5)))
        return f"css-{self.token(7).lower()}" if naming == "hashed" else ""
