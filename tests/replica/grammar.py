"""Invented news by the hundred: the same seed gives the same stories. Norvale, its river and its Great Thaw do not exist."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from .stories import Story, all_authors, changed

FIRST_DAY = datetime(2022, 3, 1, tzinfo=UTC)  # the day the Great Thaw began
NEWEST = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)

WORDS = {
    "place": """Tarrow|Kessin|Quillby|Pellmouth|Upper Sandar|Lower Sandar|Ostermark|Bramhollow|Vinterby|Saltery|Harrowgate Quay
        |Mill Island|Old Ferry|Tolverne|Nine Locks|Rushmere|Eelham|Grayling|Wexel|Dunmarrow|Hollin|Skarne""",
    "province": "Kessin Province|Pell Province|Ostermark Province|Sandar Province|Wexel Province|Skarne Province",
    "body": """the Rescue Service|the Lock Authority|the River Guard|the Ministry of Tides|the Salt Board|the Bridge Office
        |the city council|the governor's office|the State Granary|the Weather Institute|the Ferry Union|the Audit Chamber
        |the Harbor Court|the Norvalian Railways|the Reed Growers' League|the Dike Inspectorate""",
    "person": """Governor Alda Pryce|Minister Hobart Lunn|Mayor Selma Oxley|spokesperson Timo Reeve|Chief Engineer Ruth Calder
        |Inspector Nils Garrow|Colonel Ewa Strand|Director Pia Holm|Deputy Mayor Carl Nettle|Judge Ines Varga|hydrologist Otto Wren
        |Captain Jory Penhale|Commissioner Lena Marsh|harbor master Bo Teller|surveyor Mette Krall|Ombudsman Viktor Sorley""",
    "thing": """a floating bridge|two pumping stations|a grain barge|the north sluice|a field hospital|an eel market|four lock gates
        |a school ferry|the tram depot|a rope bridge|the salt warehouse|seven fishing boats|the archive cellar|a peat train
        |the pilot tower|a row of beehives|the reed mill|an ice house|the lantern factory|a mobile bakery""",
    "event": """rose above its banks|broke through a dike|froze overnight|carried away a jetty|fell to its lowest level since March
        |turned brown with peat|closed to all traffic|pushed ice onto the quays|reached the second mark|cut off the old town""",
    "did": """repaired|lost|inspected|reopened|sold|closed|moved|counted|insured|painted|borrowed|rebuilt|flooded|dismantled|returned
        |inherited|photographed|blessed""",
    "plan": """a law on shared boats|a tax on dry cellars|the eleventh aid package|a new timetable|the salt treaty|a ban on night ferries
        |a loan for higher dikes|an inquiry into the lost sandbags|a census of wells|the budget for lamp oil|a pact on eel quotas""",
    "reason": """because the ice came early|after a week of talks|against the advice of its own engineers|with help from volunteers
        |although nobody had asked for it|for the second time this month|as fog settled on the delta|without naming a date
        |in spite of a broken crane|at the request of the residents|following a complaint by fishermen|ahead of the spring tide""",
    "number": "", "big": "", "day": "", "clock": "", "share": "",
}  # fmt: skip
SENTENCES = """
{Body} {did} {thing} in {place} on {day}, {person} said.
The river Sel {event} near {place} at {clock}, {body} reported.
At least {number} people were taken to higher ground in {place}, among them {number} children.
{Person} told reporters that {body} would present {plan} before the end of the month.
"We have seen worse, and we have the tide marks to prove it," {person} said in {place}.
“Nobody here sleeps on the ground floor any more,” said a resident of {place}, who asked not to be named.
The damage in {province} is put at {big} crowns, about {share}% more than a year ago.
{Body} {did} {thing} {reason}.
As of {clock}, {number} of {place}'s pumps were running, and {number} more were on their way from {place}.
In the neighboring {province}, {number} houses lost power when the Sel {event}.
{Person} dismissed the report as "a tale for the long evenings."
According to {body}, the ferry between {place} and {place} will not sail until {day}.
Parliament passed {plan} in its first reading with {number} votes, {reason}.
The opposition says that {plan} would cost every household {number} crowns a month.
Volunteers from {place} {did} {thing} {reason}.
{Body} did not answer questions sent by the Courier in time for publication.
It was not possible to verify the account independently.
Two witnesses in {place} said they had heard the ice break shortly before {clock}.
{Body} has opened an investigation into how {thing} came to be in {place}.
The price of salt rose by {share}% on the {place} exchange, while eel lost {number} crowns a barrel.
“First the water takes the road, then it takes the post office, and then it takes the habit of writing letters,” {person} said.
By the evening of {day}, {big} sandbags had been laid between {place} and {place}.
{Person}, who visited {place} on {day}, promised that {thing} would be paid for by the state.
Residents of {place} had asked for {thing} since the Great Thaw began in March 2022.
A court in {place} fined {body} {big} crowns {reason}.
Trains between {place} and {place} are delayed by up to {number} minutes.
{Body} published {plan} on {day}, {reason}.
In a letter seen by the Courier, {person} called {plan} "a bridge to nowhere, and a wet one."
Schools in {province} will stay closed until {day}; lessons are read out on the radio at {clock}.
Earlier this week, {body} {did} {thing} in {place}, which {person} described as a precaution.
The Weather Institute expects {number} millimeters of rain in {province} and fog along the whole lower Sel.
More than {big} people live in the part of {place} that lies below the second mark.
{Person} was elected in {place} with {share}% of the vote, promising {plan}.
Insurers count {big} claims from {province} alone, {share}% of them for cellars.
The barge had left {place} on {day} with {number} tons of barley and a crew of {number}.
Nobody was hurt.
The work is to be finished within {number} days.
This is a developing story and is being updated.
"""
TITLES = """
{Body0}: Sel {past} in {province}, {number} homes without power
{Person0}: {Plan} will come {reason}
{Number} injured as ice reaches {place}
{Body0} {did} {thing} in {place}
Explosions of ice heard in {place}
{Place} gets {thing}, {reason}
Parliament backs {plan} in first reading
River Guard detains {number} over lost sandbags in {place}
Ferry between {place} and {place} stops {reason}
Water over the quay: {number} rescued in {place}, {number} in {place}
What {plan} would mean for {place}
{Place} mayor accused of selling {thing}
"""
HEADS = (
    "What we know",
    "Who pays",
    "A town below the mark",
    "How it began",
    "The view from the quay",
    "What happens next",
)
CREDITS = (
    "(Penn Harrow/The Tarrow Courier)",
    "(Mikko Sand/Riverside via Getty Images)",
    "(Photo by STR/NorPhoto via Getty Images)",
    "(Photo: Governor's Office)",
    "(State Rescue Service / Telegram)",
    "(Courtesy of the Ferry Union)",
    "(Illustration: Lina Moss)",
    "(NRB)",
    '(Iver Stone/Suspil Norvale/JSC "NR:PBC"/Global Images Norvale via Getty Images)',
    "",
)
TAGS = ("News Feed", "National", "Thaw", "Business", "Culture")
OTHER_TAGS = ("Norvale", "River Sel", "Salt", "Ferries", "Kessin", "Parliament", "Rescue Service", "Dikes")


