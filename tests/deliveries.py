"""Sound deliveries written by hand, for the tests that damage, load or watch them."""

import dataclasses
import hashlib
import itertools
import shutil
from datetime import date
from pathlib import Path

import pytest

from orchestration import months
from orchestration.raw.checks import validation
from orchestration.raw.files import intake
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.raw.sources.kinds import WORDS
from tests import sample

# the columns that a list of deliveries of an earlier version lacks
ADDED_TO_DELIVERIES = [name for name, *_ in raw_schema.DELIVERIES if name in raw_schema.ADDED_COLUMNS]


def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a test use a raw folder, which is returned, and a warehouse of its own, and wait for no file to settle."""
    monkeypatch.setenv("SCORECARD_RAW", str(tmp_path / "raw"))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    return tmp_path / "raw"


def copy_of_the_sample(raw: Path, files: str) -> Path:
    """Put those deliveries of the sample whose path matches `files` into a raw folder, which is returned."""
    for path in sample.deliveries(files):
        (raw / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, raw / path.parent.name)
    return raw


def month(text: str) -> date:
    return months.parse(text)


def header(extract: Extract) -> str:
    return ",".join(column.name for column in extract.columns)


def lines(name: str, *held: str, offences: int = 10) -> list[str]:
    """A whole delivery of an extract that counts by month, holding these months: counts of the size of the sample's."""
    extract = BY_NAME[name]
    words = [column.words for column in extract.columns if column.kind in WORDS]
    counts = [column for column in extract.columns if column.kind in ("count", "money")]
    found = [header(extract)]
    for each in held:
        for place, keys in enumerate(itertools.product(*words)):
            numbers = [str(offences + place % 25 - number) for number in range(len(counts))]
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
    content: list[str] | bytes,
    name: str = "weapon_enabled_crime",
    delivered_for: str = "2009-08",
    suffix: str = "csv",
    extract: Extract | None = None,
) -> validation.Verdict:
    """What validation finds in one delivery."""
    content = encoded(content)
    extract = extract or BY_NAME[name]
    file = f"{extract.name}/{delivered_for}.{suffix}"
    source = intake.Delivery(extract, month(delivered_for), file, content, hashlib.sha256(content).hexdigest())
    return validation.check(extract, [source])[0]


def declaring(name: str, **columns: dict) -> Extract:
    """An extract whose columns declare more of how their figures are written."""
    extract = BY_NAME[name]
    assert columns.keys() <= {column.name for column in extract.columns}
    declared = (dataclasses.replace(column, **columns.get(column.name, {})) for column in extract.columns)
    return dataclasses.replace(extract, columns=tuple(declared))


def with_cells(content: list[str], column: str, *cells: str) -> list[str]:
    """The delivery with these cells in a column, in its first rows."""
    place = content[0].split(",").index(column)
    rows = [text.split(",") for text in content]
    for row, cell in zip(rows[1:], cells, strict=False):
        row[place] = f'"{cell}"' if "," in cell else cell
    return [",".join(row) for row in rows]
