"""Cells of months that are written otherwise than YYYY-MM: read where there is no doubt, with a note."""

import polars as pl

from orchestration.raw.checks.rules import Rule, broken
from orchestration.raw.findings.findings import problem
from orchestration.raw.readers.month_notations import Reading, read
from orchestration.raw.sources.declarations import Extract

A_DAY = (
    "is not a month but a day or a time within one: a month is its first day, or better YYYY-MM "
    "(did a spreadsheet or an export change how months are written?)"
)
AMBIGUOUS = (
    "is ambiguous as a month: write months as YYYY-MM "
    "(a spreadsheet has probably changed how they are written, day and month the other way round or without the year)"
)


def as_months(extract: Extract, text: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows of a file with their months as YYYY-MM, and findings; null stands for what is no month for sure."""
    found: list[pl.DataFrame] = []
    readings: dict[str, Reading] = {}
    for column in extract.columns:
        if column.kind == "month":
            readings[column.name] = read(text[column.name].unique(maintain_order=True))
    for name, reading in readings.items():
        if reading.months and not found:
            found.append(_note(text["file"][0], name, reading))
    for name, reading in readings.items():
        cell = pl.col(name)
        for code, message, written in (
            ("day_in_month", A_DAY, reading.days),
            ("ambiguous_month", AMBIGUOUS, reading.ambiguous),
        ):
            if (failing := text.filter(cell.is_in(written))).height:
                found.append(broken(Rule(code, name, cell.is_null(), message, cell), text, failing))
        text = text.with_columns(cell.replace({**reading.months, **dict.fromkeys(reading.days + reading.ambiguous)}))
    return text, found


def _note(file: str, name: str, reading: Reading) -> pl.DataFrame:
    """How the first month was read that is written otherwise."""
    written, month = next(iter(reading.months.items()))
    how = f", {reading.order}" if reading.order else ""
    return problem("month_written", f"is read as {month}{how}, and the others likewise", None, name, written, file=file)
