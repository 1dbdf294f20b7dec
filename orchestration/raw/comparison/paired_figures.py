"""Figures of two deliveries side by side: in all, by word, by place; and which differences are surprising."""

from collections.abc import Iterator
from datetime import date
from math import pi, sqrt
from typing import NamedTuple

import polars as pl

from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.kinds import WORDS

# A count that only chance moves keeps within 5 standard deviations of its difference, the root of both together; the
# factor leaves room for what moves it besides: seasons, campaigns, late reports.
DEVIATIONS = 5
FACTOR = 1.5
# a few large cases make a month's money: one order moves the sample's confiscations by a factor of 7.8
FACTOR_OF_MONEY = 5
# by these factors nothing moves in the sample from one delivery to the next
IMPLAUSIBLE = {"count": 5, "money": 10, "percent": 5, "measure": 5}
FACTOR_OF_A_PLACE = 2  # the value of one peer moves by up to 1.7 in the sample
BY_CHANCE = 1e-4


class Delivered(NamedTuple):
    """A delivery: the month it is for, its file, and its rows, typed, in the columns of the contract."""

    month: date
    file: str
    rows: pl.DataFrame


def by_key(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with single records added up; of a source that has figures, as they are."""
    if not extract.across:
        return rows
    figures = [column.name for column in extract.figures]
    return rows.group_by(extract.key, maintain_order=True).agg(pl.col(figures).sum(), pl.col("file_line").first())


def key(extract: Extract, *, place: bool) -> list[str]:
    """The words of the key: those that say where, or those that say what."""
    columns = (extract.column(name) for name in extract.key)
    return [column.name for column in columns if column.kind in (*WORDS, "line") and column.place is place]


def adds_up(column: Column) -> bool:
    """Whether its figures can be summed."""
    return column.kind in ("count", "money")


def newest(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the newest month, or of each word's newest period, which is put into `period`."""
    period = pl.col(extract.period)
    words = key(extract, place=False)
    last = period.max().over(words) if words else period.max()
    return rows.filter(period == last).with_columns(period.alias("period"))


def side_by_side(extract: Extract, here: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """The rows of a month in both deliveries by words and places, those of the last one with `_before`.

    Rows that only one of the two has are left out: a file of one area is no change in the others.
    """
    on = [*key(extract, place=False), *key(extract, place=True)]
    return here.join(there, on=on, suffix="_before") if on else here.join(there, how="cross", suffix="_before")


def grouped(both: pl.DataFrame, columns: list[Column], by: list[str]) -> Iterator[tuple[str, dict]]:
    """The figures by words or places, as ` of knife` and a row: totals, or means, of what both say."""

    def figure(column: Column, name: str) -> pl.Expr:
        in_both = pl.col(name).filter(pl.all_horizontal(pl.col(column.name, f"{column.name}_before").is_not_null()))
        if not adds_up(column):
            return in_both.mean()
        # what its source does not say is no 0: such a row counts on neither side
        unknown = pl.col(column.name).is_null() & pl.col("period").is_not_null()
        unknown |= pl.col(f"{column.name}_before").is_null() & pl.col("period_before").is_not_null()
        return pl.col(name).filter(~unknown).sum()

    found = [figure(column, name) for column in columns for name in (column.name, f"{column.name}_before")]
    found += [pl.col("period", "period_before").max()]
    rows = both.group_by(by, maintain_order=True).agg(found) if by else both.select(found)
    for row in rows.drop_nulls().iter_rows(named=True):
        yield (f" of {' '.join(row[name] for name in by)}" if by else ""), row


def by_word(both: pl.DataFrame, words: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """All the rows, and those of each word by itself, as ` of knife` and a frame."""
    yield "", both
    for word, rows in both.group_by(words, maintain_order=True) if words else []:
        yield f" of {' '.join(word)}", rows


def surprising(column: Column, row: dict, factor: float | None = None) -> bool:
    """Whether a figure is further from what it was than chance moves it, and by that factor."""
    here, there = float(row[column.name]), float(row[f"{column.name}_before"])
    low, high = sorted((abs(here), abs(there)))
    by_chance = DEVIATIONS * sqrt(low + high) if column.kind == "count" else 0
    return high - low > by_chance and high >= low * (factor or (FACTOR_OF_MONEY if column.kind == "money" else FACTOR))


def chance_of_the_same(both: pl.DataFrame, columns: list[Column]) -> float:
    """How likely it is that new months, or periods, have the old figures if that is what they have; otherwise 1."""
    renewed = both.filter(pl.col("period") > pl.col("period_before"))
    same = pl.all_horizontal(pl.col(each.name).eq_missing(pl.col(f"{each.name}_before")) for each in columns)
    if not renewed.select(same.all()).item():
        return 1
    chances = [chance_of_a_figure(column, column.name) for column in columns]
    return renewed.select(pl.reduce(lambda one, two: one * two, chances).product()).item()


def chance_of_a_figure(column: Column, name: str) -> pl.Expr:
    """How likely it is that a figure, which stands in the column of that name, is equal to another one.

    Two counts of the same mean are, with a chance of one in 2 root(pi mean); other figures with hardly any.
    """
    if column.kind == "count":
        return 1 / pl.max_horizontal(1, 2 * (pi * pl.col(name).abs()).sqrt())
    return pl.repeat(0.001, pl.len())


def sentence(column: Column, subject: str, row: dict) -> str:
    """A figure next to the previous one: `offences of knife in 2009-08 are 120 in all, 2009-07 had 1,204 (-90%)`."""
    here, there = row[column.name], row[f"{column.name}_before"]
    change = f"{float(here) / float(there) - 1:+.0%}" if there else "from nothing"
    form, verb = (",", "are {} in all") if adds_up(column) else (".3g", "is {} on average")
    when, then = (f"{row[name]:%Y-%m}" for name in ("period", "period_before"))
    return f"{column.name}{subject} in {when} {verb.format(format(here, form))}, {then} had {there:{form}} ({change})"
