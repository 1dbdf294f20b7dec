"""Drift: what a delivery says beside what the last one said. Warnings, and what is too far off to be loaded unasked.

Pure: two deliveries in, problems out. Compared is the newest month (or period) of each.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import polars as pl

from orchestration.raw import findings, vocabularies
from orchestration.raw.comparison import (
    Delivered,
    adds_up,
    by_word,
    chance_of_the_same,
    figures,
    grouped,
    key,
    newest,
    said,
    side_by_side,
    surprising,
)
from orchestration.raw.extracts import Extract
from orchestration.raw.findings import problem

__all__ = ["Delivered", "Drift", "compare"]

# by these factors nothing moves in the sample from one delivery to the next
IMPLAUSIBLE = {"count": 5, "money": 10, "percent": 5, "measure": 5}
FACTOR_OF_A_PLACE = 2  # the value of one force moves by up to 1.7 in the sample
BY_CHANCE = 1e-4
LISTED = 3


class Drift(NamedTuple):
    """Both of findings.SCHEMA. Warnings keep nothing out; with a problem, the delivery waits for a person's word."""

    warnings: pl.DataFrame
    problems: pl.DataFrame


def compare(extract: Extract, now: Delivered, before: Delivered) -> Drift:
    """What surprises in a delivery somebody who knows the last one before it."""
    found = [problem(code, says, file=now.file) for code, says in _found(extract, now, before)]
    together = findings.combined(found)
    return Drift(findings.with_scope(together, "warning"), findings.with_scope(together, "whole_doubt"))


def _found(extract: Extract, now: Delivered, before: Delivered) -> Iterator[tuple[str, str]]:
    if now.rows.is_empty() or before.rows.is_empty():
        return
    if _same_rows(extract, now.rows, before.rows):
        yield "implausible", f"every row is that of {before.file} again: send the new ones, or confirm these"
        return
    yield from _vanished(extract, now, before)
    if figures(extract):
        here, there = newest(extract, now.rows), newest(extract, before.rows)
        yield from _lost(extract, now, before, here, there)
        both = side_by_side(extract, here, there)
        yield from _periods(extract, both, now, before)
        yield from _figures(extract, both)


def _same_rows(extract: Extract, now: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Whether both have the same rows in any order; nearly always their heights or sums say that they have not."""
    sums = [pl.col(column.name).sum() for column in figures(extract)]
    if now.height != before.height or now.select(sums).rows() != before.select(sums).rows():
        return False
    return now.join(before, on=[column.name for column in extract.columns], how="anti").is_empty()


def _vanished(extract: Extract, now: Delivered, before: Delivered) -> Iterator[tuple[str, str]]:
    """What the last delivery had and this one lacks: a word or line."""
    words = key(extract, place=False)
    if any(column.kind == "line" for column in extract.columns) and _year(now.month) != _year(before.month):
        return  # another card has other lines
    if not words:
        return
    gone = before.rows.join(now.rows, on=words, how="anti").select(words).unique(maintain_order=True)
    for each in gone.iter_rows():
        what = f"{' '.join(words).replace('_', ' ')} '{' '.join(each)}'"
        yield "vanished", f"{what} was in {before.file} and is not here: send it too, or confirm that it ended"


def _lost(
    extract: Extract, now: Delivered, before: Delivered, here: pl.DataFrame, there: pl.DataFrame
) -> Iterator[tuple[str, str]]:
    """The places that a word had in the newest rows of the last delivery and has in those of this one no more."""
    words, places = key(extract, place=False), key(extract, place=True)
    if not (words and places):
        return
    lost = there.join(here, on=[*words, *places], how="anti").join(now.rows, on=words, how="semi")
    for each, rows in lost.group_by(words, maintain_order=True):
        listed = _listed([f"'{' '.join(row)}'" for row in rows.select(places).iter_rows()])
        yield "drift", f"{' '.join(each)} of {listed} was in {before.file} and is not here"


def _periods(extract: Extract, both: pl.DataFrame, now: Delivered, before: Delivered) -> Iterator[tuple[str, str]]:
    """Months that go back, or come with the old figures."""
    words = key(extract, place=False)
    # small counts of one word do repeat, measures of forty forces do not
    alone = [] if any(adds_up(column) for column in figures(extract)) else words
    again = [(of, its) for of, its in by_word(both, alone) if chance_of_the_same(its, figures(extract)) < BY_CHANCE]
    for of, its in again:
        then = its["period_before"].max()
        yield (
            "implausible",
            f"every figure{of} is that of {then:%Y-%m} in {before.file} again: send the new ones, or confirm these",
        )
    for of, row in grouped(both, [], [] if extract.dated else words):
        if row["period"] < row["period_before"]:
            yield (
                "implausible",
                f"the newest figures{of} are those to {row['period']:%Y-%m}, but {before.file} had those to "
                f"{row['period_before']:%Y-%m}: send the newest, or confirm that there are none",
            )
    if extract.dated and extract.may_lag:
        behind = _behind(now.month, both["period"].max())
        was = _behind(before.month, both["period_before"].max())
        if behind != was:
            yield "drift", f"its newest month lies {behind} months behind its own, that of {before.file} lay {was}"


def _figures(extract: Extract, both: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Figures far from what they were: by word, in all, by place."""
    words, places = key(extract, place=False), key(extract, place=True)
    added = [column for column in figures(extract) if adds_up(column)]
    others = [column for column in figures(extract) if not adds_up(column)]
    compared = [(column, *row) for row in grouped(both, figures(extract), words) for column in figures(extract)]
    compared += [(column, *row) for row in grouped(both, added, []) for column in added] if words else []
    for column, of, row in compared:
        if surprising(column, row, IMPLAUSIBLE[column.kind]):
            told = said(column, of, row)
            yield "implausible", f"{told}: is it in other units? Correct it, or confirm that it is right"
        elif surprising(column, row):
            yield "drift", said(column, of, row)
    for columns, by in ((added, places), (others, [*words, *places])):
        rows = list(grouped(both, columns, by)) if columns and places else []
        for column in columns:
            told = [said(column, of, row) for of, row in rows if surprising(column, row, FACTOR_OF_A_PLACE)]
            if told:
                yield "drift", _listed(told)


def _behind(month: date, newest_month: date) -> int:
    return (month.year - newest_month.year) * 12 + month.month - newest_month.month


def _listed(told: list[str]) -> str:
    more = f" ... and {len(told) - LISTED} more" if len(told) > LISTED else ""
    return "; ".join(told[:LISTED]) + more


def _year(month: date) -> str | None:
    return next((year for year, its in vocabularies.financial_years().items() if month in its), None)
