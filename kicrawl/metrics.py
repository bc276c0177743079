"""kicrawl.prom: what the last runs did, for Prometheus, as its node exporter reads it from a text file."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kicrawl import runs
from kicrawl.health import shares, unpack

Sample = tuple[dict[str, str], float]

HELP = {
    "kicrawl_stories": "Stories in the archive.",
    "kicrawl_run_finished_timestamp_seconds": "When the last run ended.",
    "kicrawl_run_completed_timestamp_seconds": "When the last complete run (exit code 0) ended.",
    "kicrawl_run_duration_seconds": "How long the last run took.",
    "kicrawl_run_exit_code": "The exit code of the last run: 0 complete, 1 failed, 3 incomplete.",
    "kicrawl_run_stories": "Stories that the last run read, by what they meant for the archive.",
    "kicrawl_run_alarms": "What the last run found changed on the site; grave alarms make it incomplete.",
    "kicrawl_run_field_share": "Share of the story pages read by the last run on which a field was found.",
}


def render(rows: Sequence[Mapping[str, Any]], stories: int) -> str:
    """The text of the file: the last run of each spider, as rows of crawl_run with `completed_at`."""
    samples: dict[str, list[Sample]] = {name: [] for name in HELP}
    samples["kicrawl_stories"].append(({}, stories))
    for row in rows:
        for name, labels, value in samples_of(row):
            samples[name].append(({"spider": row["spider"], **labels}, value))
    return "".join(line + "\n" for name, some in samples.items() if some for line in lines_of(name, some))


def samples_of(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], float]]:
    """The figures of one run."""
    yield "kicrawl_run_finished_timestamp_seconds", {}, row["finished_at"].timestamp()
    if row["completed_at"]:
        yield "kicrawl_run_completed_timestamp_seconds", {}, row["completed_at"].timestamp()
    yield "kicrawl_run_duration_seconds", {}, (row["finished_at"] - row["started_at"]).total_seconds()
    yield "kicrawl_run_exit_code", {}, row["exit_code"]
    for counter in runs.READ:
        yield "kicrawl_run_stories", {"outcome": counter.rpartition("_")[2]}, row["counters"].get(counter, 0)
    for grave in (True, False):
        number = sum(alarm["grave"] is grave for alarm in row["alarms"] or [])
        yield "kicrawl_run_alarms", {"grave": str(grave).lower()}, number
    if row["readings"]:
        for field, share in shares(unpack(row["readings"])).items():
            yield "kicrawl_run_field_share", {"field": field}, round(share, 4)


def lines_of(name: str, samples: Iterable[Sample]) -> Iterator[str]:
    """One metric in Prometheus' text format. Spiders and fields are plain words: nothing needs escaping."""
    yield f"# HELP {name} {HELP[name]}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        inside = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def write(path: Path, text: str) -> None:
    """Put a text in the place of a file at once: who reads it never finds half of it. Raises OSError."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")  # the exporter reads only names that end in .prom
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
