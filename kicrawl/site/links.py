"""What an address means by its path or host: a service, sharing, a tag, an author, a file."""

import re

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

SOCIAL_HOSTS = re.compile(r"(?:^|\.)(?:twitter\.com|x\.com|t\.me|facebook\.com|instagram\.com|tiktok\.com|bsky\.app)$")
# Cards of Ghost's editor that are not the story's text (class names of every Ghost site since 4.0), and what they are.
KOENIG_CARDS = (
    ("kg-product-card", "advertisement"),
    ("kg-cta", "advertisement"),
    ("kg-signup-card", "form"),
    ("kg-audio-card", "player"),
    ("kg-file-card", "file"),
    ("kg-button-card", "button"),
)

# Pages of tags and sections, in any layout and on other newspapers.
TAG_PATH = re.compile(r"/(?:tag|tags|category|topic|topics|section)/[^/]+")
TOPIC_PATH = re.compile(r"/(?:tag|tags|category|topic|topics)/[^/]+")
TAG_FOLDER = re.compile(r"/(?:tag|category)/")
AUTHOR_PATH = re.compile(r"/authors?/[^/]+")

FILE_LINK = re.compile(
    r"/content/files/|\.(?:pdf|docx?|xlsx?|zip|csv|pptx?)$", re.I
)  # Ghost keeps files under /content/files/
# What Ghost puts before the name of a resized picture.
SIZE_PATH = re.compile(r"/content/images/(?:size/[^/]+/)(?:format/[^/]+/)?")
