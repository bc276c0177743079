"""What the looks of one run mean together: pages that failed or were not there are judged only at its end.

A site that is in trouble answers everything with 404 or 503. What it says then counts for no single story.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kicrawl.archive import frontier, writing
from kicrawl.archive.frontier import Due
from kicrawl.archive.gone import note_missing
from kicrawl.site import schedule


class Outcome:
    """The looks of one run at stories."""

    def __init__(self) -> None:
        self.answered: set[str] = set()
        self.known: set[str] = set()  # those of them that are stored
        self.missing: dict[str, Due] = {}
        self.unexplained: dict[str, Due] = {}
        self.failed: dict[str, Due] = {}

    def note_answer(self, due: Due) -> None:
        """The site answered for a story, be it with 404."""
        self.answered.add(due.url)
        if due.state != "due":
            self.known.add(due.url)

    def note_missing(self, due: Due, *, known: bool = False) -> None:
        """The site says that there is no such page. `known`: but there was one, which may have moved."""
        (self.unexplained if known else self.missing)[due.url] = due

    def take_unexplained(self) -> list[Due]:
        """Known stories that are missing: they are to be noted again unless they have moved."""
        taken, self.unexplained = list(self.unexplained.values()), {}
        return taken

    def note_failure(self, due: Due) -> None:
        """A page could not be had, or not be read."""
        self.failed[due.url] = due

    def settle(self, engine: Any, at: datetime) -> Iterator[str]:
        """Write down what follows; yields a line for each thing that makes the run incomplete."""
        yield from self._settle_missing(engine, at)
        asked = len(self.answered | set(self.failed))
        trouble = schedule.is_site_trouble(len(self.failed), asked)
        if self.failed:
            with writing(engine) as connection:
                for due in self.failed.values():
                    if trouble:  # due at once, but after the others: those in front must not bar their way for ever
                        frontier.put_off(connection, due.url, at)
                    else:
                        due_at = at + schedule.back_off(due.failures + 1)
                        frontier.fail(connection, due.url, at, due_at=due_at, kind=due.kind)

    def _settle_missing(self, engine: Any, at: datetime) -> Iterator[str]:
        self.missing |= self.unexplained  # of a run that ended early
        known = [due.url for due in self.missing.values() if due.state == "stored"]
        if schedule.is_alarming(len(known), len(self.known)):
            yield (
                f"{len(known)} of {len(self.known)} known stories answer 404, more than "
                f"{schedule.ALARM_SHARE:.0%}: none is marked as gone, look at the site"
            )
        elif self.missing:
            with writing(engine) as connection:
                note_missing(connection, self.missing, at, apart=schedule.SECOND_LOOK, again=schedule.GONE)
