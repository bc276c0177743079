"""The words of the site's furniture, as data (site.md, "Site boilerplate seen").

Lines are compared folded: lower case, curly quotes as straight ones, every number as 0, a final colon or arrow off. So
`25,000 people chose ...` and `20,000 people chose ...` are one line.
"""

import re
from functools import lru_cache

NUMBER = re.compile(r"\d+(?:[.,\u202f\u00a0]\d+)*")
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-", "…": "..."})
TAIL = re.compile(r"[\s:→»>.]+$")


@lru_cache(maxsize=8192)  # the same lines stand on every page
def fold(line: str) -> str:
    """A line as rules compare it.

    >>> fold("25,000 people chose to be part of it — thank you.")
    '0 people chose to be part of it - thank you'
    """
    return TAIL.sub("", NUMBER.sub("0", line.translate(QUOTES)).lower())


def _lines(text: str) -> frozenset[str]:
    return frozenset(fold(line.strip()) for line in text.strip().splitlines())


# Whole lines that are boilerplate wherever they stand. Rule name -> lines.
ANYWHERE: dict[str, frozenset[str]] = {
    "membership_banner": _lines("""
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
    """),
    "appeal": _lines("""
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
    "campaign": _lines("""
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
    "image_placeholder": _lines("Avatar\nArticle image\nVideo thumbnail\nKI logo\nNewsletters image\nPodcasts image"),
    "button": _lines("""
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
    "audio_note": _lines("This audio is created with AI assistance"),
    "news_digest": _lines("This item is part of our running news digest"),
    "newsletter_form": _lines("""
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
    "appeal_heading": _lines("One hell of a year"),
    "ad_label": _lines("""
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
    "counter": _lines("0 shares\n0 share\n0 comments\n0 comment\n0 views\n0 claps\n0 likes\n0K shares\n0K views"),
    "player": _lines("0:00\n/0:00\n0:00 / 0:00\n1x\n1×"),
}

# Starts of whole blocks that are boilerplate wherever they stand: each is long enough to be no accident.
STARTS: dict[str, frozenset[str]] = {
    "membership_banner": _lines("""
        We’ve been amazed by your support.
        This month, 1,000 people chose to support the Kyiv Independent
    """),
    "appeal": _lines("""
        Freedom can be costly. Both Ukraine and its journalists are paying a high price for their independence
        Independence is an expensive currency.
        Last November, the Kyiv Independent was founded by 30 journalists who were fired for defending their editorial
    """),
    "campaign": _lines("Contact the Tellers Agency\nThe Power Within: The Kyiv Independent’s first-ever magazine"),
    "newsletter_form": _lines("Thank you for signing up for this newsletter"),
}

# Headings of sections that are not the story. Each starts a section of furniture; in plain text it ends the story.
SECTION_HEADINGS = _lines("""
    News Feed
    MORE NEWS
    More news
    Editors' Picks
    Editor's Picks
    Most popular
    Most read
    Latest news
    Latest
    Related
    Related stories
    Related articles
    Related news
    More stories
    More from the Kyiv Independent
    Read also
    Recommended
    Recommended for you
    You may also like
    Trending
    Share this
    Share this article
    Comments
    0 comments
    0 comment
    Leave a comment
    In this topic
    On this topic
    More on this topic
    More on this
    Also read
    See also
    Read next
    Up next
    What to read next
    Don't miss
    Popular
    Popular now
    Must read
    Top stories
    Top news
    From the newsroom
    Join the conversation
    Ukraine Daily
    Post navigation
    Subscribe to our newsletter
    Video
    Videos
    Show More
""")
# Of these, the ones that a story may use as a subhead: alone they end nothing.
WEAK_HEADINGS = _lines("Video\nVideos\nRelated\nLatest\nComments\nUkraine Daily\nRead also\nRecommended\nTrending")

# What stands before the linked headline of another story in a line of its own.
READ_ALSO = re.compile(
    r"^(?:read (?:also|more|next|this)|also read|see also|related(?: story| article| stories)?|more on this(?: topic)?|"
    r"in this topic|also on this topic|recommended|watch(?: also| more)?|more|background|context|don't miss)\s*[:|–—-]\s*",
    re.I,
)
TAGS_LABEL = re.compile(r"^(?:tags?|tagged(?: with)?|topics?|filed under|more on|categories|category)\b\s*:?\s*", re.I)

# Lines that begin the author box, or are it.
AUTHOR_LABELS = _lines(
    "About the author\nAbout the authors\nAbout the writer\nAuthor\nAuthors\nWritten by\nMeet the author"
)
AVATAR_ALTS = _lines("Avatar\nAuthor avatar\nAuthor photo\nAuthor image\nProfile picture\nPortrait")
READ_MORE = _lines(
    "Read more\nMore from this author\nMore articles\nAll articles\nFull bio\nView profile\nMore stories"
)
DESK_BIO = "we are the news team of the kyiv independent"
AUTHOR_PREFIX = re.compile(r"^Authors?:\s+(?=\S)")

# Blocks that stand inside the story's place on a gated page.
GATES = re.compile(
    r"^This (?:post|story|article|page) is (?:only )?for (?:paying |paid )?(?:subscribers|members)"
    r"|\bfor (?:paying )?(?:subscribers|members) only$",
    re.I,
)

# Words in the path of a service page; a line that is only a link to one is a button of an appeal.
SERVICE_PATHS = re.compile(
    r"/(?:membership|members?|support(?:-us)?|donate|subscribe|subscriptions?|store|shop|newsletters?|signup|sign-up|"
    r"signin|join|gift|merch|portal)(?:[/?#-]|$)|#/portal|#/share",
    re.I,
)
SERVICE_HOSTS = re.compile(
    r"(?:^|\.)(?:patreon\.com|gofundme\.com|buymeacoffee\.com|ko-fi\.com|paypal\.com|donorbox\.org)$"
)
SHARE_HOSTS = re.compile(
    r"(?:^|\.)(?:facebook\.com/sharer|facebook\.com/share|twitter\.com/intent|twitter\.com/share|x\.com/intent|"
    r"linkedin\.com/share|t\.me/share|telegram\.me/share|wa\.me|api\.whatsapp\.com|reddit\.com/submit|getpocket\.com)"
)

# Tags that stand alone above a headline, as seen; in plain text nothing else tells a lone tag from another line.
KNOWN_TAGS = _lines("""
    News Feed
    Uncategorized
    National
    Opinion
    War
    War Analysis
    Russia's War
    Field Report
    Human Story
    Culture
    Business
    Investigations
    Eastern Europe
    Explaining Ukraine
    Company News
    Newsletters
    Podcasts
    Video
    Politics
    Hot Topic
    Editorial
""")

# Words of which a line of sharing links is made.
SHARE_WORDS = frozenset(
    """share this article story post on via facebook x twitter telegram linkedin whatsapp viber email e-mail mail copy link
    print reddit messenger bluesky threads pocket save bookmark flipboard mastodon pinterest | · • ·""".split()
)

# Kinds of story, by the kicker, the first tag or the era-A section of the address.
KINDS = {
    "opinion": _lines("Opinion\nOpinions\nOp-ed\nEditorial"),
    "newsletter": _lines("Newsletter\nNewsletters\nBelarus Weekly\nExplaining Ukraine Newsletter\nSOE Weekly"),
    "podcast": _lines("Podcast\nPodcasts"),
    "video": _lines("Video\nVideos"),
    "photo": _lines("Photo\nPhotos\nPhoto story\nPhoto essay\nIn photos"),
}
PHOTO_TITLE = re.compile(r"\((?:PHOTOS?)\)\s*$|\bin photos\s*$", re.I)

# How the site names itself in <title> and og:title.
SITE_NAMES = ("The Kyiv Independent", "Kyiv Independent")


COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright (?:©|\(c\)|0))")  # on folded lines

_RULE_OF = {line: rule for rule, lines in ANYWHERE.items() for line in lines}
_STARTS = tuple((start, rule) for rule, starts in STARTS.items() for start in starts)


def known_line(line: str) -> str | None:
    """The rule by which a folded line is boilerplate wherever it stands, or None."""
    rule = _RULE_OF.get(line)
    if rule is None and COPYRIGHT.match(line):
        return "copyright"
    if rule is None and len(line) >= 30:
        rule = next((rule for start, rule in _STARTS if line.startswith(start)), None)
    return rule
