"""What the latest figure changed since the report month before, and how later deliveries restated that month's own."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from orchestration import months
from orchestration.scorecard import contracts, display, status
from orchestration.scorecard.kinds import KINDS
from orchestration.scorecard.units import MONEY

NAMED = 3  # more months than these are counted, not named
FROM_WAREHOUSE = ("data_from_before", "data_to_before", "value_before", "value_restated", "value", "missing_reason")
PARTS = {"own": "", "against": " of the year it is compared with", "compared": " of the other group"}


def changes(
    values: pl.DataFrame, movements: pl.DataFrame, figures: pl.DataFrame, indicators: pl.DataFrame
) -> pl.DataFrame:
    """The table `changes`: the warehouse's changes as printed and judged, each with a sentence from its movements."""
    of_card = {(row["report_month"], row["line"]): row for row in indicators.iter_rows(named=True)}
    latest = {(row["report_month"], row["line"]): row for row in figures.filter(name="latest").iter_rows(named=True)}
    moved: dict[tuple, list[dict]] = {}
    for row in movements.sort("kind", "part", "month").iter_rows(named=True):
        moved.setdefault((row["report_month"], row["line"]), []).append(row)
    rows = []
    for row in values.iter_rows(named=True):
        key = (row["report_month"], row["line"])
        rows.append(_row(row, of_card[key], latest[key], moved.get(key, ())))
    return pl.DataFrame(rows, schema=contracts.types("changes")).sort("report_month", "line")


def _row(row: dict, indicator: dict, latest: dict, moved: Iterable[dict]) -> dict:
    known = row["missing_reason"] is None

    def printed(value: float | None) -> str:
        return display.printed(value, latest["unit"], latest["sign"], latest["decimals"], latest["out_of"])

    def letter(name: str, data_to: date | None, months_before: int = 1) -> str | None:
        # by target and tolerance alone: what the optional rules looked at a report month before is not known here
        figure = latest | {"value": row[name], "data_to": data_to}
        rule = indicator | {"report_month": months.shift(row["report_month"], -months_before)}
        return None if row[name] is None else status.judge(rule, figure).letter

    shown = {f"printed{when}": printed(row[f"value{when}"]) for when in ("_before", "_restated", "")}
    return {
        **{name: row[name] for name in (*contracts.LINE, *FROM_WAREHOUSE)},
        **shown,
        "change": row["value"] - row["value_before"] if known else None,
        "restatement": row["value_restated"] - row["value_before"] if known else None,
        "status_before": letter("value_before", row["data_to_before"]),
        "status_restated": letter("value_restated", row["data_to_before"]),
        "status": letter("value", latest["data_to"], months_before=0),
        "explanation": _sentence(row, latest, shown, list(moved)) if known else None,
    }


def _sentence(row: dict, latest: dict, shown: dict[str, str], moved: list[dict]) -> str:
    """`£43.8m, £54.5m last month: Aug-08 (£12.0m) dropped; Aug-09 (£1.3m) added.`"""
    same = shown["printed"] == shown["printed_before"]
    head = f"{shown['printed']}, " + ("as last month" if same else f"{shown['printed_before']} last month")
    statistic = KINDS.get(row["statistic"])
    with_amounts = statistic is not None and not statistic.shares
    parts = []
    for part, where in PARTS.items():
        for kind, effect in (("month_out", "dropped"), ("month_in", "added")):
            of_kind = [each for each in moved if each["part"] == part and each["kind"] == kind]
            if of_kind:
                parts.append(f"{_months(of_kind, latest, with_amounts)}{where} {effect}")
    if restated := [each for each in moved if each["kind"] == "restatement"]:
        hidden = shown["printed_restated"] == shown["printed_before"]
        effect = "too little to show" if hidden else f"which alone would print {shown['printed_restated']}"
        parts.append(f"{_months(restated, latest, with_amounts=False)} restated, {effect}")
    return f"{head}: {'; '.join(parts)}." if parts else f"{head}: no month was added or restated."


def _months(moved: list[dict], latest: dict, with_amounts: bool) -> str:
    """The months by name, with what they hold where the figure is made of counts or money; a long span as a span."""
    values = {each["month"]: each["value"] if each["value_before"] is None else each["value_before"] for each in moved}
    of_months = sorted(values)
    if len(of_months) > NAMED:
        return f"{display.window_label(of_months[0], of_months[-1])} ({len(of_months)} months)"
    return ", ".join(
        display.month_label(month)
        + (f" ({_amount(values[month], latest)})" if with_amounts and values[month] is not None else "")
        for month in of_months
    )


def _amount(value: float | None, latest: dict) -> str:
    money = latest["unit"] in MONEY
    return display.printed(value, latest["unit"] if money else "number", None, latest["decimals"] if money else 0)
