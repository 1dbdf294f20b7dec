"""Earlier months in a delivery next to their known figures: implausible restatements, and ordinary ones as a note.

Pure. The known figures of a month, or period, are those in the last delivery before this one that holds it.
"""

from datetime import date
from typing import NamedTuple

import polars as pl

from orchestration.raw.comparison.implausible_restatements import Cause, likeliest_cause, months_back
from orchestration.raw.comparison.paired_figures import adds_up
from orchestration.raw.comparison.restated_figures import History, Moved, paired, rows_of_units
from orchestration.raw.findings.wording import listed, month_span, number
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract


class Known(NamedTuple):
    """The known rows of the months in a delivery, and how far such months were restated so far."""

    rows: pl.DataFrame
    history: History


class Restated(NamedTuple):
    """What a delivery restates: what is implausible, with its columns; otherwise what moves, and how far it went."""

    columns: frozenset[str] = frozenset()
    problem: str = ""
    months: str = ""  # of which there is a problem: `12 earlier months`
    note: str = ""
    history: History = {}  # noqa: RUF012 - never changed


def compare(extract: Extract, month: date, rows: pl.DataFrame, known: Known) -> Restated:
    """Compare the rows of a delivery for that month with the known rows of the same keys."""
    columns = extract.figures
    if not columns or known.rows.is_empty():
        return Restated()
    names, key = [column.name for column in columns], list(extract.key)
    again = rows_of_units(extract, rows, known.rows.select(extract.whole_within).unique())
    if again.select(*key, *names).equals(known.rows.select(*key, *names)):
        return Restated()
    as_known = known.rows.select(*key, pl.col(names).name.suffix("_known"))
    # nearly always both have their rows in one order, and a join takes three times as long
    same_order = again.select(key).equals(known.rows.select(key))
    if same_order:
        both = again.with_columns(as_known.select(f"{name}_known" for name in names))
    else:
        both = again.join(as_known, on=key)
    differ = [pl.col(column.name).ne_missing(pl.col(f"{column.name}_known")).any() for column in columns]
    moved = [column for column, differs in zip(columns, both.select(differ).row(0), strict=True) if differs]
    found = {column: paired(extract, column, both) for column in moved}
    alike: dict[tuple[str, str], dict[Column, Cause]] = {}
    for column, pair in found.items():
        if cause := likeliest_cause(extract, column, pair, both=both, month=month, history=known.history):
            alike.setdefault((cause.of, cause.message), {})[column] = cause
    what = "month" if extract.dated else "period"
    units = {column: pair.units for column, pair in found.items()}
    history = _history(units, month)
    if not alike:
        return Restated(note=_note(what, units) if moved else "", history=history)
    message = "; ".join(_sentence(what, causes) for causes in alike.values())
    often = max(len(cause.groups) for causes in alike.values() for cause in causes.values())
    return Restated(
        frozenset(column.name for causes in alike.values() for column in causes),
        f"{message}: send the right figures, or confirm these",
        f"{often} earlier {what}{'s' * (often > 1)}",
        history=history,
    )


def merged(*histories: History) -> History:
    """Several histories in one."""
    found: History = {}
    for history in histories:
        for place, (furthest, often) in history.items():
            before = found.get(place, (0.0, 0))
            found[place] = max(before[0], furthest), before[1] + often
    return found


def _history(units: dict[Column, list[Moved]], month: date) -> History:
    found: History = {}
    for column, moved in units.items():
        for unit in moved:
            if unit.moved and unit.known:
                share = abs(unit.here - unit.known) / abs(unit.known)
                found = merged(found, {(column.name, months_back(month, unit)): (share, 1)})
    return found


def _sentence(what: str, causes: dict[Column, Cause]) -> str:
    """What is wrong with columns, in one way."""
    names, cause = " and ".join(column.name for column in causes), next(iter(causes.values()))
    groups, first = cause.groups, cause.groups[0]
    which = f"{len(groups)} earlier {what}s"
    if cause.of:
        which = f"{first.name}{f' and {len(groups) - 1} more' if len(groups) > 1 else ''} in earlier {what}s"
    elif len(groups) == 1:
        which = first.name
    elif what == "month":
        periods = [group.period for group in groups]
        which += f" ({month_span(periods)})" if len(periods) > 2 else f" ({periods[0]:%Y-%m} and {periods[1]:%Y-%m})"
    examples = listed([_both_figures(next(iter(causes)), group) for group in groups])
    return f"{names} of {which} {cause.message}: {examples}"


def _both_figures(column: Column, group: Moved) -> str:
    how = "in all" if adds_up(column) else "on average"
    change = f" ({group.here / group.known - 1:+.0%})" if group.known else ""
    return f"{group.name} has {number(group.here)} {how}, {number(group.known)} is known{change}"


def _note(what: str, units: dict[Column, list[Moved]]) -> str:
    """What an ordinary restatement changes, the figures that move furthest first."""
    moved = [(column, unit) for column, found in units.items() for unit in found if unit.moved]
    moved.sort(key=lambda each: -abs(each[1].here - each[1].known) / (abs(each[1].known) or 1))
    named = len({unit.name for _, unit in moved})
    examples = [
        f"{column.name} of {unit.name} {number(unit.known)} -> {number(unit.here)} "
        f"{'in all' if adds_up(column) else 'on average'}"
        for column, unit in moved
        if unit.here != unit.known
    ]
    message = listed(examples) or "figures moved, and their total is unchanged"
    return f"restates {named} {what}{'s' * (named > 1)}: {message}"
