"""Invented stories and what an invented newsroom edits in them, ten edits of each of seven kinds.

Written by another hand than the rules that label them: a second opinion beside the list of test_edits.py.
"""

from typing import Any

Version = dict[str, Any]

BRIDGE: Version = {
    "title": "Fire shuts Marl Bridge, injures 3",
    "subtitle": "Three villages cut off as engineers wait for the steel to cool",
    "body": """A fire under the Marl Bridge injured one person and killed at least three others on Oct. 12, \
the county rescue service said.

The blaze broke out at 6:30 a.m. near a workshop on the western bank, according to Ilse Brandt, the mayor of \
Marlton. "We heard a bang, and then the sky went orange," she told the Marl Gazette.

Crews from two counties put the fire out by noon. The bridge, a steel arch of 214 meters, was closed to \
traffic. Hundreds of households were left without power.

A 34-year-old man was detained on suspicion of arson, the prosecutors office said, citing unnamed sources. An \
alleged accomplice remains at large. The damage is put at $2.4 million, or 12 percent of the county's yearly \
budget for roads.

The bridge was opened in 1978. It was last repaired four years ago, when its deck was renewed, painted and insured.

This is a developing story and will be updated.""",
    "captions": ["Smoke over the Marl Bridge on Oct. 12, 2025. (Piet Hollow / Marl Gazette)", "The bridge in 2019."],
    "authors": ["Dora Finch", "Serhii Kovalenko"],
}  # fmt: skip

PARLIAMENT: Version = {
    "title": "Lawmakers back tax on second homes after night of talks",
    "subtitle": "The bill goes to President Odile Renn, who has not said whether she will sign it",
    "body": """Norvale's parliament backed a tax on second homes on Tuesday, with 226 votes in favor and 87 against.

The bill passed after a night of talks between the ruling Harbor Party and its junior partner, the Greens. It \
sets a rate of 1.5 percent of a home's value for owners who live elsewhere for more than half of the year.

"Nobody needs three houses," Greens leader Tomas Weir said. Opposition lawmakers left the chamber before the \
vote, and called the bill theft.

The finance ministry expects to raise 340 million crowns from the tax every year. Around 25,000 homes would be\
 affected, most of them on the coast.

President Odile Renn has until Nov. 3 to sign the bill or send it back. A spokesman for Renn declined to comment.

The U.S. embassy in Tarrow, which owns a villa in Lower Sandar, said it would "study the text".""",
    "captions": ["Lawmakers after the vote in Tarrow, Norvale. (Anselm Okri)"],
    "authors": ["Mina Valdis"],
}  # fmt: skip

