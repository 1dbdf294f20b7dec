"""What becomes of a delivery: by its bytes, the previous one, the code and acceptances."""

import dataclasses
import traceback
from collections.abc import Mapping
from datetime import date

import polars as pl

from orchestration.raw.checks import validation
from orchestration.raw.checks.validation import Verdict
from orchestration.raw.comparison import vanished_labels, verdicts
from orchestration.raw.comparison.paired_figures import Delivered, by_key
from orchestration.raw.files import intake
from orchestration.raw.files.intake import Delivery
from orchestration.raw.findings import findings
from orchestration.raw.landing import failures, stale_deliveries
from orchestration.raw.landing.known_months import KnownMonths
from orchestration.raw.landing.raw_tables import EFFECTIVE, Landing
from orchestration.raw.readers import final_line
from orchestration.raw.sources.declarations import Extract
from orchestration.warehouse.versions import validation_version


def checked(extract: Extract, batch: list[Delivery]) -> list[tuple[Delivery, Verdict | BaseException]]:
    """A verdict for each delivery, or what went wrong: an exception costs the file that raises it, not the batch."""
    try:
        return list(zip(batch, validation.check(extract, batch), strict=True))
    except failures.UNEXPECTED as error:
        if failures.stops_the_run(error):
            raise
        if len(batch) == 1:
            return [(batch[0], error)]
    return [each for delivery in batch for each in checked(extract, [delivery])]


def outcome(
    delivery: Delivery,
    found: Verdict | BaseException,
    known_months: KnownMonths,
    landings: list[Landing],
    accepted: Mapping[tuple[str, date, str], str],
) -> tuple[Landing, pl.DataFrame]:
    """What becomes of a delivery, and its warnings; `landings` are those validated and not yet in the tables."""
    if isinstance(found, BaseException):
        return failed(delivery.month, delivery.file, delivery.sha256, found), findings.NONE
    last = known_months.last(delivery.month, landings)
    try:
        found = _with_its_end(found, last)
        known = known_months.before(delivery.month, found.all_rows, last, landings)
        before = Delivered(last.month, last.file or "", by_key(delivery.extract, last.rows)) if last else None
        gone = vanished_labels.warnings(found, last.labels, last.file) if last and last.labels else findings.NONE
        found = dataclasses.replace(found, notes=findings.combined([found.notes, gone]))
        verdict, warnings, history = verdicts.after_comparison(found, before, known)
        known_months.add(delivery.month, history)
        vouched = accepted.get((delivery.extract.name, delivery.month, delivery.sha256))
        return _landing(verdict, last, vouched), findings.combined([warnings, gone])
    except failures.UNEXPECTED as error:
        if failures.stops_the_run(error):
            raise
        return failed(delivery.month, delivery.file, delivery.sha256, error), findings.NONE


def failed(month: date, file: str, sha256: str | None, error: BaseException) -> Landing:
    """A delivery whose check failed; by no version of the code, so that every run tries again."""
    problem = findings.problem("failed_check", failures.rule(error), file=file)
    cause = "".join(traceback.format_exception(error))
    return dataclasses.replace(rejected(month, file, problem), sha256=sha256, code=None, cause=cause)


def not_ingested(month: date, file: str, why: intake.NotIngested) -> Landing:
    """A file that is not ingested, or not yet."""
    if why.code is None:
        return Landing(month, "incomplete", file, reason=f"{file}: {why}", code=validation_version())
    return rejected(month, file, findings.problem(why.code, str(why), file=file))


def rejected(month: date, file: str | None, problems: pl.DataFrame) -> Landing:
    """What cannot be read as rows."""
    reason = findings.sentences(problems.head(1))[0]
    return Landing(month, "rejected", file, rows_in=None, reason=reason, problems=problems, code=validation_version())


def without_delivery(month: date, line: dict | None) -> Landing:
    """A month without a file in raw/; `line` is its row in raw.deliveries so far."""
    reason = None
    if line and line["status"] in EFFECTIVE:
        reason = stale_deliveries.gone_message(line["file"])
    elif line and line["status"] == "no delivery":
        reason = line["reason"]
    return Landing(month, "no delivery", reason=reason, code=validation_version())


def _with_its_end(verdict: Verdict, before: Landing | None) -> Verdict:
    """The verdict once the last number of a file without a final line end is compared with what is known of it."""
    if verdict.delivery.confirmed or verdict.status == "rejected":
        return verdict
    doubt = final_line.doubt(verdict.delivery.extract, verdict.rows, verdict.notes, before.rows if before else None)
    if not doubt.height:
        return verdict
    notes = verdict.notes.filter(pl.col("code") != "no_final_line_end")
    problems = findings.combined([verdict.problems, doubt])
    return dataclasses.replace(verdict, status="quarantined", problems=problems, notes=notes)


def _landing(verdict: Verdict, before: Landing | None, accepted: str | None) -> Landing:
    delivery, problems = verdict.delivery, verdict.problems
    rows, cells, status, reason = verdict.rows, verdict.cells, str(verdict.status), None
    if status == "valid":
        status = "loaded"
    elif status == "quarantined" and accepted is not None:
        # what a person vouched for counts as delivered; what cannot be read stays out
        status, reason, rows = "accepted", accepted, pl.concat([rows, verdict.doubtful])
        cells = cells.filter(~pl.col("line").is_in(verdict.doubtful["file_line"].to_list()))
    elif status == "quarantined" and delivery.extract.rows_independent and rows.height:
        status, reason = "partly loaded", findings.in_one_line(problems)
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
        vanished_labels.as_json(verdict.labels),
        problems,
        cells,
        validation_version(),
        before.sha256 if before else None,
    )
