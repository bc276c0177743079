"""Boilerplate texts of our own, for what the story's own page did not bring."""

# Appeals: title or None, prose, label of the button. None of them was ever on the site.
APPEALS = [
    ("Keep this work going", "Reporting from a country at war is costly. Readers pay for all of it.", "Chip in"),
    (None, "We have no paywall and no owner. We have 4,500 readers who pay. Will you be the next?", "Become a member"),
    ("Before you go", "It takes a minute to support us, and it makes the next story possible.", "Support us"),
    (None, "Fourteen days left: help us hire two more reporters for the east.", "Give now"),
    (
        "Note from the author",
        "Hi, it's me. If you read this far, please think of paying for the next one.",
        "Support us",
    ),
    ("Our autumn book is out", "One hundred letters from the front, printed on good paper.", "Order now"),
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
