"""Boilerplate texts of our own, for what the story's own page did not bring."""

from random import Random

# Appeals are put together from these, so that no list of known lines can catch them. None was ever on the site.
APPEAL_TITLES = [None, None, None, "Keep this work going", "Before you go", "Note from the author", "A word from us"]
APPEAL_FACTS = [
    "Reporting from a country at war is costly, and readers pay for all of it.",
    "We have no paywall and no owner; we have {number} readers who pay.",
    "Hi, it's me, and if you read this far, this one took three weeks.",
    "{number} people paid for this story, and for every other one.",
    "Our autumn book is out: one hundred letters from the front.",
    "There are {number} days left in our campaign for two more reporters.",
    "Independent news needs independent money.",
]
APPEAL_WISHES = [
    "Will you be the next?",
    "Please think of paying for the next one.",
    "It takes a minute, and it makes the next story possible.",
    "You can help with as little as one coffee a month.",
    "Get yours before it is gone.",
    "Without you, there is nobody to ask.",
]
APPEAL_LABELS = [
    "Become a member",
    "Chip in",
    "Support us",
    "Give now",
    "Order now",
    "Donate",
    "Join us",
    "Yes, I'll help",
]
NEWSLETTERS = [
    ("The Morning Dispatch", "The day's news in your inbox, every weekday.", "Sign up"),
    ("War Letters", "Once a week, from the people who write it.", "Subscribe"),
    (None, "Enter your email to subscribe", "Subscribe"),
]
COOKIES = "We use cookies to count visits and to keep you signed in. You can change this at any time."
MODAL = "You have read three stories this month. Create a free account to go on reading and to save what you like."
SCRIPTLESS = "Please enable JavaScript to see this page as it was meant."
COMMENTS = [
    ("Reader One", "Thank you for writing about this. I have not seen it reported anywhere else this week."),
    ("Second Reader", "My cousin lives two streets from there and says it was far louder than it sounds."),
    ("oldtimer44", "I doubt it."),
]
NAVIGATION = ["Home", "War", "Politics", "Business", "Culture", "Opinion", "Video", "Newsletters", "About"]
FOOTER = ["About us", "Contacts", "Privacy policy", "Terms of use", "Advertise", "Careers", "Corrections"]
SOCIAL = ["Facebook", "X", "Telegram", "LinkedIn", "Copy link", "Email"]
RIGHTS = "© 2025 {site}. All rights reserved."
MENTION = "Spotted a mistake? Select it and press Ctrl + Enter."
READ_ALSO = ["Read also:", "READ MORE:", "Also read:", "Related:", "More on this:"]
SIDE_HEADINGS = ["News Feed", "Latest news", "Most popular", "Most read", "Trending", "Latest"]
MORE_HEADINGS = ["MORE NEWS", "Editors' Picks", "Related stories", "Read next", "You may also like", "More from us"]


def appeal(rng: Random) -> tuple[str | None, str, str]:
    """Title (or None), prose and button of a request for support."""
    number = f"{rng.randint(3, 99)},{rng.randint(100, 999)}"
    fact = rng.choice(APPEAL_FACTS).format(number=number)
    return rng.choice(APPEAL_TITLES), f"{fact} {rng.choice(APPEAL_WISHES)}", rng.choice(APPEAL_LABELS)
