"""The two charts of a line's months: the figure as each month's card would have said it, and each month by itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl

from orchestration.editions import charts, history
from orchestration.editions.content import Card
from orchestration.editions.site import small_trends
from orchestration.editions.site.picture import Picture, provisional
from orchestration.scorecard import display, shortfall
from orchestration.scorecard.display import month_label
from orchestration.scorecard.explanations.trend_words import unit_of_months

LATEST = 48  # months that a chart shows at most
A_PART_OF_THE_YEAR = "year_to_date"


def of_the_figure(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The figure as each month's card would have said it, with the target and the band of amber."""
    known = history.known(card, row["line"]).tail(LATEST)
    if known.height < 2:
        return None
    unit, places = row["unit"], indicator["decimals"] or 0
    band, target = [], None
    key = [("line", "the figure")]
    if row["target"] is not None:
        target = display.printed(row["target"], unit)
        limit = _amber_limit(row, indicator)
        band = [{"target": row["target"], "limit": limit}]
        key.append(("target", f"target {target}"))
        if limit != row["target"]:
            key.append(("amber", "amber: short of the target within the tolerance"))
    points = small_trends.points(known.to_dicts(), row["basis"])
    if known["provisional"].any():
        key.append(("provisional", "provisional"))

    def show(value: float) -> str:
        return display.printed(value, unit, indicator["sign"], places)

    return Picture(
        "Year to date, month by month" if row["basis"] == A_PART_OF_THE_YEAR else "The figure, month by month",
        charts.svg(
            "history",
            {"points": points, "last": points[-1:], "band": band},
            **charts.values(unit, places, known["value"].abs().max()),
            **charts.months(known["month"].to_list()),
        ),
        _course(known, show) + (f" The target is {target}." if target else ""),
        tuple(key),
        ("Month", "Figure"),
        tuple((month_label(it["month"]), show(it["value"]) + provisional(it)) for it in known.iter_rows(named=True)),
    )


def of_months(card: Card, row: dict, indicator: dict) -> Picture | None:
    """Each month by itself as a bar, with its XmR limits; None where there are none, which is no control chart."""
    known = card.tables["trends"].filter((pl.col("line") == row["line"]) & pl.col("value").is_not_null()).tail(LATEST)
    if known.height < 2 or known["lower_limit"].is_null().all():
        return None
    size = known["centre"].drop_nulls()
    unit, places = unit_of_months(indicator["kind"], row["unit"], indicator["decimals"], size[-1] if len(size) else 1)

    def show(value: float | None) -> str:
        return "" if value is None else display.printed(value, unit, None, places)

    points = known.select("month", "value", cause=pl.col("special_cause").fill_null("common")).to_dicts()
    limits = known.group_by("segment_from", maintain_order=True).agg(
        pl.col("month").min().alias("from"),
        pl.col("month").max().dt.offset_by("1mo").alias("to"),
        pl.col("centre").last(),
        pl.col("lower_limit").last().alias("lower"),
        pl.col("upper_limit").last().alias("upper"),
    )
    said = (card.stories[row["line"]].get("trend") or {}).get("says")
    causes = {it["cause"] for it in points}
    return Picture(
        "Each month by itself",
        charts.svg(
            "months" if _bars_can_show(unit, known) else "month_points",
            {"points": points, "limits": limits.drop_nulls("lower").to_dicts()},
            **charts.values(unit, places, known["value"].abs().max()),
            **charts.months(known["month"].to_list()),
        ),
        said or _course(known, show),
        (
            ("bar", "a month"),
            *([("improvement", "more than chance, for the better")] if "improvement" in causes else []),
            *([("concern", "more than chance, for the worse")] if "concern" in causes else []),
            ("mean", "mean"),
            ("limits", "XmR limits: chance stays between them"),
        ),
        ("Month", "Value", "Mean", "Lower limit", "Upper limit", "More than chance"),
        tuple(
            (
                month_label(it["month"]),
                show(it["value"]) + provisional(it),
                show(it["centre"]),
                show(it["lower_limit"]),
                show(it["upper_limit"]),
                it["special_cause"] or "",
            )
            for it in known.iter_rows(named=True)
        ),
    )


def _bars_can_show(unit: str, known: pl.DataFrame) -> bool:
    """Bars begin at zero: shares far from it, as of satisfaction, would all look the same, and points are drawn."""
    lower: Any = known["lower_limit"].min()
    upper: Any = known["upper_limit"].max()
    return unit not in ("percent", "points") or lower is None or bool(lower < upper / 2)


def _amber_limit(row: dict, indicator: dict) -> float:
    """The value at which amber turns red; the target itself where no letter is given."""
    if indicator["amber_tolerance"] is None:
        return row["target"]
    target, tolerance = Decimal(repr(row["target"])), Decimal(repr(indicator["amber_tolerance"]))
    of_a_change = indicator["kind"] == "percentage_change"
    return float(shortfall.value_at(tolerance, target, indicator["direction"], of_a_change))


def _course(known: pl.DataFrame, show: Callable[[float], str]) -> str:
    said = history.in_words(dict(known.select("month", "value").iter_rows()), show)
    return f"{said[0].upper()}{said[1:]}."
