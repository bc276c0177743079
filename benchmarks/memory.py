"""How much memory a program holds while it works."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select

from kicrawl.archive.models import Article

SETTLED = 0.05  # of the stories are stored when the program has loaded all that it will ever need


@dataclass(frozen=True)
class Memory:
    """Resident memory in megabytes."""

    settled: float
    last: float
    peak: float

    def __str__(self) -> str:
        grown = f"{self.last - self.settled:+.1f} MB"
        return f"{self.settled:.0f} MB under way, {self.last:.0f} MB at the end ({grown}), at most {self.peak:.0f} MB"


def watch(pid: int, engine: Engine, stories: int) -> Memory:
    """Look at a program once a second until it ends, and at the archive that it fills with so many stories."""
    settled = last = peak = 0.0
    while (now := resident(pid)) > 0:
        last, peak = now, max(peak, now)
        if not settled and _stored(engine) >= SETTLED * stories:
            settled = now
        time.sleep(1)
    return Memory(settled, last, peak)


def resident(pid: int) -> float:
    """The megabytes that a process holds in memory; 0 for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0]) / 1024 if sizes else 0.0


def _stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Article)) or 0
