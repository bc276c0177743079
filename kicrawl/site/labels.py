"""What the labels, headings and tags of the newspaper mean (site.md, "Site boilerplate seen").

Lines are folded as in site.words.
"""

import re

from kicrawl.site.words import fold, fold_lines

# Headings of sections that are not the story. Each starts a section of furniture; in plain text it ends the story.
SECTION_HEADINGS = fold_lines("""
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
WEAK_HEADINGS = fold_lines(
    "Video\nVideos\nRelated\nLatest\nComments\nUkraine Daily\nRead also\nRecommended\nTrending\n"
    "Top stories\nTop news\nMust read\nPopular\nUp next\nDon't miss"
)

# In plain text, the first lines after the story.
TEXT_ENDS = fold_lines("News Feed\nEditors' Picks\nMORE NEWS\nMost popular\nShow More")
PICTURE = fold("Article image")  # in plain text, where a picture of layout B stood
PUBLISHER = fold("The Kyiv Independent")  # begins the last line of layout B's card, an author glued on

# What stands before the linked headline of another story in a line of its own.
READ_ALSO = re.compile(
    r"^(?:read (?:also|more|next|this)|also read|see also|related(?: story| article| stories)?|more on this(?: topic)?|"
    r"in this topic|also on this topic|recommended|watch(?: also| more)?|more|background|context|"
    r"don't miss)\s*[:|–—-]\s*",
    re.I,
)
TAGS_LABEL = re.compile(r"^(?:tags?|tagged(?: with)?|topics?|filed under|more on|categories|category)\b\s*:?\s*", re.I)

# How headings of furniture begin that are worded anew on every page (folded).
SECTION_STARTS = re.compile(
    r"^(?:sign up (?:to|for)|subscribe to|get (?:the|our) \w+ newsletter|0 (?:responses|thoughts|comments)\b|"
    r"leave a (?:reply|comment)|also (?:on|in)\b|more (?:from|in|on)\b)"
)

# Lines that begin the author box, or are it.
AUTHOR_LABELS = fold_lines(
    "About the author\nAbout the authors\nAbout the writer\nAuthor\nAuthors\nWritten by\nMeet the author"
)
AVATAR = fold("Avatar")  # the text of the portrait in an author box
AVATAR_ALTS = fold_lines("Avatar\nAuthor avatar\nAuthor photo\nAuthor image\nProfile picture\nPortrait")
READ_MORE = fold_lines(
    "Read more\nMore from this author\nMore articles\nAll articles\nFull bio\nView profile\nMore stories"
)
DESK_BIO = "we are the news team of the kyiv independent"
AUTHOR_PREFIX = re.compile(r"^Authors?:\s+(?=\S)")

# Blocks that stand inside the story's place on a gated page.
BUTTON_WORDS = re.compile(
    r"^(?:support|become|join|donate|give|chip in|subscribe|order|pre-?order|shop|buy|get|help|sign up|yes|count me)\b",
    re.I,
)
GATES = re.compile(
    r"^This (?:post|story|article|page) is (?:only )?for (?:paying |paid )?(?:subscribers|members)"
    r"|\bfor (?:paying )?(?:subscribers|members) only$",
    re.I,
)

# Tags that stand alone above a headline, as seen; in plain text nothing else tells a lone tag from another line.
KNOWN_TAGS = fold_lines("""
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
    """share this article story post on via facebook x twitter telegram linkedin whatsapp viber email e-mail mail copy
    link print reddit messenger bluesky threads pocket save bookmark flipboard mastodon pinterest | · • ·""".split()
)

# Kinds of story, by the kicker, the first tag or the era-A section of the address.
KINDS = {
    "opinion": fold_lines("Opinion\nOpinions\nOp-ed\nEditorial"),
    "newsletter": fold_lines("Newsletter\nNewsletters\nBelarus Weekly\nExplaining Ukraine Newsletter\nSOE Weekly"),
    "podcast": fold_lines("Podcast\nPodcasts"),
    "video": fold_lines("Video\nVideos"),
    "photo": fold_lines("Photo\nPhotos\nPhoto story\nPhoto essay\nIn photos"),
}
KICKERS = KNOWN_TAGS.union(*KINDS.values())  # words that stand at a headline without a link
PHOTO_TITLE = re.compile(r"\((?:PHOTOS?)\)\s*$|\bin photos\s*$", re.I)

# How the site names itself in <title> and og:title.
SITE_NAMES = ("The Kyiv Independent", "Kyiv Independent")

# Author pages: `Team`, [`<name> photo`], name, role, bio, `Articles`, cards.
TEAM = fold("Team")
ARTICLES = fold("Articles")
PORTRAIT = re.compile(r"^(?P<name>.{2,80}?)\s+photo$")
INQUIRIES = re.compile(r"^For media\b.*inquir", re.I)