# Kind, story, field, what stood there, what stands there now. Nothing before: put at the end; for authors: the names.
EDITS: list[tuple[str, Version, str, Any, Any]] = [
    ("headline", BRIDGE, "title", "injures 3", "kills 3"),
    ("headline", BRIDGE, "title", "injures 3", "injures 4"),
    ("headline", BRIDGE, "title", "Fire shuts", "BREAKING: Fire shuts"),
    ("headline", BRIDGE, "title", "Fire shuts Marl Bridge, injures 3", "3 killed as Marl Bridge burns"),
    ("headline", BRIDGE, "title", "", ", officials say"),
    ("headline", PARLIAMENT, "title", " after night of talks", ""),
    ("headline", PARLIAMENT, "title", "back", "approve"),
    ("headline", PARLIAMENT, "title", "Lawmakers back", "Norvale's lawmakers back"),
    ("headline", PARLIAMENT, "title", "Lawmakers back tax on second homes after night of talks",
     "Tax on second homes passes parliament"),
    ("headline", PARLIAMENT, "title", "night of talks", "all-night talks"),
    ("number", BRIDGE, "body", "killed at least three", "killed at least five"),
    ("number", BRIDGE, "body", "injured one person and", "injured two people and"),
    ("number", BRIDGE, "body", "$2.4 million, or 12 percent", "$3.1 million, or 15 percent"),
    ("number", BRIDGE, "body", "at 6:30 a.m.", "at 7 a.m."),
    ("number", BRIDGE, "body", "A 34-year-old man", "A 43-year-old man"),
    ("number", BRIDGE, "body", "Hundreds of households", "Thousands of households"),
    ("number", BRIDGE, "subtitle", "Three villages", "Five villages"),
    ("number", PARLIAMENT, "body", "226 votes in favor and 87 against", "229 votes in favor and 84 against"),
    ("number", PARLIAMENT, "body", "340 million crowns", "1.2 billion crowns"),
    ("number", PARLIAMENT, "body", "until Nov. 3 to", "until Nov. 13 to"),
    ("added", BRIDGE, "body", "put the fire out by noon.",
     "put the fire out by noon, the rescue service said in a statement."),
    ("added", BRIDGE, "body", "A fire under", "An electrical fire under"),
    ("added", BRIDGE, "body", "The bridge was opened",
     "Two of the injured are in a serious condition, the hospital in Marlton said.\n\nThe bridge was opened"),
    ("added", BRIDGE, "body", "detained on suspicion", "reportedly detained on suspicion"),
    ("added", BRIDGE, "captions", "on Oct. 12, 2025", "in Marlton on Oct. 12, 2025"),
    ("added", BRIDGE, "body", "rescue service said.", "rescue service said. A second fire was out by 9 a.m."),
    ("added", PARLIAMENT, "subtitle", "", "; the opposition vows to go to court"),
    ("added", PARLIAMENT, "body", "", "\n\nThe text of the bill has 45 pages and no word on tenants."),
    ("added", PARLIAMENT, "body", "Around 25,000 homes would be affected",
     "Around 25,000 homes (3 percent of all) would be affected"),
    ("added", PARLIAMENT, "body", "\"Nobody needs three houses,\" Greens leader Tomas Weir said.",
     "\"Nobody needs three houses,\" Greens leader Tomas Weir, who owns two himself, said."),
    ("removed", BRIDGE, "body", "\n\nThis is a developing story and will be updated.", ""),
    ("removed", BRIDGE, "body", "An alleged accomplice", "An accomplice"),
    ("removed", BRIDGE, "body", "said, citing unnamed sources.", "said."),
    ("removed", BRIDGE, "body", "An alleged accomplice remains at large. ", ""),
    ("removed", BRIDGE, "body", ", according to Ilse Brandt, the mayor of Marlton", ""),
    ("removed", BRIDGE, "body", " and killed at least three others", ""),
    ("removed", PARLIAMENT, "body", ", and called the bill theft", ""),
    ("removed", PARLIAMENT, "subtitle", ", who has not said whether she will sign it", ""),
    ("removed", PARLIAMENT, "body", "\"Nobody needs three houses,\" Greens leader Tomas Weir said. ", ""),
    ("removed", PARLIAMENT, "body", " a night of talks between", " talks between"),
    ("byline", BRIDGE, "authors", [], ["Serhii Kovalenko", "Dora Finch"]),
    ("byline", BRIDGE, "authors", [], ["Dora Finch"]),
    ("byline", BRIDGE, "authors", [], ["Dora Finch", "Sergiy Kovalenko"]),
    ("byline", BRIDGE, "authors", [], ["Dora Finch", "Serhii Kovalenko", "Lena Orr"]),
    ("byline", BRIDGE, "authors", [], ["The Marl Gazette news desk"]),
    ("byline", BRIDGE, "authors", [], []),
    ("byline", PARLIAMENT, "authors", [], ["Mina Valdis-Berg"]),
    ("byline", PARLIAMENT, "authors", [], ["Anselm Okri", "Mina Valdis"]),
    ("byline", PARLIAMENT, "authors", [], ["Reuters"]),
    ("byline", PARLIAMENT, "authors", [], ["M. Valdis"]),
    ("correction", BRIDGE, "body", "A fire under",
     "Editor’s note: This article was updated to correct the spelling of Mayor Ilse Brandt's name.\n\nA fire under"),
    ("correction", BRIDGE, "body", "",
     "\n\nAn earlier version of this article incorrectly stated that the bridge is 241 meters long."),
    ("correction", BRIDGE, "body", "",
     "\n\nThis story was corrected on Oct. 14 to reflect that the workshop is on the western bank."),
    ("correction", BRIDGE, "body", "", "\n\n*Correction, Oct. 14: The man detained is 34, not 43."),
    ("correction", BRIDGE, "body", "",
     "\n\nDue to an editing error, a previous version of this story misidentified the mayor."),
    ("correction", PARLIAMENT, "body", "",
     "\n\nCorrections and clarifications: The embassy's villa stands in Lower, not Upper, Sandar."),
    ("correction", PARLIAMENT, "body", "", "\n\nWe have corrected the number of votes against the bill."),
    ("correction", PARLIAMENT, "body", "",
     "\n\nNote: The headline of this article has been changed to say that the bill is not law yet."),
    ("correction", PARLIAMENT, "body", "",
     "\n\nThis report has been amended to say that the Greens are the junior partner."),
    ("correction", PARLIAMENT, "body", "",
     "\n\nUPDATE: This story has been updated to correct the number of homes. The Gazette regrets the error."),
    ("punctuation", BRIDGE, "body", "\"We heard a bang, and then the sky went orange,\"",
     "“We heard a bang and then the sky went orange,”"),
    ("punctuation", BRIDGE, "body", "the prosecutors office", "the prosecutor's office"),
    ("punctuation", BRIDGE, "body", "renewed, painted and insured", "renewed, painted, and insured"),
    ("punctuation", BRIDGE, "title", "Fire shuts Marl Bridge", "Fire Shuts Marl Bridge"),
    ("punctuation", BRIDGE, "captions", " (Piet Hollow / Marl Gazette)", " Piet Hollow/Marl Gazette"),
    ("punctuation", BRIDGE, "body", "was closed to traffic. Hundreds", "was closed to traffic; hundreds"),
    ("punctuation", PARLIAMENT, "body", "The U.S. embassy", "The US embassy"),
    ("punctuation", PARLIAMENT, "body", "\"study the text\".", "\"study the text.\""),
    ("punctuation", PARLIAMENT, "body", "Norvale's parliament", "Norvale's Parliament"),
    ("punctuation", PARLIAMENT, "body", "1.5 percent", "1,5 percent"),
]  # fmt: skip

