"""What a page states of its story: each fact under every source that states it.

Which source is believed is data in site.fields.
"""

from dataclasses import dataclass, field
from typing import Any

from kicrawl import items


@dataclass(slots=True)
class Facts:
    """Field -> source -> value. `used` are the visible lines that became facts."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: dict[int, str] = field(default_factory=dict)  # leaf index -> what it states
    people: list[items.Author] = field(default_factory=list)  # everybody with role or bio, to fill names
    related: list[items.Related] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)

    def state(self, name: str, source: str, value: Any) -> None:
        """Keep a value unless it says nothing (0 says something)."""
        if value is not None and value not in ("", []):
            self.values.setdefault(name, {})[source] = value

    def use(self, indices: set[int], what: str) -> None:
        """Note which lines state a fact."""
        for index in indices:
            self.used.setdefault(index, what)
