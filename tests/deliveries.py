"""Sound deliveries written by hand, for the tests that damage, load or watch them."""

import itertools
from datetime import date
from pathlib import Path

from orchestration import months
from orchestration.deliveries.extracts import BY_NAME, Extract


def month(text: str) -> date:
    return months.parse(text)


def header(extract: Extract) -> str:
    return ",".join(column.name for column in extract.columns)


def lines(name: str, *held: str, offences: int = 10) -> list[str]:
    """A whole delivery of an extract that counts by month, holding these months."""
    extract = BY_NAME[name]
    words = [column.words for column in extract.columns if column.kind == "word"]
    counts = [column for column in extract.columns if column.kind in ("count", "money")]
    found = [header(extract)]
    for each in held:
        for place, keys in enumerate(itertools.product(*words)):
            numbers = [str(offences + place - number) for number in range(len(counts))]
            found.append(",".join([each, *keys, *numbers]))
    return found


def write(raw: Path, name: str, delivered_for: str, content: list[str] | bytes, suffix: str = "csv") -> Path:
    path = raw / name / f"{delivered_for}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, bytes):
        content = ("\n".join(content) + "\n").encode()
    path.write_bytes(content)
    return path
