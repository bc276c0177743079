"""The words of the site's furniture, as data (site.md, "Site boilerplate seen").

Lines are compared folded: lower case, curly quotes as straight ones, every number as 0, a final colon or arrow off. So
`25,000 people chose ...` and `20,000 people chose ...` are one line.
"""

import re
from functools import lru_cache

NUMBER = re.compile(r"\d+(?:[.,\u202f\u00a0]\d+)*")
PLAIN = {"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-", "…": "..."}
KEPT = 2_000  # lines in memory: those of a few pages; a page of more is read no slower than one still larger
LONG = 2_000  # characters; what is longer is not kept in memory
TAIL = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ":→»>."


def fold(line: str) -> str:
    """A line as rules compare it.

    >>> fold("25,000 people chose to be part of it — thank you.")
    '0 people chose to be part of it - thank you'
    """
    return _fold_kept(line) if len(line) < LONG else _fold(line)


@lru_cache(maxsize=KEPT)  # the same lines stand on every page
def _fold_kept(line: str) -> str:
    return _fold(line)


def _fold(line: str) -> str:
    return NUMBER.sub("0", spell_plainly(line)).lower().rstrip(TAIL)


def spell_plainly(text: str) -> str:
    """A text with straight quotes, hyphens for dashes and three dots for an ellipsis."""
    if not text.isascii():
        for sign, plain in PLAIN.items():  # faster than str.translate, which calls back for every character
            text = text.replace(sign, plain)
    return text


def fold_lines(text: str) -> frozenset[str]:
    return frozenset(fold(line.strip()) for line in text.strip().splitlines())


# Whole lines that are boilerplate wherever they stand. Rule name -> lines.
ANYWHERE: dict[str, frozenset[str]] = {
    "membership_banner": fold_lines("""
        0 members on board
        25,000 people chose to be part of the Kyiv Independent community — thank you.
        0 out of 25,000
        Quality journalism takes work — and a community that cares.
        Help us reach 25,000 members by the end of 2025.
        Stand behind Ukrainian independent journalism when it’s needed most. Help us reach 20,000 members.
        Join 10,000+ Kyiv Independent members today
        Join 10,000+ Kyiv Independent members today Support our reporting
        Support our reporting
        This month, 1,000 people chose to support the Kyiv Independent. Can we count on you, too?
        Become a member
        Gift membership
        Become a member Gift membership
        Three years of reporting, funded by our readers — become a member now and help us prepare for 2025.
        Goal: 1,000 new members for our birthday. Gift a membership to your friend and help us prepare for what 2025 might bring.
        Let’s see how far we can go?
        We’ve been amazed by your support. Over 13,000 people are standing behind us. Can we count on you, too?
    """),  # noqa: E501 - a line of the site
    "appeal": fold_lines("""
        Support our war crimes investigations unit
        Support our war crimes investigations unit Support
        Support independent journalism in Ukraine. Join us in this fight.
        Become a member Support us just once
        Support us just once
        Support us for as little as $1, and it only takes a minute.
        visa masterCard americanExpress
        Become a patron
        Support Kyiv Independent
        Save Ukrainian media
        Become a patronSupport Kyiv IndependentSave Ukrainian media
        Become a patron Support Kyiv Independent Save Ukrainian media
        Independent journalism
        for an independent Ukraine
        Independent journalism for an independent Ukraine
    """),
    "campaign": fold_lines("""
        The Power Within: The Kyiv Independent’s first-ever magazine.
        The Power Within: The Kyiv Independent’s first-ever magazine. Be among the first to get it.
        The Power Within: The Kyiv Independent’s first-ever magazine is here. Get yours, fresh off the press.
        pre-order now
        order now
        Introducing our new merch collection
        Shop now
        Watch documentary now
        Find your perfect present from Ukraine with our holiday gift guide
        To the guide
        Top notch image
        Top notch mobile image
        Top notch imageTop notch mobile image
        Want to partner with the Kyiv Independent?
    """),
    "image_placeholder": fold_lines(
        "Avatar\nArticle image\nVideo thumbnail\nKI logo\nNewsletters image\nPodcasts image"
    ),
    "button": fold_lines("""
        Skip to content
        Edit post
        watch us on facebook
        Show More
        Read more
        Arrow right
        All Newsletters Arrow right
        All Podcasts Arrow right
        Copy link
        Accept all
        Sign in
    """),
    "audio_note": fold_lines("This audio is created with AI assistance"),
    "news_digest": fold_lines("This item is part of our running news digest"),
    "newsletter_form": fold_lines("""
        Enter your email to subscribe
        Enter your email
        Your email
        * indicates required
        Please, enter correct email address
        News from Ukraine in your inbox
        Ukraine in your
        Subscribe to newsletter
        Thank you for signing up for this newsletter. We’ve sent you a confirmation email.
    """),
    "appeal_heading": fold_lines("One hell of a year"),
    "ad_label": fold_lines("""
        Advertisement
        Advertising
        Advert
        Ad
        Ads
        Sponsored
        Promoted
        Partner content
        Story continues below
        Story continues below advertisement
        Article continues below
        Article continues after advertisement
        Scroll to continue
    """),
    "counter": fold_lines("0 shares\n0 share\n0 comments\n0 comment\n0 views\n0 claps\n0 likes\n0K shares\n0K views"),
    "player": fold_lines("0:00\n/0:00\n0:00 / 0:00\n1x\n1×"),
}

# Starts of whole blocks that are boilerplate wherever they stand: each is long enough to be no accident.
STARTS: dict[str, frozenset[str]] = {
    "membership_banner": fold_lines("""
        We’ve been amazed by your support.
        This month, 1,000 people chose to support the Kyiv Independent
    """),
    "appeal": fold_lines("""
        Freedom can be costly. Both Ukraine and its journalists are paying a high price for their independence
        Independence is an expensive currency.
        Last November, the Kyiv Independent was founded by 30 journalists who were fired for defending their editorial
    """),
    "campaign": fold_lines("Contact the Tellers Agency\nThe Power Within: The Kyiv Independent’s first-ever magazine"),
    "newsletter_form": fold_lines("Thank you for signing up for this newsletter"),
}

COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright (?:©|\(c\)|0))")  # on folded lines

_RULE_OF = {line: rule for rule, lines in ANYWHERE.items() for line in lines}
_START_RULES = {start: rule for rule, starts in STARTS.items() for start in starts}
_STARTS = tuple(_START_RULES)


def known_line(line: str) -> str | None:
    """The rule by which a folded line is boilerplate wherever it stands, or None."""
    rule = _RULE_OF.get(line)
    if rule is None and COPYRIGHT.match(line):
        return "copyright"
    if rule is None and len(line) >= 30 and line.startswith(_STARTS):
        rule = next(rule for start, rule in _START_RULES.items() if line.startswith(start))
    return rule
