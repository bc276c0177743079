"""Which part of a caption is the credit."""

import re

from kicrawl.page.characters import squash
from kicrawl.site import phrases

CREDIT = re.compile(r"\((?:[^()]|\([^()]*\)){2,160}\)\s*$")
GLUED_CREDIT = re.compile(
    r"\((?=[^()]*(?:Getty|AFP|Photo|Images|Anadolu|Telegram))[^()]*\)\s*[A-Z]"
)  # a gallery in one line


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
    if phrases.CREDIT_WORDS.search(inside):
        return inside
    parts = [part for part in re.split(r"[\s/,]+", inside) if part]
    named = all(part[0].isupper() or not part[0].isalnum() or part in phrases.CONNECTORS for part in parts)
    return inside if 0 < len(parts) <= 8 and named and not inside.isdigit() else None


def split_caption(text: str) -> tuple[str | None, str | None]:
    """A caption and its credit, the brackets off.

    >>> split_caption("A street in Example on May 1. (Photo by Ann Example/Agency via Getty Images)")
    ('A street in Example on May 1.', 'Photo by Ann Example/Agency via Getty Images')
    >>> split_caption("A street in Example")
    ('A street in Example', None)
    """
    credit = credit_in(text)
    if credit is None:
        return text or None, None
    return squash(CREDIT.sub("", text)) or None, squash(credit)
