"""From the raw folder into the tables of schema `raw`: deliveries are ingested, validated and stored."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration import months, settings, warehouse
from orchestration.raw.checks import validation
from orchestration.raw.checks.validation import Verdict
from orchestration.raw.files import folder, vault
from orchestration.raw.files.intake import Delivery
from orchestration.raw.findings import findings
from orchestration.raw.landing import (
    acceptance,
    failures,
    outcomes,
    quarantine,
    raw_schema,
    raw_tables,
    renamed_areas,
    stale_deliveries,
)
from orchestration.raw.landing.known_months import KnownMonths
from orchestration.raw.landing.prefetch import prefetched
from orchestration.raw.landing.raw_tables import EFFECTIVE, Landing
from orchestration.raw.landing.selection import Selection
from orchestration.raw.sources.declarations import Extract, due
from orchestration.warehouse import ledger


class Landed(NamedTuple):
    """What became of one delivery month.

    `status` is that of the list of deliveries; for what is loaded also replaced or unchanged, for what is gone removed.
    `waiting` is the status of what waits to replace it.
    """

    month: date
    file: str | None
    rows: int
    due: bool
    status: str
    reason: str | None = None
    notes: str | None = None
    waiting: str | None = None
    waiting_reason: str | None = None


class Synced(NamedTuple):
    """What became of the months of a run; the rest in sentences.

    What lies there that is no delivery; what surprises; what raw/ holds otherwise than it was loaded, for months that
    the run did not look at; and which checks failed, each with its trace for whoever mends the code.
    """

    landed: list[Landed]
    unrecognised: list[str]
    warnings: list[str]
    stale: list[str]
    failed: dict[str, str]


def sync(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    first: date,
    last: date,
    raw: Path | None = None,
    *,
    by_hand: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Synced:
    """Bring the tables up to date with the raw folder for the delivery months from first to last.

    The verdict on a delivery depends on its bytes, the previous delivery, the code and what a person accepted. A valid
    or accepted one is effective at once. Any other replaces nothing: where a delivery of its month was effective, that
    one stays so and this one waits, until it is corrected, accepted or removed; on a fresh warehouse, which knows only
    what is in raw/, the month then has no effective delivery. An effective delivery is validated again, from the vault,
    whenever the one that waits is: if the current code finds its bytes no longer valid, it stops being effective.
    A month with no file in raw/ has no delivery, whatever was effective before.

    Deliveries before `first` are ingested where their month has no effective one, so that one month on a fresh machine
    has its history; otherwise they are left alone, and reported if raw/ has changed. An exception while a file is
    handled rejects that file only. `by_hand`: a person waits for the run; `report` receives at once which files are
    waited for. Raises folder.NoFolder, renamed_areas.NamesChanged.
    """
    raw = raw or settings.raw()
    unrecognised = folder.unrecognised(raw).get(extract.name, [])
    raw_schema.prepare(connection, extract)
    renamed_areas.reread(connection, extract, first)
    files, misnamed = folder.deliveries(extract, raw)
    known = raw_tables.listed(connection, extract)
    unusable = stale_deliveries.unusable_files(extract, misnamed)
    accepted, cut_off = acceptance.accepted(), _cut_off(connection, extract)
    selection = Selection(extract, first, last, files, unusable, known, accepted, cut_off, by_hand, report)
    _store_news(connection, selection, selection.without_delivery())
    warnings, known_months = [], KnownMonths(connection, extract)
    batches = prefetched(validation.batches(selection.deliveries()))
    for found in prefetched(outcomes.checked(extract, batch) for batch in batches):
        warnings += _settle(connection, selection, found, known_months)
    _store_news(connection, selection, selection.not_ingested.values())
    strange = findings.combined([*unrecognised, *misnamed])
    raw_tables.replace_unrecognised(connection, extract, strange)
    quarantine.write(connection, extract)
    found_stale = _compare_with_raw(connection, selection, misnamed)
    return Synced(_landed(connection, selection), findings.sentences(strange), warnings, found_stale, selection.failed)


def _settle(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    found: list[tuple[Delivery, Verdict | BaseException]],
    known_months: KnownMonths,
) -> list[str]:
    """Store what becomes of these deliveries. Returns what surprises in them without harm."""
    landings: list[Landing] = []
    warnings: list[str] = []
    for delivery, verdict in found:
        landing, surprising = outcomes.outcome(delivery, verdict, known_months, landings, selection.accepted)
        landings.append(_placed(selection, landing, known_months, landings))
        warnings += findings.sentences(surprising)
    try:
        _store(connection, selection, landings)
    except failures.UNEXPECTED as error:
        if failures.stops_the_run(error):
            raise
        # what cannot be stored costs its file as well: one by one they show which
        if len(found) > 1:
            return [warning for each in found for warning in _settle(connection, selection, [each], known_months)]
        ((delivery, verdict),) = found
        if not isinstance(verdict, BaseException):
            return _settle(connection, selection, [(delivery, error)], known_months)
        landing = outcomes.failed(delivery.month, delivery.file, delivery.sha256, error)
        selection.note_failure(landing)
        _store(connection, selection, [landing])
    return warnings


def _placed(selection: Selection, landing: Landing, known_months: KnownMonths, landings: list[Landing]) -> Landing:
    """The landing if it is effective; else the delivery that was so until now, with this one waiting to replace it."""
    month = landing.month
    selection.note_failure(landing)
    if month in selection.waiting:  # what was validated is the effective one
        placed, waits = landing, selection.waiting[month]
    elif landing.status in EFFECTIVE or not selection.keeps_effective(landing):
        placed, waits = landing, None
    else:
        ((delivery, found),) = outcomes.checked(selection.extract, [selection.effective_delivery(month)])
        placed, _ = outcomes.outcome(delivery, found, known_months, landings, selection.accepted)
        selection.note_failure(placed)
        waits = landing
    if waits:
        placed = dataclasses.replace(placed, waiting=waits) if placed.status in EFFECTIVE else waits
    return dataclasses.replace(placed, file_state=selection.states.get(month))


def _cut_off(connection: duckdb.DuckDBPyConnection, extract: Extract) -> set[date]:
    """The months of deliveries that may have been cut off: a manifest that comes later settles that."""
    found = connection.execute(
        "select delivery_month from raw.quarantine where extract = ? and code = 'cut_off'", [extract.name]
    )
    return {month for (month,) in found.fetchall()}


def _store_news(connection: duckdb.DuckDBPyConnection, selection: Selection, landings: Iterable[Landing]) -> None:
    """Store what no validation was needed for, where the list does not say it yet."""
    same = ("status", "file", "reason")
    lines = {landing.month: selection.known.get(landing.month, {}) for landing in landings}
    news = [
        landing
        for landing in landings
        if any(lines[landing.month].get(name) != getattr(landing, name) for name in same)
        or lines[landing.month]["due"] != due(selection.extract, landing.month)
    ]
    _store(connection, selection, news)


def _store(connection: duckdb.DuckDBPyConnection, selection: Selection, landings: list[Landing]) -> None:
    """In the ledger before the tables are committed: an entry too many after a crash is true twice.

    And once they have taken the rows: what they do not take was never loaded.
    """
    if not landings:
        return
    with warehouse.transaction(connection):
        raw_tables.replace(connection, selection.extract, landings)
        ledger.append(entry for landing in landings for entry in _entries(selection, landing))
    quarantine.write(connection, selection.extract, [landing.month for landing in landings])


def _entries(selection: Selection, landing: Landing) -> Iterable[tuple[ledger.Event, dict]]:
    """The ledger's entries on a month: new deliveries, and the verdicts on them and on what waits."""
    line = selection.known.get(landing.month, {})
    for each in landing.with_waiting:
        of = {"extract": selection.extract.name, "delivery_month": months.key(landing.month), "file": each.file}
        of["sha256"] = each.sha256
        if each.sha256 and each.sha256 not in (line.get("sha256"), line.get("waiting_sha256")):
            yield "delivery", of | {"bytes": vault.size(each.sha256)}
        codes = sorted(set(each.problems["code"]))
        loaded = 0 if each is landing.waiting else each.rows.height
        counted = {"rows_in": each.rows_in, "rows_loaded": loaded}
        counted |= {"rows_quarantined": each.cells.height, "rows_left_out": each.left_out}
        waits = {"waits_to_replace": landing.sha256} if each is landing.waiting else {}
        yield "verdict", {**of, **counted, "status": each.status, "codes": codes, **waits}


