"""Implausible restatements: figures that became 0, moved by one factor, are those of other months, or moved too far."""

from datetime import date
from math import isclose, prod, sqrt
from typing import NamedTuple

import polars as pl

from orchestration import months
from orchestration.raw.comparison.paired_figures import BY_CHANCE, chance_of_a_figure, key
from orchestration.raw.comparison.restated_figures import History, Moved, PairedColumn, grouped
from orchestration.raw.findings.wording import number
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.kinds import WORDS

# How far a restatement may move the total (or mean) of a month long past, as long as little is known of how far others
# did; twice as far within three months, while reports still come in late (those of the sample move by up to 10% then).
# Of all its months together half of that is believed; of one word or place, and of all figures whichever way each
# moves, twice as much.
RESTATED = {"count": 0.15, "money": 0.4, "percent": 0.05, "measure": 0.2}
LATE, LATELY, TOGETHER, APART = 3, 2, 0.5, 2
# What was restated so often may move this many times as far as the furthest so far: by half of the above at least, and
# never so far that all could be gone.
OFTEN, TIMES, AT_MOST = 12, 3, 0.75
DEVIATIONS, FEW = 3, 9  # small counts move further in proportion, for two late reports are half of four
# Moved by one factor are figures of which so many moved visibly, all as near to it as rounding leaves them.
SAME_FACTOR, FACTOR_APART = 3, 0.01
MOVED = 0.01  # share of a month's sum, for it to be taken for another month's


class Cause(NamedTuple):
    """In what way figures are implausible, and which."""

    of: str
    message: str
    groups: list[Moved]


def likeliest_cause(
    extract: Extract, column: Column, pair: PairedColumn, *, both: pl.DataFrame, month: date, history: History
) -> Cause | None:
    """What is wrong with the restated figures of a column, the likeliest cause first.

    `both` has all columns of the delivery for that month, and what is known of them with `_known`.
    """
    rows, units = pair.rows, [unit for unit in pair.units if unit.moved]
    if not units:
        return None  # they are no longer given, or only now
    believed = {unit: _believed(column, history, months_back(month, unit)) for unit in units}
    of, too_far = _too_far(extract, column, rows, believed)
    cause = None
    if other := _other_column(extract, column, both):
        cause = Cause("", f"are those known as {other}", units)
    elif of_other_months := _of_other_months(extract, column, pair):
        cause = Cause("", *of_other_months)
    elif too_far and not any(group.here for group in too_far):
        cause = Cause(of, "are 0", too_far)
    elif factor := _factor(extract, column, rows):
        cause = Cause("", f"are {number(float(f'{factor:.2g}'))} times what is known", units)
    elif too_far:
        furthest = max(_furthest(column, history, months_back(month, unit))[0] for unit in units)
        so_far = f" (by {furthest:.1%} at most so far)" if furthest else ""
        cause = Cause(of, f"moved further than restatements do{so_far}", too_far)
    elif by := _up_and_down(extract, column, rows, max(believed.values())):
        cause = Cause("", f"moved up and down by {by:.0%} of their sum, further than restatements do", units)
    return cause


def _furthest(column: Column, history: History, back: int) -> tuple[float, int]:
    """How far months so long past, or longer, were restated at most so far, and how many."""
    known = [
        restated for (name, months_since), restated in history.items() if name == column.name and months_since >= back
    ]
    return max((furthest for furthest, _ in known), default=0.0), sum(often for _, often in known)


def _believed(column: Column, history: History, back: int) -> float:
    """How far a month so long past may move."""
    furthest, often = _furthest(column, history, back)
    floor = RESTATED[column.kind] * (LATELY if back <= LATE else 1)
    return min(max(floor if often < OFTEN else floor / 2, TIMES * furthest), AT_MOST)


def _too_far(
    extract: Extract, column: Column, rows: pl.DataFrame, believed: dict[Moved, float]
) -> tuple[str, list[Moved]]:
    """The figures that moved further than is believed: of months, of all of them together, of words, of places."""
    apart, together, alone = _separate_words(extract), min(believed.values()) * TOGETHER, max(believed.values()) * APART
    too_far = [unit for unit, share in believed.items() if _exceeds(column, unit, share)]
    if len(believed) > 1 and any(_exceeds(column, group, together) for group in grouped(column, rows, apart)):
        too_far = too_far or list(believed)
    if too_far and not any(unit.here for unit in too_far):
        return "", too_far
    # where a few words or places alone moved so far, they are what is wrong with the months
    for by in () if apart else (key(extract, place=False), key(extract, place=True)):
        groups = grouped(column, rows, by) if by else []
        of_these = [group for group in groups if _exceeds(column, group, alone)]
        if of_these and len(of_these) <= len(groups) / 2:
            return " ".join(by), of_these
    return "", too_far


