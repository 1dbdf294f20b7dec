"""What the latest figure changed since the report month before, and what later deliveries made of that month's own."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import display, status
from orchestration.scorecard.columns import LETTERS, column

PRINTED = "as the page prints it."
KINDS_OF_SUMS = ("total", "monthly_average", "percentage_change", "forecast", "k_of_n")
NAMED = 3  # more months than these are counted, not named

SCHEMA = pa.DataFrameSchema(
    {
        "report_month": column(pl.Date, "The month on the title of the card; all is as known then.", nullable=False),
        "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
        "line": column(pl.String, "The line of the card.", nullable=False),
        "data_from_before": column(pl.Date, "First month of the window of a report month before."),
        "data_to_before": column(pl.Date, "Last month of that window."),
        "value_before": column(pl.Float64, "The latest figure of a report month before, as known then."),
        "printed_before": column(pl.String, f"That figure {PRINTED}", nullable=False),
        "value_restated": column(pl.Float64, "The figure for that same window as known now."),
        "printed_restated": column(pl.String, f"That figure {PRINTED}", nullable=False),
        "value": column(pl.Float64, "The latest figure."),
        "printed": column(pl.String, f"The latest figure {PRINTED}", nullable=False),
        "change": column(pl.Float64, "The latest figure less the one before: what the rows of movements add up to."),
        "restatement": column(
            pl.Float64, "How much of it deliveries of this report month changed in the months before."
        ),
        "status_before": column(
            pl.String,
            "The letter of the figure before, by target and tolerance of this card; null where this card's target did "
            "not apply to its window yet.",
            pa.Check.isin(LETTERS),
        ),
        "status_restated": column(pl.String, "The letter of the restated figure.", pa.Check.isin(LETTERS)),
        "status": column(pl.String, "The letter of the latest figure.", pa.Check.isin(LETTERS)),
        "says": column(pl.String, "What changed it, in a sentence."),
        "missing_reason": column(pl.String, "Why the change cannot be told, in words."),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("says").is_null() == pl.col("missing_reason").is_not_null()),
            name="a sentence or a reason",
        ),
    ],
    unique=["report_month", "line"],
    strict=True,
    ordered=True,
    description="One row per report month and line with a measure: its latest figure beside that of a report month "
    "before, as known then and as known now.",
)


def changes(
    values: pl.DataFrame, movements: pl.DataFrame, figures: pl.DataFrame, indicators: pl.DataFrame
) -> pl.DataFrame:
    """The table `changes`: the warehouse's changes as printed and judged, each with a sentence from its movements."""
    of_year = {(row["financial_year"], row["line"]): row for row in indicators.iter_rows(named=True)}
    latest = {(row["report_month"], row["line"]): row for row in figures.filter(name="latest").iter_rows(named=True)}
    moved: dict[tuple, list[dict]] = {}
    for row in movements.sort("kind", "part", "month").iter_rows(named=True):
        moved.setdefault((row["report_month"], row["line"]), []).append(row)
    rows = [
        _row(
            row,
            of_year[row["financial_year"], row["line"]],
            latest[row["report_month"], row["line"]],
            moved.get((row["report_month"], row["line"]), ()),
        )
        for row in values.iter_rows(named=True)
    ]
    types = {name: it.dtype.type for name, it in SCHEMA.columns.items()}
    return pl.DataFrame(rows, schema=types).sort("report_month", "line")


def _row(row: dict, indicator: dict, latest: dict, moved: Iterable[dict]) -> dict:
    known = row["missing_reason"] is None

    def printed(value: float | None) -> str:
        return display.printed(value, latest["unit"], latest["sign"], latest["decimals"], latest["out_of"])

    def letter(name: str, data_to: date | None) -> str | None:
        # by target and tolerance alone: what the optional rules looked at a report month before is not known here
        figure = latest | {"value": row[name], "data_to": data_to}
        return None if row[name] is None else status.judge(indicator, figure).letter

    shown = {
        "printed_before": printed(row["value_before"]),
        "printed_restated": printed(row["value_restated"]),
        "printed": printed(row["value"]),
    }
    return {
        **{
            name: row[name] for name in ("report_month", "financial_year", "line", "data_from_before", "data_to_before")
        },
        **{name: row[name] for name in ("value_before", "value_restated", "value", "missing_reason")},
        **shown,
        "change": row["value"] - row["value_before"] if known else None,
        "restatement": row["value_restated"] - row["value_before"] if known else None,
        "status_before": letter("value_before", row["data_to_before"]),
        "status_restated": letter("value_restated", row["data_to_before"]),
        "status": letter("value", latest["data_to"]),
        "says": _says(row, latest, shown, list(moved)) if known else None,
    }


def _says(row: dict, latest: dict, shown: dict[str, str], moved: list[dict]) -> str:
    """`£43.8m, £54.5m last month: Aug-08 (£12.0m) dropped out; Aug-09 (£1.3m) came in.`"""
    same = shown["printed"] == shown["printed_before"]
    head = f"{shown['printed']}, " + ("as last month" if same else f"{shown['printed_before']} last month")
    parts = []
    for part, where in (
        ("own", ""),
        ("against", " of the year it is compared with"),
        ("compared", " of the other group"),
    ):
        for kind, does in (("month_out", "dropped out"), ("month_in", "came in")):
            months = [each for each in moved if each["part"] == part and each["kind"] == kind]
            if months:
                parts.append(f"{_months(months, latest, row['statistic'])}{where} {does}")
    if restated := [each for each in moved if each["kind"] == "restatement"]:
        effect = (
            "which does not show"
            if shown["printed_restated"] == shown["printed_before"]
            else f"which alone makes {shown['printed_restated']} of it"
        )
        count = len({each["month"] for each in restated})
        parts.append(f"{_months(restated, latest, None)} {'was' if count == 1 else 'were'} restated, {effect}")
    return f"{head}: {'; '.join(parts)}." if parts else f"{head}: nothing new came in."


def _months(moved: list[dict], latest: dict, statistic: str | None) -> str:
    """The months by name, with what they hold where the figure is made of counts or money; a long span as a span."""
    months = sorted({each["month"] for each in moved})
    if len(months) > NAMED:
        return f"{display.month_label(months[0])} to {display.month_label(months[-1])} ({len(months)} months)"
    holds = {each["month"]: each["is_now"] if each["was"] is None else each["was"] for each in moved}
    return ", ".join(
        display.month_label(month)
        + (f" ({_amount(holds[month], latest)})" if statistic in KINDS_OF_SUMS and holds[month] is not None else "")
        for month in months
    )


def _amount(value: float | Decimal | None, latest: dict) -> str:
    if latest["unit"] == "pounds_millions":
        return display.printed(value, "pounds_millions", None, latest["decimals"])
    return display.printed(value, "number", None, 0)
