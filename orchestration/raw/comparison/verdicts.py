"""The verdict on a delivery after comparison with those before it."""

import dataclasses

import polars as pl

from orchestration import months
from orchestration.raw.checks.typed_rules import TAKE_OUT
from orchestration.raw.checks.validation import Verdict
from orchestration.raw.comparison import plausibility
from orchestration.raw.comparison.paired_figures import Delivered, by_key
from orchestration.raw.comparison.restated_figures import History
from orchestration.raw.comparison.restatements import Known
from orchestration.raw.findings import findings
from orchestration.raw.findings.wording import month_span, row_count

# so many doubtful rows are single mistakes; more put the whole delivery in doubt
FEW, SHARE = 3, 0.05


def after_comparison(verdict: Verdict, before: Delivered | None, known: Known) -> tuple[Verdict, pl.DataFrame, History]:
    """The verdict, its warnings, and how far months are restated.

    `before` is the last effective delivery before it, `known` the known rows of all its months, the too old as well.
    """
    if verdict.status == "rejected":
        return verdict, verdict.problems.clear(), {}
    verdict = _without_known_history(verdict, known)
    delivery = verdict.delivery
    rows = verdict.rows
    if verdict.doubtful.height > min(rows.height, max(FEW, SHARE * rows.height)):
        rows = pl.concat([rows, verdict.doubtful])
    now = Delivered(delivery.month, delivery.file, by_key(delivery.extract, rows))
    # what is kept out has not vanished
    drift = plausibility.compare(delivery.extract, now, before, known, whole=verdict.status == "valid")
    if drift.problems.height:
        verdict = _with_cause(verdict, drift.columns)
        problems = findings.combined([verdict.problems, drift.problems])
        verdict = dataclasses.replace(verdict, status="quarantined", problems=problems)
    if drift.notes.height:
        verdict = dataclasses.replace(verdict, notes=findings.combined([verdict.notes, drift.notes]))
    return verdict, drift.warnings, drift.history


def _without_known_history(verdict: Verdict, known: Known) -> Verdict:
    """Rows older than may be restated, as in a whole history, are left out where they repeat known ones."""
    if verdict.too_old.is_empty():
        return verdict
    extract, delivery = verdict.delivery.extract, verdict.delivery
    names = [column.name for column in extract.figures]
    same_keys = known.rows.select(*extract.key, *names, pl.lit(True).alias("is_known"))
    pairs = verdict.too_old.join(same_keys, on=extract.key, how="left", suffix="_known")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_known")) for name in names)
    pairs = pairs.with_columns((pl.col("is_known") & same).fill_null(False).alias("same"))
    again, others = pairs.filter("same"), pairs.filter(~pl.col("same"))
    differs = {row["file_line"]: _difference(row, names) for row in others.iter_rows(named=True)}
    problems = verdict.problems.filter(~pl.col("line").is_in(again["file_line"].implode()).fill_null(False))
    rules = [
        rule.removesuffix(TAKE_OUT) + differs[line] if code == "too_old" and line in differs else rule
        for code, line, rule in problems.select("code", "line", "rule").iter_rows()
    ]
    notes = verdict.notes
    if again.height:
        reach = months.key(months.shift(delivery.month, -extract.oldest))
        message = (
            f"{row_count(again)} of {month_span(again['month'].to_list())} left out: earlier deliveries have the same, "
            f"and a delivery for {months.key(delivery.month)} restates no month before {reach}"
        )
        notes = findings.combined([notes, findings.problem("known_already", message, file=delivery.file)])
    return dataclasses.replace(
        verdict,
        status="quarantined" if problems.height else "valid",
        problems=problems.with_columns(pl.Series("rule", rules, dtype=pl.String)),
        cells=_without(verdict.cells, again),
        left_out=verdict.left_out + again.height,
        notes=notes,
        too_old=verdict.too_old.clear(),
    )


def _difference(row: dict, names: list[str]) -> str:
    """What to do about a row that is too old, and differs from what is known."""
    if not row["is_known"]:
        return f"no earlier delivery has it; {TAKE_OUT}, or send it in the file of a month that may reach it"
    known = ", ".join(f"{name} {row[f'{name}_known']}" for name in names if row[name] != row[f"{name}_known"])
    return f"{known} is known; send that, or {TAKE_OUT}"


def _with_cause(verdict: Verdict, columns: frozenset[str]) -> Verdict:
    """Without the rows that are in doubt for a column of which all figures are: one cause, one sentence."""
    doubts = findings.with_scope(verdict.problems, "doubt")["code"].unique()
    explained = pl.col("code").is_in(doubts.implode()) & pl.col("column").is_in(columns)
    problems = verdict.problems.filter(~explained.fill_null(False))
    still = problems["line"].drop_nulls().unique()
    believed = verdict.doubtful.filter(~pl.col("file_line").is_in(still.implode()))
    return dataclasses.replace(
        verdict,
        problems=problems,
        rows=pl.concat([verdict.rows, believed]),
        doubtful=verdict.doubtful.filter(pl.col("file_line").is_in(still.implode())),
        cells=_without(verdict.cells, believed),
    )


def _without(cells: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return cells.filter(~pl.col("line").is_in(rows["file_line"].implode()))
