"""How the newspaper says that it corrected a story, as data."""

import re

# A paragraph that begins so is a notice.
HEADED = re.compile(r"^\W*(?:corrections?|clarifications?|erratum)\b\s*(?:\([^)]*\)|[^.:]{0,30})?[:.—–-]", re.I)
STORY = "(?:story|article|piece|report|text|headline|newsletter|item|post)"
DONE = (
    r"(?:has|have|had)?(?: since)? ?(?:been|was|were|is) (?:since )?"
    r"(?:corrected|amended|clarified|edited to|updated to (?:correct|reflect|clarify|remove|fix))\b"
)
# Words that only a notice has: it speaks of its own story.
SPEAKING = re.compile(
    rf"\b(?:earlier|previous|original|prior|first) (?:version|headline|edition|text)s? of (?:this|the|our) {STORY}\b|"
    rf"\b(?:this|our) {STORY} {DONE}|"
    rf"\bheadlines? (?:of|to|on) (?:this|our) {STORY} (?:{DONE}|(?:has been|was) changed\b)|"
    r"\bwe regret the (?:error|mistake)\b|\bregrets? the error\b",
    re.I,
)
# The same where it stands first, or behind a heading such as "Editor's note:". Elsewhere the article may be a law's,
# and those who have corrected something may be quoted.
FIRST = re.compile(
    rf"^[*_(\[\s]*(?:(?:editor[’']?s[’']? )?(?:note|update)\b[^.:]{{0,30}}[:.—–-]\s*)?"
    rf"(?:the (?:story|article|piece|headline|post) {DONE}|we(?:[’']ve| have) (?:since )?(?:corrected|clarified)\b)",
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
    return bool(HEADED.match(paragraph) or SPEAKING.search(paragraph) or FIRST.match(paragraph))
