"""Sound deliveries written by hand, for the tests that damage, load or watch them."""

import hashlib
import itertools
from datetime import date
from pathlib import Path

from orchestration import months
from orchestration.raw import validation
from orchestration.raw.extracts import BY_NAME, Extract


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
    path.write_bytes(encoded(content))
    return path


def encoded(content: list[str] | bytes) -> bytes:
    return content if isinstance(content, bytes) else ("\n".join(content) + "\n").encode()


def verdict(
    content: list[str] | bytes, name: str = "weapon_enabled_crime", delivered_for: str = "2009-08", suffix: str = "csv"
) -> validation.Verdict:
    """What validation finds in one delivery."""
    content = encoded(content)
    file = f"{name}/{delivered_for}.{suffix}"
    source = validation.Delivery(
        BY_NAME[name], month(delivered_for), file, content, hashlib.sha256(content).hexdigest()
    )
    return validation.check(BY_NAME[name], [source])[0]
