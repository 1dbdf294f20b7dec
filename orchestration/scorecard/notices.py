"""Alerts: their table, one sentence an event of a report month that needs attention, and how they print as text."""

from collections.abc import Iterable

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import display
from orchestration.scorecard.columns import REPORT_MONTH, column, contract, rule

# The kinds in the order in which they are listed, and what each means.
KINDS = {
    "letter": "it changed since last month's card",
    "restated": "last month's figure would print differently",
    "printed_again": "a card prints differently from the release before",
    "hard_coded_number": "a comment has a number of its own that equals a figure of its line",
    "overdue": "a delivery is expected and not there",
    "gone": "it was loaded, and raw/ holds it no more",
    "not_used": "raw/ holds another since then, which no run took in",
    "quarantined": "a delivery, or rows of it, wait for a person",
    "rejected": "it cannot be read as rows",
    "waiting": "one waits that is to replace another, which stays effective",
}
SCHEMA = contract(
    "One row per report month and event that needs attention: a letter that changed, a figure that was "
    "restated or printed again, a delivery that is overdue, gone, changed or waits.",
    {
        "report_month": REPORT_MONTH,
        "kind": column(
            pl.String,
            "; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items()) + ".",
            pa.Check.isin(tuple(KINDS)),
            nullable=False,
        ),
        "line": column(pl.String, "The line of the card it is about; null where it is about a delivery."),
        "extract": column(pl.String, "The extract it is about; null where it is about a line."),
        "delivery_month": column(pl.Date, "The month of that delivery; of several that are overdue the first."),
        "release": column(pl.String, "Of what is printed again, the release that prints it differently."),
        "message": column(pl.String, "What happened, in one line.", nullable=False),
    },
    rule("it is about a line or about an extract", pl.col("line").is_null() != pl.col("extract").is_null()),
    key=("report_month", "kind", "line", "extract", "delivery_month", "release"),
)


def lines(rows: Iterable[dict]) -> list[str]:
    """The rows as text, a line each: `Aug-09  4c  The value of the assets recovered: amber, green last month: ...`."""
    return [
        f"{display.month_label(row['report_month'])}  {row['line'] or row['extract']}  {row['message']}" for row in rows
    ]
