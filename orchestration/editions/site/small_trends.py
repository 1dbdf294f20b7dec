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

SMALLEST_COUNT = 2  # a value below it is a share or a rate


class Trend(NamedTuple):
    """A small trend: its drawing, and in words for who cannot see it."""

    drawing: Markup
    words: str


def of_lines(card: Card) -> dict[str, Trend]:
    """By line, its figure with its target dashed; nothing where there are not two months of it."""
    return _drawn(
        card,
        {
            row["line"]: (card.history(row["line"]), row["basis"], card.targets(row), card.shows(row))
            for row in card.rows
            if row["measure"]
        },
    )


def of_areas(card: Card, row: dict) -> dict[str, Trend]:
    """By area, its rolling year: of ratios the rate, of counts the sum."""
    complete = card.tables["rolling_year"].filter(
        (pl.col("measure") == row["measure"])
        & pl.col("numerator").is_not_null()
        & (pl.col("months_present") == pl.col("months_expected"))
    )
    # as floats first: decimals would keep few places of a rate
    numerator, denominator = (pl.col(name).cast(pl.Float64) for name in ("numerator", "denominator"))
    value = pl.coalesce(numerator / denominator, numerator)
    rows = complete.select("area", "month", value.alias("value"), "provisional").sort("area", "month").to_dicts()
    by_area = groupby(rows, key=itemgetter("area"))
    return _drawn(card, {area: (list(of_area), "rolling_year", [], _shown) for area, of_area in by_area})


def points(known: list[dict], basis: str | None) -> list[dict]:
    """The points of a line, each with the number of the run it belongs to; `known` is in the order of its months."""
    runs = enumerate(history.runs([row["month"] for row in known], basis))
    piece = {month: number for number, run in runs for month in run}
    names = [name for name in ("month", "across", "value", "provisional") if known and name in known[0]]
    return [{name: row[name] for name in names} | {"piece": piece[row["month"]]} for row in known]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= SMALLEST_COUNT else f"{value:.3g}"


def _drawn(
    card: Card, series: dict[str, tuple[list[dict], str | None, list[float], Callable[[float], str]]]
) -> dict[str, Trend]:
    shown, words = {}, {}
    for name, (known, basis, targets, show) in series.items():
        of_two_years = history.two_years(known, card.report_month)
        if len(of_two_years) > 1:
            shown[name] = {"points": points(of_two_years, basis), "targets": targets}
            words[name] = history.course(of_two_years, show)
    drawings = charts.small(list(shown.values()))
    return {name: Trend(Markup(drawing), sentence(words[name])) for name, drawing in zip(shown, drawings, strict=True)}
