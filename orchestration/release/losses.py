"""What a published card printed and its next version would not: nothing is published until a person confirms it."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

import duckdb
import polars as pl

from orchestration import months
from orchestration.scorecard import display

# the cells of a line, as messages call them; a figure that a comment names goes by its name
CELLS = {
    "latest": "latest",
    "status": "letter",
    "target_text": "target",
    "direction_of_travel": "on a year before",
    "comment": "comment",
}
LINE, NEWEST = "the whole line", "data to"
SHOWN, LONGEST = 40, 80


class Loss(NamedTuple):
    """A cell, figure or line of a card that would be empty or gone, and its published text."""

    report_month: date
    line: str
    what: str
    was: str


def of_cards(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> list[Loss]:
    """The losses of these cards in the warehouse, beside which the release before is attached."""

    def rows(table: str) -> pl.DataFrame:
        return connection.sql(f"from {table} where list_contains(?::date[], report_month)", params=[report_months]).pl()

    found = losses(rows("published.scorecard"), rows("scorecard.scorecard"))
    found += lost_figures(rows("published.figures"), rows("scorecard.figures"), found)
    return sorted(found, key=lambda loss: loss[:2])


def losses(published: pl.DataFrame, now: pl.DataFrame) -> list[Loss]:
    """The lines that are gone, the cells that would be empty, and figures that would end in an earlier month."""
    rows = {(row["report_month"], row["line"]): row for row in now.iter_rows(named=True)}
    found = []
    for was in published.iter_rows(named=True):
        key = (was["report_month"], was["line"])
        if key not in rows:
            found.append(Loss(*key, LINE, was.get("title") or ""))
            continue
        row = rows[key]
        found += [Loss(*key, what, text) for cell, what in CELLS.items() if (text := _lost(was, row, cell))]
        ends, ended = row.get("data_to"), was.get("data_to")
        if ends and ended and ends < ended:
            found.append(Loss(*key, NEWEST, display.month_label(ended)))
    return found


def lost_figures(published: pl.DataFrame, now: pl.DataFrame, lost: list[Loss]) -> list[Loss]:
    """The figures, by name, that had a value and would have none, of lines that still exist."""
    gone = {loss[:2] for loss in lost if loss.what == LINE}
    rows = {tuple(row[name] for name in ("report_month", "line", "name")): row for row in now.iter_rows(named=True)}
    found = []
    for was in published.iter_rows(named=True):
        key = (was["report_month"], was["line"])
        text = _lost(was, rows.get((*key, was["name"]), {}), "printed")
        if text and was["name"] not in CELLS and key not in gone:
            found.append(Loss(*key, was["name"], text))
    return found


def _lost(was: dict, now: dict, cell: str) -> str | None:
    """The published text of a cell that would be empty; a release of an earlier version may lack the column."""
    empty = (None, "", display.NOT_AVAILABLE)
    return was[cell] if was.get(cell) not in empty and now.get(cell) in empty else None


def message(lost: list[Loss]) -> str:
    """Every loss, a line of a card each, and what to do about it."""
    parts = ["These cards were published with what they would no longer have:"]
    by_line = [(key, list(its)) for key, its in groupby(lost, key=lambda loss: loss[:2])]
    parts += [f"{months.key(month)}, line {line}: {listed(its)}" for (month, line), its in by_line[:SHOWN]]
    if len(by_line) > SHOWN:
        parts.append(f"... and {len(by_line) - SHOWN} more lines")
    for month in sorted({loss.report_month for loss in lost}):
        parts.append(
            f'To accept the loss: make confirm MONTH={months.key(month)} [LINE=...] REASON="..."; '
            "to keep it: put the delivery back into raw/, or have it corrected. Then run again."
        )
    return "\n".join(parts)


def listed(lost: Iterable[Loss]) -> str:
    """The losses of a line in one sentence part: `latest (was -5.1%), letter (was G)`."""
    return ", ".join(f"{loss.what} (was {loss.was[:LONGEST]}{'…' * (len(loss.was) > LONGEST)})" for loss in lost)
