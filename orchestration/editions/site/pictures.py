"""A chart on the page of a line, with its words and numbers; and the two charts of a line by month."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter

from orchestration import months
from orchestration.editions import charts, history
from orchestration.editions.content import Card
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
    data: Sequence[dict]


def columns(rows: Sequence[dict], *names: str) -> list[dict]:
    """These columns of rows: the numbers of a chart."""
    return [{name: row[name] for name in names} for row in rows]


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
    points = _points(known, row["basis"], breaks)
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
        columns(known, "month", "value", "provisional"),
    )


def of_months(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The control chart: each month as a bar, with XmR limits; None where there are none."""
    rows = card.history(row["line"], "trends")[-MOST_MONTHS:]
    if len(rows) < 2 or all(it["lower_limit"] is None for it in rows):
        return None
    centres = [it["centre"] for it in rows if it["centre"] is not None]
    unit = unit_of_sums(indicator["kind"], row["unit"], indicator["rate_unit"])
    places = display.places(centres[-1] if centres else 1, unit, indicator["decimals"])
    points = [{"month": it["month"], "value": it["value"], "cause": it["special_cause"] or "common"} for it in rows]
    segments = [list(of_segment) for _, of_segment in groupby(rows, key=itemgetter("segment_from"))]
    limits = [
        {
            "from": its[0]["month"],
            "to": months.shift(its[-1]["month"], 1),
            "centre": its[-1]["centre"],
            "lower": its[-1]["lower_limit"],
            "upper": its[-1]["upper_limit"],
        }
        for its in segments
        if its[-1]["lower_limit"] is not None
    ]
    causes = {it["cause"] for it in points}
    apart = min(months.difference(*pair) for pair in pairwise(it["month"] for it in rows))
    point = "quarter" if apart >= QUARTER else "month"

    def show(value: float | None) -> str:
        return "" if value is None else display.with_unit(value, unit, None, places)

    return Picture(
        f"{point.capitalize()}ly control chart",
        card.axis(unit, row["measure"]),
        charts.svg(
            "months" if _bars_can_show(unit, rows) else "month_points",
            {"points": points, "limits": limits},
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
        columns(rows, "month", "value", "centre", "lower_limit", "upper_limit", "special_cause", "provisional"),
    )


def _points(known: list[dict], basis: str | None, breaks: Collection[date]) -> list[dict]:
    """The points of a line, each with the number of the run that it belongs to."""
    runs = enumerate(history.runs([row["month"] for row in known], basis, breaks))
    piece = {month: number for number, run in runs for month in run}
    return [it | {"piece": piece[it["month"]]} for it in columns(known, "month", "value", "provisional")]


def _marks(breaks: dict[date, str]) -> list[dict]:
    """The data set `breaks` of a chart."""
    return [{"month": month} for month in breaks]


def _axes(rows: list[dict], unit: str, places: int) -> dict[str, object]:
    """Both axes of a chart of months."""
    largest = max(abs(row["value"]) for row in rows)
    return charts.values(unit, places, largest) | charts.months([row["month"] for row in rows])


def _provisional(row: dict) -> str:
    return " (provisional)" if row["provisional"] else ""


def _bars_can_show(unit: str, rows: list[dict]) -> bool:
    """Bars begin at zero: shares far from it, as of satisfaction, would all look the same, and points are drawn."""
    limits = [(it["lower_limit"], it["upper_limit"]) for it in rows if it["lower_limit"] is not None]
    lower, upper = min(low for low, _ in limits), max(high for _, high in limits)
    return unit not in ("percent", "points") or lower < upper / 2
