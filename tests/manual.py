"""The commands that docs/operations.md gives, for tests to run."""

import re
from pathlib import Path

MANUAL = Path(__file__).parents[1] / "docs" / "operations.md"


def commands(heading: str) -> list[str]:
    """The blocks of commands below a heading, as shell scripts."""
    section = re.split(r"^#+ ", MANUAL.read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1], flags=re.M)[0]
    blocks = re.findall(r"(?:^ {4}.*\n)+", section, re.M)
    return ["".join(line.removeprefix("    ") for line in block.splitlines(keepends=True)) for block in blocks]