def _up_and_down(extract: Extract, column: Column, rows: pl.DataFrame, believed: float) -> float | None:
    """By how much of their sum figures moved whichever way, where that is more than is believed."""
    for group in grouped(column, rows, _separate_words(extract)):
        if _exceeds(column, group._replace(here=group.known + group.moved), believed * APART):
            return group.moved / group.known if group.known else None
    return None


def _separate_words(extract: Extract) -> list[str]:
    """The words whose figures are no parts of one whole, and are never taken together: the measures of the peers."""
    return [name for name in extract.whole_within if extract.column(name).kind in WORDS]


def _exceeds(column: Column, group: Moved, share: float) -> bool:
    moved, known = abs(group.here - group.known), abs(group.known)
    if column.kind == "count":
        return moved > share * known + DEVIATIONS * sqrt(max(known, FEW))
    return bool(known) and (moved > share * known or not group.here)


def _factor(extract: Extract, column: Column, rows: pl.DataFrame) -> float | None:
    """The factor by which all figures moved together; None where they did not, or it cannot be determined."""
    unit = list(extract.whole_within)
    of_moved = rows.join(rows.filter(pl.col("moved") > 0).select(unit).unique(), on=unit, how="semi")
    here, known = of_moved["here"], of_moved["known"]
    if not known.sum() or abs((factor := float(here.sum()) / float(known.sum())) - 1) < FACTOR_APART:
        return None
    expected = known * factor
    left = pl.repeat(1.0, len(known), eager=True) if column.kind == "count" else expected.abs() * 0.01
    visibly = (of_moved["moved"] > 2 * left).sum()
    return factor if visibly >= SAME_FACTOR and ((here - expected).abs() <= left).all() else None


def _other_column(extract: Extract, column: Column, both: pl.DataFrame) -> str | None:
    """The column whose known figures these are, wherever they moved."""
    moved = both.filter(pl.col(column.name) != pl.col(f"{column.name}_known"))
    for other in extract.figures:
        if other.kind == column.kind and other != column:
            same = moved.select((pl.col(column.name) == pl.col(f"{other.name}_known")).all()).item()
            if same and moved.select(chance_of_a_figure(column, column.name).product()).item() < BY_CHANCE:
                return other.name
    return None


def _of_other_months(extract: Extract, column: Column, pair: PairedColumn) -> tuple[str, list[Moved]] | None:
    """The months whose figures are, one by one, those known of another month."""
    known = {unit.period: unit.known for unit in pair.units}
    moved = [unit for unit in pair.units if unit.moved]
    # nearly always no total is that of another month
    alike = [(unit.period, at) for unit in moved for at in known if at != unit.period and isclose(known[at], unit.here)]
    if not (extract.dated and alike):
        return None
    pairs = pl.DataFrame(alike, schema={"month": pl.Date, "other": pl.Date}, orient="row")
    places = [name for name in extract.key if name != "month"]
    others = pair.rows.select(pl.col("month").alias("other"), *places, pl.col("known").alias("of_other"))
    same = (
        pair.rows.join(pairs, on="month")
        .join(others, on=["other", *places])
        .with_columns(chance_of_a_figure(column, "here").alias("chance"))
        .group_by("month", "other")
        .agg(
            (pl.col("here") == pl.col("of_other")).all().alias("same"),
            pl.col("moved", "known").sum(),
            pl.col("chance").product(),
        )
        .filter("same")
    )
    by_shift: dict[int, dict[date, float]] = {}
    anywhere: dict[date, float] = {}
    for month, other, _, by, of, chance in same.iter_rows():
        by_shift.setdefault(months.difference(month, other), {})[month] = chance
        if by >= MOVED * abs(of):  # a small restatement makes months alike that hardly differ
            anywhere[month] = min(1.0, chance * len(known))
    for shift, found in by_shift.items():
        there = {unit.period for unit in moved if months.shift(unit.period, shift) in known}
        all_of_them = found.keys() >= there and len(there) > len(moved) / 2 and found.keys() & anywhere.keys()
        if all_of_them and prod(found.values()) < BY_CHANCE:
            by = "the month" if abs(shift) == 1 else f"{abs(shift)} months"
            return f"are those known of {by} {'before' if shift < 0 else 'after'}", moved
    if prod(anywhere.values()) < BY_CHANCE / 100:  # surveys of a fixed size vary less than by chance
        return "are those known of other months", [unit for unit in moved if unit.period in anywhere]
    return None


def months_back(month: date, unit: Moved) -> int:
    """How many months lie from a month or the end of a period to the month of the delivery."""
    return months.difference(unit.period, month)
