"""Effective deliveries whose files in raw/ were changed or removed since a run ingested them."""

import hashlib
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb
import polars as pl

from orchestration import months, warehouse
from orchestration.raw.files import folder, settling
from orchestration.raw.findings import findings
from orchestration.raw.landing import acceptance, raw_tables
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.warehouse.files import open_untrusted

GONE = "was loaded and is gone from raw/"


class Stale(NamedTuple):
    """A stale delivery; `accepted`: its replacement was accepted since."""

    extract: str
    month: date
    file: str
    kind: Literal["changed", "gone", "accepted"]

    def sentence(self, by: str = "this run") -> str:
        """The problem and what to do; `by` is what does not use the file."""
        run = f"FROM={months.key(self.month)}"
        if self.kind == "gone":
            return f"{self.file} {GONE}: its rows stay effective; put it back, or run {run} to do without it"
        what = "was accepted" if self.kind == "accepted" else "was changed since it was loaded"
        return f"{self.file} {what} and is not used by {by}: run {run}"


def gone_message(file: str) -> str:
    """The message about a file that is gone, from a run that does without it."""
    return f"{file} {GONE}: its rows no longer count; put it back and run again to use them"


def deliveries(connection: duckdb.DuckDBPyConnection, raw: Path) -> list[Stale]:
    """The stale deliveries of all extracts, in the order of extracts and months.

    A file whose inode, size and time of change are those of its last look is not read again. Raises folder.NoFolder.
    """
    folder.unrecognised(raw)
    if not warehouse.columns(connection, "raw", "deliveries"):
        return []
    accepted = acceptance.accepted()
    found = []
    for extract in EXTRACTS:
        lines = raw_tables.listed(connection, extract)
        of_files = compare_with_raw(extract, effective(lines), *folder.deliveries(extract, raw), accepted)
        found += [stale for _, stale in of_files.values() if stale]
    return found


def effective(lines: dict[date, dict]) -> dict[date, dict]:
    """The lines of the list whose rows count."""
    return {month: line for month, line in lines.items() if line["status"] in raw_tables.EFFECTIVE}


def compare_with_raw(
    extract: Extract,
    lines: dict[date, dict],
    files: dict[date, Path],
    misnamed: list[pl.DataFrame],
    accepted: Iterable[tuple[str, date, str]],
) -> dict[date, tuple[str | None, Stale | None]]:
    """For each effective delivery the state of its file in raw/, to be stored, and what is stale about it."""
    found: dict[date, tuple[str | None, Stale | None]] = {}
    unusable = unusable_files(extract, misnamed)
    for month, line in lines.items():
        # a warehouse of an earlier version has no such columns before its first run
        waits, known = line.get("waiting_sha256"), line.get("file_state")
        state = state_of(files[month]) if month in files else None
        if month in files:
            changed = (state is None or state != known) and digest_of(files[month]) not in (line["sha256"], waits)
        else:
            changed = month in unusable and not line.get("waiting_status")
        if changed:
            found[month] = None, Stale(extract.name, month, line["file"], "changed")
        elif month not in files and month not in unusable:
            found[month] = None, Stale(extract.name, month, line["file"], "gone")
        elif waits and (extract.name, month, waits) in accepted:
            found[month] = state, Stale(extract.name, month, line["waiting_file"], "accepted")
        else:
            found[month] = state, None
    return found


def unusable_files(extract: Extract, misnamed: list[pl.DataFrame]) -> dict[date, pl.DataFrame]:
    """By month, what has the name of a delivery and cannot be ingested: two files, a link, a folder."""
    found: dict[date, list[pl.DataFrame]] = {}
    for problem in misnamed:
        month = folder.month_of(extract, Path(problem["file"].item()).name)
        if month and problem["code"].item() in ("two_files", "not_a_file"):
            found.setdefault(month, []).append(problem)
    return {month: findings.combined(problems) for month, problems in found.items()}


def state_of(path: Path) -> str | None:
    """The state of a file in one text; None where there is none."""
    state = settling.state(path)
    return state and " ".join(map(str, state))


def digest_of(path: Path) -> str | None:
    """The digest of what lies there; None where it cannot be read."""
    try:
        with os.fdopen(open_untrusted(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