def _compare_with_raw(connection: duckdb.DuckDBPyConnection, selection: Selection, misnamed: list) -> list[str]:
    """What raw/ holds otherwise than it was loaded, for months that the run did not look at; kept in the list too."""
    lines = raw_tables.listed(connection, selection.extract)
    of_run = [month for month in lines if selection.first <= month <= selection.last]
    found: dict[date, tuple[str | None, str | None]] = {month: (selection.states.get(month), None) for month in of_run}
    looked_at = {*found, *selection.states}
    others = {month: line for month, line in stale_deliveries.effective(lines).items() if month not in looked_at}
    of_files = stale_deliveries.compare_with_raw(
        selection.extract, others, dict(selection.files), misnamed, selection.accepted
    )
    found |= {month: (state, it and it.sentence()) for month, (state, it) in of_files.items()}
    raw_tables.update_files(connection, selection.extract, found)
    return [it.sentence() for _, it in of_files.values() if it]


def _landed(connection: duckdb.DuckDBPyConnection, selection: Selection) -> list[Landed]:
    lines = raw_tables.listed(connection, selection.extract)
    of_months = {*months.between(selection.first, selection.last), *selection.validated, *selection.not_ingested}
    landed = []
    for month in sorted(of_months):
        line, was = lines[month], selection.known.get(month, {})
        status = line["status"]
        if status == "loaded" and was.get("status") in EFFECTIVE:
            if (line["sha256"], line["file"]) != (was["sha256"], was["file"]):
                status = "replaced"
            elif was["status"] == "loaded":
                status = "unchanged"
        elif status == "no delivery" and was.get("status") in EFFECTIVE:
            status = "removed"
        counted = (line["file"], line["rows_loaded"], line["due"])
        waiting = (line["waiting_status"], line["waiting_reason"])
        landed.append(Landed(month, *counted, status, line["reason"], line["notes"], *waiting))
    return landed
