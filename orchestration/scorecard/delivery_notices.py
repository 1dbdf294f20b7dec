"""Alerts about deliveries: what is overdue, gone, changed, quarantined, rejected, or waits to replace another."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from orchestration import months
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.declarations import HOW_OFTEN, Extract, due, must_reach
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard import display

NOT_EFFECTIVE = ("quarantined", "partly loaded", "rejected")
NOT_THERE = ("no delivery", "incomplete")
NAMED = 3  # more deliveries than these are counted, not named


def of_month(report_month: date, deliveries: pl.DataFrame, known_months: set[tuple]) -> Iterator[dict]:
    """The alerts of a report month: kind, extract, delivery_month and message. `known_months`: see notices."""
    yield from overdue(report_month, deliveries, known_months)
    yield from waiting(deliveries.filter(pl.col("delivery_month") <= report_month))


def waiting(deliveries: pl.DataFrame) -> Iterator[dict]:
    """The alerts of deliveries of which nothing, or not all, counts until a person does something."""
    for row in deliveries.sort("extract", "delivery_month").iter_rows(named=True):
        for kind, message in _of_delivery(row):
            yield {"kind": kind, "message": message} | {name: row[name] for name in ("extract", "delivery_month")}


def overdue(report_month: date, deliveries: pl.DataFrame, known_months: set[tuple]) -> Iterator[dict]:
    """The alerts of extracts whose deliveries are expected by now and not there, nor made up for by a later one."""
    by_month = {(row["extract"], row["delivery_month"]): row for row in deliveries.iter_rows(named=True)}
    for extract in EXTRACTS:
        effective = [
            month
            for (name, month), row in by_month.items()
            if name == extract.name and month <= report_month and row["status"] in EFFECTIVE
        ]
        last = max(effective, default=None)
        missing = [
            month
            for month in months.between(extract.first, report_month)
            if due(extract, month)
            and (row := by_month.get((extract.name, month), {"status": NOT_THERE[0]}))["status"] in NOT_THERE
            and not _is_gone(row)
            and not (last and last > month and _made_up_for(extract, month, report_month, known_months))
        ]
        if missing:
            before = f"the last that counts is of {display.month_label(last)}" if last else "none ever came"
            promised = f"though one is due {HOW_OFTEN[extract.cadence]}; {before}; have it sent"
            yield {
                "kind": "overdue",
                "extract": extract.name,
                "delivery_month": missing[0],
                "message": f"overdue: no delivery for {_named(missing)}, {promised}",
            }


def _made_up_for(extract: Extract, month: date, report_month: date, known_months: set[tuple]) -> bool:
    """Whether later deliveries brought what that of the month owed. A comment of last month is owed no more."""
    return not extract.dated or (report_month, extract.name, must_reach(extract, month)) in known_months


def _is_gone(row: dict) -> bool:
    """Whether a delivery that once counted is there no more, which the list of deliveries gives as the reason."""
    return row["status"] == "no delivery" and bool(row.get("reason"))


def _of_delivery(row: dict) -> Iterator[tuple[str, str]]:
    """The kinds and messages of one delivery: until a person does something, nothing of it counts."""
    month = display.month_label(row["delivery_month"])
    if _is_gone(row):
        yield "gone", row["reason"]
    if row.get("not_used"):
        yield "not_used", row["not_used"]
    if row["status"] in NOT_EFFECTIVE:
        kind = "rejected" if row["status"] == "rejected" else "quarantined"
        advice = _advice(row["status"], row["file"])
        yield kind, f"{row['status']}: the delivery for {month}: {row['reason']}; {advice}"
    if waits := row.get("waiting_status"):
        stays = "the delivery published before stays effective"
        advice = _advice(waits, row["waiting_file"])
        yield "waiting", f"a replacement for {month} waits: {waits}: {row['waiting_reason']}; {stays}; {advice}"


def _advice(status: str, file: str | None) -> str:
    if status in ("quarantined", "partly loaded"):
        return f'have a corrected file sent, or vouch for it: make accept FILE={file} REASON="..."'
    return "run again once it is complete" if status == "incomplete" else "have a corrected file sent"


def _named(of_months: list[date]) -> str:
    """The months by name, a long row of them as a span."""
    if len(of_months) > NAMED:
        return f"{display.window_label(of_months[0], of_months[-1])} ({len(of_months)} deliveries)"
    return display.listed([display.month_label(month) for month in of_months])
