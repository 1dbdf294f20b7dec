"""Figures over two years, as small as a word: of the lines of a card, and of the areas of a line."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from orchestration.editions import charts, history
from orchestration.editions.content import Card
from orchestration.explain.words import sentence
from orchestration.scorecard import display
from orchestration.scorecard.kinds import unit_of_sums


class Trend(NamedTuple):
    """A small trend: its drawing, and in words for who cannot see it."""

    drawing: Markup
    words: str


def of_lines(card: Card) -> dict[str, Trend]:
    """By line, its figure with its target dashed; nothing where there are not two months of it."""
    return _drawn({row["line"]: (card.trend(row), card.shows(row)) for row in card.rows if row["measure"]})


def of_areas(card: Card, row: dict) -> dict[str, Trend]:
    """By area and region, its rolling year: of ratios the rate, of counts the sum."""
    windows = card.tables["rolling_year"].filter(pl.col("months_present") == pl.col("months_expected"))
    if (of_regions := card.tables.get("region_windows")) is not None:
        of_regions = of_regions.filter(basis="rolling_year").rename({"region": "area"})
        windows = pl.concat([windows, of_regions.drop("basis")], how="diagonal")
    complete = windows.filter((pl.col("measure") == row["measure"]) & pl.col("numerator").is_not_null())
    # as floats first: decimals would keep few places of a rate
    sums = {name: pl.col(name).cast(pl.Float64) for name in ("numerator", "denominator")}
    means = {part: sums[part] / pl.col("months_expected") for part in card.averaged(row["measure"])}
    numerator, denominator = (sums | means).values()
    value = pl.coalesce(numerator / denominator, numerator)
    rows = complete.select("area", "month", value.alias("value"), "provisional").sort("area", "month").to_dicts()
    indicator = card.indicators[row["line"]]
    unit = unit_of_sums(indicator["kind"], row["unit"], indicator["rate_unit"])

    def show(value: float) -> str:
        whole = unit == "number" and value == round(value)
        return display.with_unit(value, unit, None, 0 if whole else display.places(value, unit, indicator["decimals"]))

    by_area = groupby(rows, key=itemgetter("area"))
    return _drawn({area: (history.trend(list(its), card.report_month, "rolling_year"), show) for area, its in by_area})


def _drawn(trends: dict[str, tuple[history.Trend | None, Callable[[float], str]]]) -> dict[str, Trend]:
    shown = {name: (it, show) for name, (it, show) in trends.items() if it and sum(map(len, it.runs)) > 1}
    drawings = charts.small([it for it, _ in shown.values()]) if shown else []
    return {
        name: Trend(Markup(drawing), sentence(history.course(it.months, show)))
        for (name, (it, show)), drawing in zip(shown.items(), drawings, strict=True)
    }
