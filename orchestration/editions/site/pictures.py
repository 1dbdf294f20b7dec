"""A chart on the page of a line, with its words and numbers; and the two charts of a line by month."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from orchestration import months
from orchestration.editions import charts, history
from orchestration.editions.content import Card
from orchestration.editions.site import small_trends
from orchestration.explain.words import explanation, sentence
from orchestration.scorecard import display
from orchestration.scorecard.display import month_label
from orchestration.scorecard.explanations.trend_words import RULE_SET
from orchestration.scorecard.kinds import unit_of_sums
from orchestration.scorecard.shortfall import amber_limits, printed_target
from orchestration.scorecard.units import UNITS

MOST_MONTHS = 48  # that a chart shows
QUARTER = 3


@dataclass(frozen=True)
class Picture:
    """A chart: its title and unit, the drawing, a text for who cannot see it, its numbers as a table and unrounded."""

    title: str
    unit: str
    drawing: str
    text: str
    key: tuple[tuple[str, str], ...]  # how a mark looks (a class of the style sheet), and what it stands for
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    data: pl.DataFrame


def of_the_figure(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The figure as printed on each month's card, with the target and the band of amber."""
    known = card.history(row["line"])[-MOST_MONTHS:]
    if len(known) < 2:
        return None
    unit, places = row["unit"], indicator["decimals"] or 0
    key, band, with_target = [("line", "the figure")], [], ""
    begins = card.targeted_from(row)
    if begins and begins <= known[-1]["month"]:
        target = printed_target(indicator) + UNITS[unit].noun
        with_target = f" The target is {target}."
        since, to = max(begins, known[0]["month"]), months.shift(known[-1]["month"], 1)
        band = [
            {"target": float(end), "limit": float(limit), "from": since, "to": to}
            for end, limit in amber_limits(indicator)
        ]
        key.append(("target", f"target {target}"))
        if any(it["limit"] != it["target"] for it in band):
            key.append(("amber", "amber: short of the target within the tolerance"))
    breaks = {month: reason for month, reason in card.breaks(row).items() if known[0]["month"] < month}
    points = small_trends.points(known, row["basis"], breaks)
    if any(it["provisional"] for it in known):
        key.append(("provisional", "provisional"))
    if breaks:
        key.append(("break", "counting rules changed"))
    changed = "".join(
        f" From {month_label(month)} on it is counted by other rules: {breaks[month]}." for month in breaks
    )

    # a sum over the months of a year is a length, which begins at zero
    zero = charts.zero(unit) if row["basis"] in history.OF_A_YEAR else []

    def show(value: float) -> str:
        return display.with_unit(value, unit, indicator["sign"], places)

    return Picture(
        "Year to date, month by month" if row["basis"] == "year_to_date" else "The figure, month by month",
        card.axis(unit, row["measure"], indicator["kind"] == "monthly_average"),
        charts.svg(
            "history",
            {"points": points, "last": points[-1:], "band": band, "zero": zero, "breaks": _marks(breaks)},
            **_axes(known, unit, places),
        ),
        sentence(history.in_words(history.alike(known, breaks), show)) + with_target + changed,
        tuple(key),
        ("Month", "Figure"),
        tuple((month_label(it["month"]), show(it["value"]) + _provisional(it)) for it in known),
        pl.DataFrame(known).select("month", "value", "provisional"),
    )


def of_months(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The control chart: each month as a bar, with XmR limits; None where there are none."""
    known = card.tables["trends"].filter((pl.col("line") == row["line"]) & pl.col("value").is_not_null())
    known = known.tail(MOST_MONTHS)
    if known.height < 2 or known["lower_limit"].is_null().all():
        return None
    size = known["centre"].drop_nulls()
    unit = unit_of_sums(indicator["kind"], row["unit"], indicator["rate_unit"])
    places = display.places(size[-1] if len(size) else 1, unit, indicator["decimals"])
    rows = known.to_dicts()
    points = [{"month": it["month"], "value": it["value"], "cause": it["special_cause"] or "common"} for it in rows]
    limits = known.group_by("segment_from", maintain_order=True).agg(
        pl.col("month").min().alias("from"),
        pl.col("month").max().dt.offset_by("1mo").alias("to"),
        pl.col("centre").last(),
        pl.col("lower_limit").last().alias("lower"),
        pl.col("upper_limit").last().alias("upper"),
    )
    causes = {it["cause"] for it in points}
    point = "quarter" if min(months.difference(*pair) for pair in pairwise(known["month"])) >= QUARTER else "month"

    def show(value: float | None) -> str:
        return "" if value is None else display.with_unit(value, unit, None, places)

    return Picture(
        f"{point.capitalize()}ly control chart",
        card.axis(unit, row["measure"]),
        charts.svg(
            "months" if _bars_can_show(unit, known) else "month_points",
            {"points": points, "limits": limits.drop_nulls("lower").to_dicts()},
            **_axes(rows, unit, places),
        ),
        explanation(card.stories[row["line"]].get("trend")) or sentence(history.in_words(rows, show)),
        (
            ("bar", f"a {point}"),
            *([("improvement", "special cause: improvement")] if "improvement" in causes else []),
            *([("concern", "special cause: concern")] if "concern" in causes else []),
            *([("change", "special cause: a change")] if "change" in causes else []),
            ("mean", "mean"),
            ("limits", f"control limits (XmR, {RULE_SET})"),
        ),
        ("Month", "Value", "Mean", "Lower limit", "Upper limit", "Special cause"),
        tuple(
            (
                month_label(it["month"]),
                show(it["value"]) + _provisional(it),
                *(show(it[name]) for name in ("centre", "lower_limit", "upper_limit")),
                it["special_cause"] or "",
            )
            for it in rows
        ),
        known.select("month", "value", "centre", "lower_limit", "upper_limit", "special_cause", "provisional"),
    )


def _marks(breaks: dict[date, str]) -> list[dict]:
    """The data set `breaks` of a chart."""
    return [{"month": month} for month in breaks]


def _axes(rows: list[dict], unit: str, places: int) -> dict[str, object]:
    """Both axes of a chart of months."""
    largest = max(abs(row["value"]) for row in rows)
    return charts.values(unit, places, largest) | charts.months([row["month"] for row in rows])


def _provisional(row: dict) -> str:
    return " (provisional)" if row["provisional"] else ""


def _bars_can_show(unit: str, known: pl.DataFrame) -> bool:
    """Bars begin at zero: shares far from it, as of satisfaction, would all look the same, and points are drawn."""
    lower, upper = known.select(pl.col("lower_limit").min(), pl.col("upper_limit").max()).row(0)
    return unit not in ("percent", "points") or lower is None or lower < upper / 2