# Kind, a text, and what it says after an edit of that kind only.
TEXTS: list[tuple[str, str, str]] = [
    ("number", "At least 12 people were killed and 30 injured.", "At least 14 people were killed and 36 injured."),
    ("number", "Two drones were shot down over Marl.", "One drone was shot down over Marl."),
    ("number", "One woman in the house was hurt.", "Two women in the house were hurt."),
    ("number", "The plan is for mid-2024.", "The plan is for mid-2025."),
    ("number", "It costs $1.5 million.", "It costs $15 million."),
    ("number", "It costs $5 million.", "It costs €5 million."),
    ("number", "It fell to -5 degrees.", "It fell to 5 degrees."),
    ("number", "Tens of thousands came.", "Hundreds of thousands came."),
    ("number", "About two-thirds left.", "About three-quarters left."),
    ("number", "Open from 9 a.m. to 5 p.m. daily.", "Open from 10 a.m. to 6 p.m. daily."),
    ("number", "It has 1,250 seats.", "It has 12,500 seats."),
    ("number", "A man in his 20s.", "A man in his 30s."),
    ("number", "The toll rose to 21 on Monday.", "The toll rose to twenty-two on Monday."),
    ("number", "It hit 3 ferries.", "It hit 1 ferry."),
    ("punctuation", "It has 25,000 seats.", "It has 25000 seats."),
    ("punctuation", "It has 25,000 seats.", "It has 25 000 seats."),
    ("punctuation", "It was closed. Hundreds left.", "It was closed.\n\nHundreds left."),
    ("punctuation", "a long-term plan", "a long term plan"),
    ("punctuation", "he said... nothing", "he said… nothing"),
    ("punctuation", "It closed at 10:30.", "It closed at 10.30."),
    ("wording", "It hit 2 boats.", "It hit two boats."),
    ("wording", "The ship sank.", "The ships sank."),
    ("wording", "The attack was heavy.", "The attack were heavy."),
    ("added", "The ferry sank.", "However, the ferry sank."),
    ("added", "He said it sank.", "He said it sank, adding that it would be raised in June."),
    ("added", "Some 12 men left.", "Some 12 men and 3 women left."),
    ("added", "The mayor was there.", "The mayor and her deputy were there."),
    ("added", "It was a barn.", "It was an old barn."),
    ("added", "He spoke.", "He spoke.\n\nThe report was amended by the committee on Monday."),
    ("added", "He spoke.", 'He spoke.\n\n"We have corrected the course," the captain said.'),
    ("removed", "The mayor and her deputy were there.", "The mayor was there."),
    ("removed", "It was an old barn.", "It was a barn."),
    ("removed", "Officials said the ferry sank.", "The ferry sank."),
    ("removed", "He came, saw, and won.", "He came and won."),
    ("correction", "He spoke.", "He spoke.\n\nThe story has been corrected to say that he whispered."),
    ("correction", "He spoke.", "Editor's note: The article was amended on May 4.\n\nHe spoke."),
    ("correction", "He spoke.", "He spoke.\n\nWe've corrected the spelling of his name."),
]


def edit(story: Version, field: str, old: Any, new: Any) -> Version:
    """A story after an edit."""
    value = story[field]
    if field == "authors":
        return {**story, field: new}
    texts = value if isinstance(value, list) else [value]
    after = [text.replace(old, new, 1) if old else text + new for text in texts]
    assert after != texts, (old, new)
    return {**story, field: after if isinstance(value, list) else after[0]}
