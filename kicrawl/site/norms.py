"""What a healthy site looks like, and how far from it or from the last runs an alarm begins. All of it is data."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Norm:
    """What holds for a field of stories."""

    floor: float = 0.0  # on at least this share of the stories it is stated, whatever the last runs said
    vital: bool = False  # without it a run is incomplete


# Floors are far below what is normal: they are for a first run, and for what crept in too slowly to be a change.
FIELDS: dict[str, Norm] = {
    "title": Norm(0.9, vital=True),
    "body": Norm(0.8, vital=True),  # photo stories have captions only
    "published_at": Norm(0.9, vital=True),
    "authors": Norm(0.5, vital=True),  # pages of podcasts and videos have no byline
    "modified_at": Norm(),
    "subtitle": Norm(),
    "kicker": Norm(),
    "tags": Norm(),
    "images": Norm(),
    "reading_minutes": Norm(),
    "language": Norm(),
}

# How unlikely chance must make what was seen. Several questions are asked after each of 300 runs a day.
CHANCE = 1e-6  # beside the last runs
CHANCE_OF_FLOOR = 2e-3  # beside a floor, which is low enough
CHANGE = 0.25  # of the stories must be affected beyond what was usual; less is no redesign
USUAL = (0.05, 0.95)  # the part of the stories, by length and by what was cut, that is called usual
COLLAPSED = 0.5  # of the usual shortest length: where most texts are below, it is no matter of style any more

# Small runs are judged together with those before them. Sizes are stories, each counted once however often it is read.
WINDOWS = (1, 3, 6, 10, 18, 30)
TOGETHER = timedelta(days=1)  # older runs are not judged with a new one
MOST_BEFORE = 100  # stories it is compared with: those of the last days
LEAST_BEFORE = 15
MEMORY = timedelta(days=30)  # how long the readings of a run are kept
FORGETS = timedelta(days=2)  # a run looks so far beyond that for readings to let go
MOST_READINGS = 300  # of a run; a longer one is judged by its last pages
SAME_AGE_DAYS = 60  # stories so much older than the newest are not compared: they were made otherwise
COMPARED = ("newsfeed",)  # spiders that read like with like; archive walks through the eras of the site

# A line in so many of the stories last read is hardly their own.
RECURS = 0.25
RECURS_LEAST = 5
RECURS_AMONG = 40
RECURS_SHOWN = 3  # such lines in one alarm