def bulk_stories(
    count: int, seed: int = 0, before: datetime = NEWEST, step: timedelta | None = None
) -> Iterator[Story]:
    """Invented stories, newest first, `step` apart (by default spread from `before` back to the first day)."""
    step = step or (before - FIRST_DAY) / (count + 1)
    for number in range(count):
        random = Random(f"{seed} {number} story")
        wobble = timedelta(seconds=random.randrange(1, max(2, int(step.total_seconds()) // 2)))
        yield write_story(random, before - step * number - wobble)


def write_story(random: Random, published: datetime) -> Story:
    """One invented story: mostly briefs, some longer ones, a few long features."""
    published = published.replace(microsecond=0)
    title = fill(random.choice(lines(TITLES)), random)
    size = random.choices(("brief", "news", "feature"), (5, 4, 1))[0]
    lead, caption, credit = picture(random, published) if random.random() < 0.8 else (None, "", "")
    return Story(
        slug=f"{slug_from(title)}-{random.randrange(1000, 9999)}",
        title=title,
        published=published,
        updated=published + timedelta(minutes=random.randrange(2, 90)) if random.random() < 0.3 else None,
        text=WRITERS[size](random, published),
        authors=tuple(random.sample(reporters(), random.choices((1, 2, 3), (8, 2, 1))[0])),
        tags=(random.choice(TAGS), *random.sample(OTHER_TAGS, random.randrange(3))),
        lead=lead,
        caption=caption,
        credit=credit,
    )


def brief(random: Random, published: datetime) -> str:
    return "\n".join(paragraphs(random, random.randrange(1, 6)))


def news(random: Random, published: datetime) -> str:
    texts = paragraphs(random, random.randrange(6, 12))
    if random.random() < 0.3:
        texts.insert(len(texts) // 2, "@appeal " + random.choice(("donate", "freedom", "magazine")))
    return "\n".join(texts)


def feature(random: Random, published: datetime) -> str:
    """Subheads, a picture, a quotation."""
    texts = paragraphs(random, random.randrange(12, 19))
    for place, head in zip((4, 9), random.sample(HEADS, 2), strict=True):
        texts.insert(place, f"## {head}")
    file, caption, credit = picture(random, published)
    texts.insert(7, f"@image {file} | {caption} | {credit}")
    texts.insert(2, "> " + fill("“The Sel {event}, and we simply moved upstairs.”", random))
    return "\n".join(texts)


WRITERS = {"brief": brief, "news": news, "feature": feature}


def paragraphs(random: Random, count: int) -> list[str]:
    """Paragraphs of one to three sentences; no sentence form twice in a story while there are others."""
    sizes = [random.choices((1, 2, 3), (5, 4, 2))[0] for _ in range(count)]
    forms = lines(SENTENCES)
    order = random.sample(forms, len(forms)) + random.choices(forms, k=max(0, sum(sizes) - len(forms)))
    sentences = iter(fill(form, random) for form in order)
    return [" ".join(next(sentences) for _ in range(size)) for size in sizes]


def picture(random: Random, published: datetime) -> tuple[str, str, str]:
    caption = fill("{Thing} near {place}, {province}, in Norvale, on {day}, " + f"{published.year}.", random)
    return f"photo-{random.randrange(10**6)}.jpg", caption, random.choice(CREDITS)


def fill(form: str, random: Random) -> str:
    """The form with its {slots} filled; a slot with a capital gives its words a capital, one ending in 0 drops 'the'."""
    return re.sub(r"{(\w+?)(0?)}", lambda slot: filled(slot[1], bool(slot[2]), random), form)


def filled(name: str, bare: bool, random: Random) -> str:
    text = word(name.lower(), random)
    text = text.removeprefix("the ") if bare else text
    return text[0].upper() + text[1:] if name[0].isupper() else text


def word(name: str, random: Random) -> str:
    """A word for a slot."""
    match name:
        case "number":
            return str(random.randrange(2, 980))
        case "big":
            return f"{random.randrange(1, 900)},{random.randrange(1000):03}"
        case "share":
            return f"{random.randrange(1, 60)}.{random.randrange(10)}"
        case "clock":
            return f"{random.randrange(1, 13)}:{random.randrange(60):02} {random.choice(('a.m.', 'p.m.'))}"
        case "day":
            return (
                f"{random.choice(('Jan.', 'Feb.', 'March', 'April', 'May', 'Oct.', 'Nov.'))} {random.randrange(1, 29)}"
            )
        case "past":
            return random.choice(WORDS["event"].split("|")).strip()
    return " ".join(random.choice(WORDS[name].split("|")).split())


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def reporters() -> list[str]:
    """Those who write news: they have a role and a biography."""
    return [slug for slug, author in all_authors().items() if author.role and author.bio] + ["tarrowcouriernews"]


def slug_from(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower().replace("'", "")))[:90].rstrip("-")


def daily_story(number: int, published: datetime) -> Story:
    """The figure of the day: from one day to the next only numbers and dates change."""
    lost, day = 574_690 + 1_120 * number + number % 7 * 13, f"{published:%b}. {published.day}"
    more = 1_020 + number * 7 % 190
    title = f"Rescue Service: Thaw has swallowed {lost:,} sandbags since March 1, 2022"
    text = f"""The Great Thaw has swallowed around {lost:,} sandbags in Norvale since March 1, 2022, the Rescue Service reported on {day}.
This number includes {more:,} sandbags lost over the past day.
According to the report, Norvale has also lost {7_010 + number * 3:,} boats, {13_400 + number * 5:,} meters of dike, {18_760 + number * 11:,} lamps, {15_233 + number * 2:,} ladders, {1_103 + number // 5:,} footbridges, {797 + number // 9} ferries, {336 + number // 30} locks, and one lighthouse."""
    slug = slug_from(title)
    return Story(
        slug=slug,
        title=title,
        published=published,
        text=text,
        authors=("tarrowcouriernews",),
        tags=("News Feed", "Norvale", "Rescue Service"),
        lead="sandbags.jpg",
        caption="Volunteers pass sandbags along a quay in Tarrow, Norvale, on Feb. 11, 2023.",
        credit="(Penn Harrow/The Tarrow Courier)",
    )


def daily_stories(count: int, last: datetime = NEWEST) -> list[Story]:
    """The figures of `count` days in a row, newest first."""
    return [daily_story(count - back, last - timedelta(days=back)) for back in range(1, count + 1)]


def near_copy(story: Story, seed: int = 0, share: float = 0.03) -> Story:
    """The same news told again at another address, up to `share` of its words edited; numbers and dates agree."""
    random, words = Random(f"{seed} {story.slug} copy"), re.split(r"(\s)", story.text)
    plain = [place for place, text in enumerate(words) if re.fullmatch(r"[a-z]{4,}", text)]
    for place in random.sample(plain, min(len(plain), int(len(words) / 2 * share))):
        words[place] = random.choice(("nearly", "partly", "again", "quietly", "slowly", "perhaps"))
    moved = story.published + timedelta(minutes=random.randrange(20, 900))
    copy = changed(story, slug=f"{story.slug}-report", text="".join(words), published=moved, updated=None)
    return changed(copy, extra={})


def spread(stories: Iterable[Story]) -> list[Story]:
    """The stories without those that repeat an address."""
    return list({story.slug: story for story in stories}.values())
