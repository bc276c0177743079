"""How the newspaper, like others, phrases bylines, dates, reading times, counters and credits."""

import re

# Bylines
BYLINE = re.compile(r"^(?:by|By|BY)\s+(?=\S)")
BY = re.compile(r"^(?:[Bb]y|BY|Authors?:|Written by)\s+")

JOB = re.compile(
    r"(?:the )?(?:(?:staff|senior|chief|political|war|foreign|news|culture|business|special|contributing)\s+)*"
    r"(?:writers?|reporters?|correspondents?|editors?|contributors?|columnists?|photographers?)",
    re.I,
)

# Times
TIME_ONLY = re.compile(r"^\d{1,2}:\d{2}(?:\s*[ap]\.?m\.?)?$", re.I)
DATE_WORDS = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?\s+\d{1,2},?\s+(?:19|20)\d\d\b|\b\d{1,2}\s+[a-z]{3,9}\.?,?\s+(?:19|20)\d\d\b|"
    r"\b(?:19|20)\d\d-\d\d-\d\d\b",
    re.I,
)
DATE_LABEL = re.compile(r"(?<![\s|·•,–—-])[\s|·•,–—-]*\b(?:published|posted|updated|last updated|on)\b\s*:?.*$", re.I)
AGO = re.compile(
    r"\b(?:\d{1,3}|an?|one|two)\s+(?:min(?:ute)?|hour|day|week|month|year)s?\s+ago\b|^(?:yesterday|today)$", re.I
)
UPDATE_MARK = re.compile(r"\(?\b(?:last\s+)?updated\b", re.I)
READING_TIME = re.compile(
    r"\b(\d{1,3})\s*[-–]?\s*min(?:ute)?s?\.?\s+(?:to\s+)?read\b|"
    r"\bread(?:ing)?(?:\s+time)?\s*:?\s*(\d{1,3})\s*min(?:ute)?s?\b",
    re.I,
)

# A bare number, as counters of shares and comments show
COUNTER = re.compile(r"^[+]?\d{1,3}(?:[.,]?\d{3})*\s?[kKmM]?$")

# Words of which one makes a bracket at the end of a caption a credit
CREDIT_WORDS = re.compile(
    r"photo|getty|images|afp|reuters|anadolu|\bvia\b|courtesy|illustration|screenshot|telegram|facebook|press\b|agency|"
    r"office|service|\bap\b|\bepa\b|ukrinform|suspilne|collage|wikimedia",
    re.I,
)
# Words that names in a credit may hold in lower case
CONNECTORS = frozenset(["of", "the", "and", "for", "in", "de", "la", "van", "von", "der", "by", "at"])
