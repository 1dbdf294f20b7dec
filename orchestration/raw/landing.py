"""From the raw folder into the tables of schema `raw`: what came is taken, judged, and kept with the verdict on it."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from orchestration import ledger, months, settings
from orchestration.ahead import ahead
from orchestration.code_version import code_version
from orchestration.raw import findings, folder, intake, plausibility, quarantine, raw_tables, validation
from orchestration.raw.extracts import Extract, due
from orchestration.raw.raw_tables import EFFECTIVE, Landing
from orchestration.raw.validation import Delivery, Verdict


class Landed(NamedTuple):
    """What became of one delivery month.

    `status` is that of the list of deliveries; for what is loaded also replaced or unchanged, for what is gone removed.
    """

    month: date
    file: str | None
    rows: int
    due: bool
    status: str
    reason: str | None = None
    notes: str | None = None


class Synced(NamedTuple):
    """What became of the months of a run; in sentences, what lies there that is no delivery, and what surprises."""

    landed: list[Landed]
    unrecognised: list[str]
    warnings: list[str]


def sync(
    connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, last: date, raw: Path | None = None
) -> Synced:
    """Make the tables say what the raw folder says for the delivery months from first to last.

    Deliveries before first are taken where the table has none for their month, so that one month on a fresh machine
    knows what came before; otherwise they are left as they are. What becomes of a delivery depends on its bytes, the
    last one before it, the code and what a person accepted, never on what lay in its place. Raises folder.NoFolder.
    """
    raw = raw or settings.raw()
    unrecognised = folder.unrecognised(raw).get(extract.name, [])
    raw_tables.prepare(connection, extract)
    files, misnamed = folder.deliveries(extract, raw)
    known = raw_tables.listed(connection, extract)
    accepted = acceptances(extract)

    def as_it_was(month: date) -> bool:
        return month < first and month in known and known[month]["status"] in EFFECTIVE

    wanted = {month: path for month, path in files.items() if month <= last and not as_it_was(month)}
    others = {month: _nothing_came(month, misnamed) for month in months.between(first, last) if month not in files}
    judged: set[date] = set()

    def last_before(month: date) -> date | None:
        """The last delivery before that month which counts, as far as is known before this run has judged them all."""
        there = {each for each in known if known[each]["status"] in EFFECTIVE and (each < first or each in files)}
        return max((each for each in there | judged if each < month), default=None)

    def sources() -> Iterator[Delivery]:
        alone = intake.left_alone(extract, list(wanted.values()))
        for month, path in wanted.items():
            try:
                delivery = intake.take(extract, path, month, path in alone)
            except intake.NotIngested as why:
                others[month] = _not_taken(extract, path, month, why)
                continue
            before = last_before(month)
            if before in judged or not _is_known(known.get(month), delivery, known.get(before), accepted):
                judged.add(month)
                yield delivery

    warnings = []
    for verdicts in ahead(validation.check(extract, batch) for batch in ahead(validation.batches(sources()))):
        landings = []
        for verdict in verdicts:
            before = _before(connection, extract, verdict.delivery.month, landings)
            verdict, warned = _compared(extract, verdict, before)  # noqa: PLW2901
            warnings += findings.sentences(warned)
            landings.append(_landing(verdict, before, accepted))
        _keep(connection, extract, known, landings)
    _keep(connection, extract, known, [landing for landing in others.values() if _is_news(known, extract, landing)])
    strange = findings.combined([*unrecognised, *misnamed])
    raw_tables.replace_unrecognised(connection, extract, strange)
    touched = {month for month in {*wanted, *others} if month >= first or month in judged or month in others}
    return Synced(_landed(connection, extract, known, touched), findings.sentences(strange), warnings)


def _compared(extract: Extract, verdict: Verdict, before: Landing | None) -> tuple[Verdict, pl.DataFrame]:
    """The verdict once the delivery is held against the last one before it, and what surprises without harm."""
    if before is None or before.rows is None or verdict.status == "rejected":
        return verdict, verdict.problems.clear()
    now = plausibility.Delivered(verdict.delivery.month, verdict.delivery.file, verdict.rows)
    found = plausibility.compare(extract, now, plausibility.Delivered(before.month, before.file, before.rows))
    if verdict.status == "quarantined":  # it waits already; and a row that is kept out has not vanished
        others = found.problems.filter(pl.col("code") != "vanished")
        return verdict, findings.combined([others, found.warnings])
    if found.problems.height:
        verdict = dataclasses.replace(verdict, status="quarantined", problems=found.problems)
    return verdict, found.warnings


def acceptances(extract: Extract) -> dict[tuple[date, str], str]:
    """Why a person vouched for a delivery, by its month and the digest of its bytes."""
    return {
        (months.parse(entry.body["delivery_month"]), entry.body["sha256"]): entry.body["reason"]
        for entry in ledger.entries("acceptance")
        if entry.body["extract"] == extract.name
    }


def _is_known(
    line: dict | None, delivery: Delivery, before: dict | None, accepted: dict[tuple[date, str], str]
) -> bool:
    """Whether these bytes were judged already, by this code, beside the same last delivery, with the same word."""
    return (
        line is not None
        and (line["sha256"], line["file"], line["code"]) == (delivery.sha256, delivery.file, code_version())
        and line["compared_with"] == (before["sha256"] if before else None)
        and line["status"] in ("loaded", "quarantined", "rejected", "accepted")
        and (line["status"] == "accepted") == ((delivery.month, delivery.sha256) in accepted)
    )


def _before(
    connection: duckdb.DuckDBPyConnection, extract: Extract, month: date, landings: list[Landing]
) -> Landing | None:
    """The last delivery in force before that month: of those just judged, or of the tables if one lies nearer there."""
    effective = [landing for landing in landings if landing.status in EFFECTIVE and landing.month < month]
    nearest = max(effective, key=lambda landing: landing.month, default=None)
    judged = [landing.month for landing in landings]
    first = nearest.month if nearest else date.min
    return raw_tables.last_between(connection, extract, first, month, without=judged) or nearest


def _is_news(known: dict[date, dict], extract: Extract, landing: Landing) -> bool:
    line = known.get(landing.month, {})
    same = ("status", "file", "reason")
    return any(line.get(name) != getattr(landing, name) for name in same) or line["due"] != due(extract, landing.month)


def _not_taken(extract: Extract, path: Path, month: date, why: intake.NotIngested) -> Landing:
    file = f"{extract.name}/{path.name}"
    if why.code is None:
        return Landing(month, "incomplete", file, reason=f"{file}: {why}", code=code_version())
    problem = findings.problem(why.code, str(why), file=file)
    (sentence,) = findings.sentences(problem)
    return Landing(month, "rejected", file, rows_in=None, reason=sentence, problems=problem, code=code_version())


def _nothing_came(month: date, misnamed: list[pl.DataFrame]) -> Landing:
    both = findings.combined(misnamed).filter(
        pl.col("code") == "two_files", pl.col("file").str.contains(f"/{months.key(month)}.")
    )
    if both.height:
        (sentence,) = findings.sentences(both)
        return Landing(month, "rejected", rows_in=None, reason=sentence, problems=both, code=code_version())
    return Landing(month, "no delivery", code=code_version())


def _landing(verdict: Verdict, before: Landing | None, acceptances: dict[tuple[date, str], str]) -> Landing:
    delivery, problems = verdict.delivery, verdict.problems
    accepted = acceptances.get((delivery.month, delivery.sha256))
    rows, cells, status, reason = verdict.rows, verdict.cells, verdict.status, None
    if status == "valid":
        status = "loaded"
    elif status == "quarantined" and accepted is not None:
        # what a person vouched for counts as it stands; what cannot be read stays out
        status, reason, rows = "accepted", accepted, pl.concat([rows, verdict.doubtful])
        cells = cells.filter(~pl.col("line").is_in(verdict.doubtful["file_line"].to_list()))
    else:
        reason = findings.sentences(problems.head(1))[0]
    return Landing(
        delivery.month,
        status,
        delivery.file,
        delivery.sha256,
        verdict.rows_in,
        reason,
        rows,
        verdict.left_out,
        "\n".join(findings.sentences(verdict.notes)) or None,
        problems,
        cells,
        code_version(),
        before.sha256 if before else None,
    )


def _keep(
    connection: duckdb.DuckDBPyConnection, extract: Extract, known: dict[date, dict], landings: list[Landing]
) -> None:
    """In the ledger first: an entry too many after a crash is true twice, one too few would be lost."""
    entries: list[tuple[ledger.Event, dict]] = []
    for landing in landings:
        of = {"extract": extract.name, "delivery_month": months.key(landing.month), "file": landing.file}
        of["sha256"] = landing.sha256
        if landing.sha256 and landing.sha256 != known.get(landing.month, {}).get("sha256"):
            entries.append(("delivery", of))
        codes = sorted(set(landing.problems["code"]))
        counted = {"rows_in": landing.rows_in, "rows_loaded": 0 if landing.rows is None else landing.rows.height}
        counted |= {"rows_quarantined": landing.cells.height, "rows_left_out": landing.left_out}
        entries.append(("verdict", {**of, **counted, "status": landing.status, "codes": codes}))
    ledger.append(entries)
    raw_tables.replace(connection, extract, landings)
    for landing in landings:
        quarantine.write(extract, landing)


def _landed(
    connection: duckdb.DuckDBPyConnection, extract: Extract, before: dict[date, dict], touched: set[date]
) -> list[Landed]:
    lines = raw_tables.listed(connection, extract)
    landed = []
    for month in sorted(touched):
        line, was = lines[month], before.get(month, {})
        status = line["status"]
        if status == "loaded" and was.get("status") in EFFECTIVE:
            same = (line["sha256"], line["file"]) == (was["sha256"], was["file"])
            status = "unchanged" if same else "replaced"
        elif status == "no delivery" and was.get("status") in EFFECTIVE:
            status = "removed"
        counted = (line["file"], line["rows_loaded"], line["due"])
        landed.append(Landed(month, *counted, status, line["reason"], line["notes"]))
    return landed
