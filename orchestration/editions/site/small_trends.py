"""Figures over two years, as small as a word: of the lines of a card, and of the areas of a line."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
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
    return _drawn(
        card,
        {
            row["line"]: _Series(
                card.history(row["line"]),
                row["basis"],
                card.shows(row),
                card.targets(row),
                card.targeted_from(row),
                tuple(card.breaks(row)),
            )
            for row in card.rows
            if row["measure"]
        },
    )


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
    return _drawn(card, {area: _Series(list(of_area), "rolling_year", show) for area, of_area in by_area})


def points(known: list[dict], basis: str | None, breaks: Collection[date] = ()) -> list[dict]:
    """The points of a line, each with the number of the run it belongs to; `known` is in the order of its months."""
    runs = enumerate(history.runs([row["month"] for row in known], basis, breaks))
    piece = {month: number for number, run in runs for month in run}
    names = [name for name in ("month", "across", "value", "provisional") if known and name in known[0]]
    return [{name: row[name] for name in names} | {"piece": piece[row["month"]]} for row in known]


class _Series(NamedTuple):
    """What a small trend shows: a figure by month, and its targets from the month on that they judge."""

    known: list[dict]
    basis: str | None
    show: Callable[[float], str]
    targets: Sequence[float] = ()
    targeted_from: date | None = None
    breaks: tuple[date, ...] = ()


def _drawn(card: Card, series: dict[str, _Series]) -> dict[str, Trend]:
    shown, words = {}, {}
    for name, one in series.items():
        of_two_years = history.two_years(one.known, card.report_month)
        if len(of_two_years) > 1:
            shown[name] = {
                "points": points(of_two_years, one.basis, one.breaks),
                "targets": one.targets if one.targeted_from else (),
                "from": one.targeted_from and history.across(one.targeted_from, card.report_month),
            }
            words[name] = history.course(history.alike(of_two_years, one.breaks), one.show)
    drawings = charts.small(list(shown.values()))
    return {name: Trend(Markup(drawing), sentence(words[name])) for name, drawing in zip(shown, drawings, strict=True)}
