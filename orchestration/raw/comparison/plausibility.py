"""Plausibility: what is surprising in a delivery after those before it, and what is too far off to load unconfirmed.

Pure: deliveries in, findings out. The newest month (or period) is compared with that of the last delivery, earlier
ones with their known figures, all with what is declared. A cause is reported once, without its consequences.
"""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import polars as pl

from orchestration import months, years
from orchestration.raw.comparison import magnitudes, restatements
from orchestration.raw.comparison.paired_figures import (
    BY_CHANCE,
    FACTOR_OF_A_PLACE,
    IMPLAUSIBLE,
    Delivered,
    adds_up,
    by_word,
    chance_of_the_same,
    grouped,
    key,
    newest,
    sentence,
    side_by_side,
    surprising,
)
from orchestration.raw.comparison.restated_figures import History
from orchestration.raw.comparison.restatements import Known, Restated
from orchestration.raw.findings import findings
from orchestration.raw.findings.findings import problem
from orchestration.raw.findings.wording import listed
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract


class Drift(NamedTuple):
    """Frames of findings.SCHEMA: warnings and notes keep nothing out; with a problem, the delivery waits for a person.

    `columns` are those with a problem of all their figures; `history` is how far the months that it restates moved.
    """

    warnings: pl.DataFrame
    problems: pl.DataFrame
    notes: pl.DataFrame
    columns: frozenset[str] = frozenset()
    history: History = {}  # noqa: RUF012 - never changed


class Finding(NamedTuple):
    """A finding: its code, its sentence, and the columns whose figures are all implausible."""

    code: str
    message: str
    columns: frozenset[str] = frozenset()


class Compared(NamedTuple):
    """A figure of a column next to the previous one: of all, of a word, or of a place."""

    column: Column
    subject: str
    row: dict


def compare(
    extract: Extract, now: Delivered, before: Delivered | None, known: Known | None = None, *, whole: bool = True
) -> Drift:
    """What is surprising in a delivery after the previous one (None before the first) and what is known of its months.

    A delivery that is not `whole` is known to lack rows, which is not reported again.
    """
    found: list[Finding] = []
    history: History = {}
    if before is not None and not (now.rows.is_empty() or before.rows.is_empty()):
        if _same_rows(extract, now.rows, before.rows):
            found.append(
                Finding("implausible", f"every row is that of {before.file} again: send the new ones, or confirm these")
            )
        else:
            known = known or Known(before.rows, {})
            restated = restatements.compare(extract, now.month, now.rows, known)
            history = restated.history
            found += [Finding("restated", restated.note)] if restated.note else []
            found += _after_previous(extract, now, before, known, restated, whole=whole)
    off = frozenset(name for each in found for name in each.columns)
    if not any(each.code == "implausible" and not each.columns for each in found):
        columns, message = magnitudes.problem(extract, now.rows, before.rows if before else None, off)
        found += [Finding("implausible", message, columns)] if message else []
        off |= columns
    if not found:
        return Drift(findings.NONE, findings.NONE, findings.NONE, history=history)
    together = findings.combined([problem(each.code, each.message, file=now.file) for each in found])
    warnings, notes = findings.with_scope(together, "warning"), findings.with_scope(together, "note")
    return Drift(warnings, findings.with_scope(together, "whole_doubt"), notes, off, history)


def _after_previous(
    extract: Extract, now: Delivered, before: Delivered, known: Known, restated: Restated, *, whole: bool
) -> Iterator[Finding]:
    if whole:
        yield from _vanished(extract, now, before)
    if extract.figures:
        here, there = newest(extract, now.rows), newest(extract, before.rows)
        if whole:
            yield from _lost_places(extract, now, before, here, there)
        both = side_by_side(extract, here, there)
        yield from _periods(extract, both, now, before, whole=whole)
        compared = _compared(extract, both)
        # what is of a month that was known already was compared as restated
        renewed = [each for each in compared if each.row["period"] != each.row["period_before"]]
        too_far = _too_far([renewed, *_other_new_months(extract, now, known, there, newest_rows=here.height)])
        off = frozenset(name for by_column in too_far.values() for name in by_column)
        # one cause: what is wrong with the newest is wrong with all
        as_well = f" and {restated.months}, which moved as well" if restated.columns and restated.columns <= off else ""
        if restated.columns and not as_well:
            yield Finding("implausible", restated.problem, restated.columns)
        if too_far:
            by_hint = {hint: [*chain.from_iterable(by_column.values())] for hint, by_column in too_far.items()}
            message = magnitudes.with_hints(by_hint)
            yield Finding("implausible", f"{message} Correct it{as_well}, or confirm that it is right", off)
        off |= restated.columns
        yield from _drift([each for each in compared if each.column.name not in off])
        yield from _drift_of_places(extract, both, off)


