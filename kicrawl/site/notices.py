"""How the newspaper says that it corrected a story, as data."""

import re

# A paragraph that begins so is a notice.
HEADED = re.compile(r"^\W*(?:corrections?|clarifications?|erratum)\b\s*(?:\([^)]*\)|[^.:]{0,30})?[:.—–-]", re.I)
# Words that only a notice has: it speaks of its own story.
SPEAKING = re.compile(
    r"\b(?:earlier|previous|original|prior|first) (?:version|headline|edition|text)s? of (?:this|the|our) "
    r"(?:story|article|piece|report|text|headline|newsletter|item)\b|"
    r"\b(?:this|the) (?:story|article|piece|report|headline|item|post) (?:has been|was|is|has since been) "
    r"(?:since )?(?:corrected|amended|clarified|edited to|updated to (?:correct|reflect|clarify|remove|fix))\b|"
    r"\bwe regret the (?:error|mistake)\b",
    re.I,
)
LONGEST = 150  # words


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph says that the story was corrected.

    >>> is_notice("Correction: The ferry sank on Monday."), is_notice("The army's correction of fire took an hour.")
    (True, False)
    """
    if len(paragraph.split()) > LONGEST:
        return False
    return bool(HEADED.match(paragraph) or SPEAKING.search(paragraph))
