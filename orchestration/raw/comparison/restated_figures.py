"""Restated figures next to the known ones, totalled by month, word or place."""

from datetime import date
from typing import NamedTuple

import polars as pl

from orchestration.raw.comparison.paired_figures import adds_up
from orchestration.raw.findings.wording import month_span
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract

# the furthest that months were restated, and how many, by column and months from the month to the delivery
History = dict[tuple[str, int], tuple[float, int]]


class Moved(NamedTuple):
    """A total (or mean) of a column, here and as known: of a month or period, of a word, of a place, or of all."""

    name: str
    here: float
    known: float
    moved: float  # of the figures, whichever way each moves
    period: date = date.min  # of a month or period: its month, or its last


class PairedColumn(NamedTuple):
    """A column of the delivery next to its known figures.

    `rows` have the key, the figure `here`, the `known` one, and by how much it `moved`; `units` are the months,
    or the periods of each measure.
    """

    rows: pl.DataFrame
    units: list[Moved]


def paired(extract: Extract, column: Column, both: pl.DataFrame) -> PairedColumn:
    """The figures of a column that are in both; known ones have the suffix `_known`."""
    here, known = (pl.col(name).cast(pl.Float64) for name in (column.name, f"{column.name}_known"))
    found = both.select(*extract.key, here.alias("here"), known.alias("known"), (here - known).abs().alias("moved"))
    rows = found.drop_nulls("moved")
    units = grouped(column, rows, list(extract.whole_within), extract.period)
    return PairedColumn(rows, units)


def grouped(column: Column, rows: pl.DataFrame, by: list[str], period: str | None = None) -> list[Moved]:
    """Totals or means of the rows of `paired`, by these columns; `period` is the column of their month."""
    figures = pl.col("here", "known", "moved")
    found = [figures.sum() if adds_up(column) else figures.mean()]
    found += [pl.col(period).max().alias("last")] if period else []
    groups = rows.group_by(by).agg(found).sort(by) if by else rows.select(found)
    return [Moved(_name(row[: len(by)]), *row[len(by) :]) for row in groups.iter_rows()]


def rows_of_units(extract: Extract, rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The rows of these months, or periods of measures, which are all different."""
    unit = list(extract.whole_within)
    if len(unit) > 1:
        return rows.join(units, on=unit, how="semi")
    return rows.filter(pl.col(unit).is_in(units[unit[0]].implode()))  # in half of the time


def _name(of: tuple) -> str:
    words = [each for each in of if not isinstance(each, date)]
    dates = [each for each in of if isinstance(each, date)]
    return " ".join([*words, month_span(dates)] if dates else words)