def _same_rows(extract: Extract, now: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Whether both have the same rows in any order; nearly always their heights or sums say that they have not."""
    sums = [pl.col(column.name).sum() for column in extract.figures]
    if now.height != before.height or now.select(sums).rows() != before.select(sums).rows():
        return False
    columns = [column.name for column in extract.columns]
    return now.join(before, on=columns, how="anti", nulls_equal=True).is_empty()


def _other_new_months(
    extract: Extract, now: Delivered, known: Known, there: pl.DataFrame, *, newest_rows: int
) -> list[list[Compared]]:
    """Each unknown month but the newest, next to the newest month of the last delivery."""
    if not extract.dated or newest_rows == now.rows.height:
        return []
    last = now.rows["month"].max()
    new = set(now.rows["month"].unique()) - set(known.rows["month"].unique()) - {last}
    rows = now.rows.with_columns(pl.col("month").alias("period"))
    return [
        _compared(extract, side_by_side(extract, rows.filter(pl.col("month") == month), there)) for month in sorted(new)
    ]


def _vanished(extract: Extract, now: Delivered, before: Delivered) -> Iterator[Finding]:
    """What the last delivery had and this one lacks: a word or line."""
    words = key(extract, place=False)
    has_lines = any(column.kind == "line" for column in extract.columns)
    if has_lines and years.of_month(now.month) != years.of_month(before.month):
        return  # another card has other lines
    if not words:
        return
    gone = before.rows.join(now.rows, on=words, how="anti").select(words).unique(maintain_order=True)
    for each in gone.iter_rows():
        what = f"{' '.join(words).replace('_', ' ')} '{' '.join(each)}'"
        yield Finding("vanished", f"{what} was in {before.file} and is not here: send it too, or confirm that it ended")


def _lost_places(
    extract: Extract, now: Delivered, before: Delivered, here: pl.DataFrame, there: pl.DataFrame
) -> Iterator[Finding]:
    """The places that words had in the newest rows of the last delivery and have in those of this one no more."""
    words, places = key(extract, place=False), key(extract, place=True)
    if not (words and places):
        return
    lost = there.join(here, on=[*words, *places], how="anti").join(now.rows, on=words, how="semi")
    by_places: dict[str, list[str]] = {}
    for each, rows in lost.group_by(words, maintain_order=True):
        subject = listed([f"'{' '.join(row)}'" for row in rows.select(places).iter_rows()])
        by_places.setdefault(subject, []).append(" ".join(each))
    for subject, group in by_places.items():
        yield Finding("drift", f"{listed(group)} of {subject} was in {before.file} and is not here")


def _periods(
    extract: Extract, both: pl.DataFrame, now: Delivered, before: Delivered, *, whole: bool
) -> Iterator[Finding]:
    """Months that go back, or come with the old figures."""
    words = key(extract, place=False)
    # small counts of one word do repeat, measures of forty peers do not
    alone = [] if any(adds_up(column) for column in extract.figures) else words
    for subject, group in by_word(both, alone):
        if chance_of_the_same(group, extract.figures) >= BY_CHANCE:
            continue
        then = group.select(pl.col("period_before").max()).item()
        yield Finding(
            "implausible",
            f"every figure{subject} is that of {then:%Y-%m} in {before.file} again: "
            "send the new ones, or confirm these",
        )
        if not subject:
            break  # so is every figure of each word
    for subject, row in grouped(both, [], [] if extract.dated else words) if whole else ():
        if row["period"] < row["period_before"]:
            yield Finding(
                "implausible",
                f"the newest figures{subject} are those to {row['period']:%Y-%m}, but {before.file} had those to "
                f"{row['period_before']:%Y-%m}: send the newest, or confirm that there are none",
            )
    if whole and extract.dated and extract.may_lag:
        newest_month, newest_before = both.select(pl.col("period", "period_before").max()).row(0)
        behind, was = months.difference(newest_month, now.month), months.difference(newest_before, before.month)
        if behind != was:
            yield Finding(
                "drift", f"its newest month lies {behind} months behind its own, that of {before.file} lay {was}"
            )


def _compared(extract: Extract, both: pl.DataFrame) -> list[Compared]:
    """The figures of each column in all, if they add up, and then by word."""
    words, columns = key(extract, place=False), extract.figures
    in_all = [column for column in columns if adds_up(column) or not words]
    found = [Compared(column, subject, row) for subject, row in grouped(both, in_all, []) for column in in_all]
    by_word = grouped(both, columns, words) if words else ()
    return found + [Compared(column, subject, row) for subject, row in by_word for column in columns]


def _too_far(by_month: list[list[Compared]]) -> dict[str, dict[str, list[str]]]:
    """Figures too far from what they were, in all or of a word: sentences by what they may be, and by column."""
    too_far: dict[str, dict[str, list[str]]] = {}
    for compared in by_month:
        in_all: set[str] = set()  # of which the words are far off because all is
        for column, subject, row in compared:
            if column.name not in in_all and surprising(column, row, IMPLAUSIBLE[column.kind]):
                hint = magnitudes.hint(column, float(row[column.name]), float(row[f"{column.name}_before"]))
                too_far.setdefault(hint, {}).setdefault(column.name, []).append(sentence(column, subject, row))
                in_all |= set() if subject else {column.name}
    return too_far


def _drift(compared: list[Compared]) -> Iterator[Finding]:
    """Figures far from what they were, those of words first."""
    for column, subject, row in sorted(compared, key=lambda each: not each.subject):
        if surprising(column, row):
            yield Finding("drift", sentence(column, subject, row))


def _drift_of_places(extract: Extract, both: pl.DataFrame, off: frozenset[str]) -> Iterator[Finding]:
    """Places whose figures are far from what they were, added up over words or of each word by itself."""
    words, places = key(extract, place=False), key(extract, place=True)
    columns = [column for column in extract.figures if column.name not in off]
    added, others = ([each for each in columns if adds_up(each) is adds] for adds in (True, False))
    for group, by in ((added, places), (others, [*words, *places])):
        rows = list(grouped(both, group, by)) if group and places else []
        for column in group:
            far = [(subject, row) for subject, row in rows if surprising(column, row, FACTOR_OF_A_PLACE)]
            if far:
                yield Finding("drift", listed([sentence(column, subject, row) for subject, row in far]))
