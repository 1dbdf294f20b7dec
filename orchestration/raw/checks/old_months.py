"""Rows of months before the calendar, which systems that export their whole history send: they are left out."""

import polars as pl

from orchestration import months, years
from orchestration.raw.findings import findings
from orchestration.raw.findings.wording import month_span, row_count
from orchestration.raw.sources.declarations import Extract

YEARS = 30  # a month longer before the calendar is a mistake: of another century, or of no date at all


def before_calendar(extract: Extract) -> pl.Expr:
    """Whether a row is of a month, or a period to a month, from which nothing is computed.

    Where all rows of a file are, it holds nothing else: then they are mistakes.
    """
    if not extract.period:
        return pl.repeat(False, pl.len())
    first = years.calendar()[0]
    old = pl.col(extract.period).is_between(months.shift(first, -12 * YEARS), first, closed="left").fill_null(False)
    return old & ~old.all().over("file")


def left_out(extract: Extract, rows: pl.DataFrame) -> tuple[dict[str, int], pl.DataFrame]:
    """How many such rows each file has, and a note on them."""
    counts, notes = {}, []
    first = months.key(years.calendar()[0])
    for (file,), old in rows.group_by("file", maintain_order=True):
        span = month_span(old[extract.period].to_list())
        message = f"{row_count(old)} of {span} left out: nothing is computed from months before {first}"
        counts[file] = old.height
        notes.append(findings.problem("before_calendar", message, file=file))
    return counts, findings.combined(notes)
