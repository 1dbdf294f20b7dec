"""Figures outside their typical range, as a wrong unit makes them; from the first delivery of an extract on."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import polars as pl

from orchestration.raw.comparison.paired_figures import IMPLAUSIBLE
from orchestration.raw.findings.wording import listed, month_span, number
from orchestration.raw.sources.columns import Column, Range
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.kinds import WORDS

OTHER_UNITS = "is it in other units?"
NOTHING = "was nothing counted, or is it in other units?"
# what a figure that is far too low, or far too high, of each kind most often is
WRONG_SCALE = {
    ("percent", "low"): "are these fractions of 1 instead of percentages?",
    ("money", "low"): "is it in thousands or millions?",
    ("money", "high"): "is it in pence, or another smallest unit of the currency?",
    ("count", "low"): "is it in thousands?",
    ("measure", "low"): "is it per 1 instead of per 1,000, or a fraction of a percentage?",
    ("measure", "high"): "are these percentages instead of fractions, or is it per another number of people?",
}
ANOTHER_SCALE = 20  # what is off by less may be of this scale and wrong in another way
# what is typical of kinds that say it themselves; of a count or an amount only its extract can
TYPICAL: dict[str, Range] = {"percent": (1.5, 100)}


class Outlier(NamedTuple):
    """A figure outside what is typical: its mean over the rows of one month, or of one word's period."""

    column: Column
    subject: str
    mean: float
    typical: Range
    month: date

    @property
    def low(self) -> bool:
        """Whether it is too low, not too high."""
        return self.mean < self.typical[0]


def problem(
    extract: Extract, rows: pl.DataFrame, before: pl.DataFrame | None, explained: frozenset[str]
) -> tuple[frozenset[str], str]:
    """What is of another size than is typical: its columns, but those `explained`, and one sentence on all of it.

    A size that the previous delivery had as well was confirmed then.
    """
    off_now = list(_outside(extract, rows, explained))
    off_before = _outside(extract, before, frozenset()) if off_now and before is not None else ()
    known = {(off.column.name, off.subject): off for off in off_before}
    found: dict[tuple[str, str], list[Outlier]] = {}
    for off in off_now:
        if not _confirmed_before(off, known.get((off.column.name, off.subject))):
            found.setdefault((off.column.name, off.subject), []).append(off)
    if not found:
        return frozenset(), ""
    some = len({off.month for group in found.values() for off in group}) < rows[extract.period].n_unique()
    by_hint: dict[str, list[str]] = {}
    for group in found.values():
        # the middle of what is typical, whose ends lie some eight times from it
        expected = (group[0].typical[0] * group[0].typical[1]) ** 0.5
        by_hint.setdefault(hint(group[0].column, group[0].mean, expected), []).append(_sentence(group, some=some))
    return frozenset(name for name, _ in found), f"{with_hints(by_hint)} Correct it, or confirm it"


def hint(column: Column, here: float, expected: float) -> str:
    """What a figure may be that is so far from what was expected."""
    low, high = sorted((abs(here), abs(expected)))
    if not here:
        return NOTHING
    if high < low * ANOTHER_SCALE:
        return OTHER_UNITS
    return WRONG_SCALE.get((column.kind, "low" if abs(here) < abs(expected) else "high"), OTHER_UNITS)


def with_hints(by_hint: dict[str, list[str]]) -> str:
    """Sentences, each hint once behind those it is of."""
    return " ".join(f"{listed(sentences)}: {hint}" for hint, sentences in by_hint.items())


def _outside(extract: Extract, rows: pl.DataFrame, explained: frozenset[str]) -> Iterator[Outlier]:
    columns = [column for column in extract.figures if column.name not in explained and _typical(column)]
    if not columns or rows.is_empty():
        return
    period, words = extract.period, [name for name in extract.whole_within if extract.column(name).kind in WORDS]
    means = [pl.col(column.name).cast(pl.Float64).mean() for column in columns]
    for row in rows.group_by(*words, period).agg(means).sort(period, *words).iter_rows(named=True):
        subject = " ".join(row[word] for word in words)
        for column in columns:
            mean = row[column.name]
            typical = dict(column.typical_of).get(subject, column.typical or TYPICAL.get(column.kind))
            if mean is not None and typical and not typical[0] <= mean <= typical[1]:
                yield Outlier(column, subject, mean, typical, row[period])


def _typical(column: Column) -> bool:
    return bool(column.typical or column.typical_of or column.kind in TYPICAL)


def _confirmed_before(off: Outlier, known: Outlier | None) -> bool:
    """Whether the last delivery had figures of this size, or of one still less typical."""
    if known is None or known.low is not off.low:
        return False
    if off.low:
        return off.mean * IMPLAUSIBLE[off.column.kind] >= known.mean
    return off.mean <= known.mean * IMPLAUSIBLE[off.column.kind]


def _sentence(group: list[Outlier], *, some: bool) -> str:
    off = group[0]
    when = f" in {month_span([each.month for each in group])}" if some else ""
    subject = f" of {off.subject}" if off.subject else ""
    size = "least" if off.low else "most"
    expected = number(off.typical[0 if off.low else 1])
    return f"{off.column.name}{subject} is {number(off.mean)} on average{when}, at {size} {expected} is expected"
