"""Figures over two years, as small as a word: of the lines of a card, and of the areas of a line."""

from itertools import groupby
from operator import itemgetter

import polars as pl

from orchestration.editions import charts, history
from orchestration.editions.content import Card


def of_lines(card: Card) -> dict[str, str]:
    """By line, its figure with its target dashed; nothing where there are not two months of it."""
    measured = [row for row in card.rows if row["measure"]]
    return _drawn({row["line"]: (card.history(row["line"]), row["basis"], row["target"]) for row in measured})


def of_areas(card: Card, row: dict) -> dict[str, str]:
    """By area, its rolling year: of ratios the rate, of counts the sum."""
    complete = card.tables["rolling_year"].filter(
        (pl.col("measure") == row["measure"])
        & pl.col("numerator").is_not_null()
        & (pl.col("months_present") == pl.col("months_expected"))
    )
    value = pl.coalesce(pl.col("numerator") / pl.col("denominator"), pl.col("numerator")).cast(pl.Float64)
    rows = complete.select("area", "month", value.alias("value"), "provisional").sort("area", "month").to_dicts()
    by_area = groupby(rows, key=itemgetter("area"))
    return _drawn({area: (list(of_area), "rolling_year", None) for area, of_area in by_area})


def points(known: list[dict], basis: str | None) -> list[dict]:
    """The points of a line, each with the number of the run it belongs to; `known` is in the order of its months."""
    runs = enumerate(history.runs([row["month"] for row in known], basis))
    piece = {month: number for number, run in runs for month in run}
    return [
        {name: row[name] for name in ("month", "value", "provisional")} | {"piece": piece[row["month"]]}
        for row in known
    ]


def _drawn(series: dict[str, tuple[list[dict], str | None, float | None]]) -> dict[str, str]:
    shown = {
        name: {"points": points(history.last_two_years(known), basis), "target": target}
        for name, (known, basis, target) in series.items()
        if len(known) > 1
    }
    return dict(zip(shown, charts.small(list(shown.values())), strict=True))
