"""A line by area: the figure of each, with the sums and the effect behind it, and two years as a small trend."""

from functools import lru_cache

import polars as pl

from orchestration.editions.content import Card
from orchestration.editions.site import addresses, small_trends
from orchestration.explain import numbers
from orchestration.scorecard.kinds import CHANGES, over_window

LINES_KEPT = 64  # more than a card has: both the line's page and those of its areas show them


@lru_cache(maxsize=LINES_KEPT)
def of_line(card: Card, line: str) -> list[dict]:
    """The areas by their effect on the figure since the year before; empty where the line has none.

    Each has area, file, value, figure (as printed), before, now, effect and trend; `known` is whether its sums are, and
    `missing` says why there is no value. Those that are no part of the whole (`unallocated`) come last.
    """
    of_areas = card.tables["area_contributions"].filter(pl.col("line") == line)
    if of_areas.is_empty():
        return []
    (row,) = (row for row in card.rows if row["line"] == line)
    trends, show, suppressed = small_trends.of_areas(card, row), card.shows(row), card.suppressed_areas(row)
    files, story = addresses.of_areas(card.tables["areas"]["area"]), card.stories[line]
    unallocated = pl.col("area").is_in(card.tables["areas"].filter(kind="unallocated")["area"].implode())
    by_effect = of_areas.with_columns(unallocated.alias("unallocated")).sort(
        "unallocated", pl.col("contribution").abs(), "area", descending=[False, True, False], nulls_last=True
    )
    found = []
    for it in by_effect.with_columns(pl.col(pl.Decimal).cast(pl.Float64)).iter_rows(named=True):
        value = _value(it, card.indicators[line]["kind"], row["months_expected"])
        found.append(
            {
                "area": it["area"],
                "file": files[it["area"]],
                "unallocated": it["unallocated"],
                "value": value,
                "figure": None if value is None else show(value),
                "missing": "suppressed" if it["area"] in suppressed else "not known",
                "known": it["numerator"] is not None,
                "before": numbers.ratio(it, suffix="_a_year_before"),
                "now": numbers.ratio(it),
                "effect": numbers.effect(it["contribution"], story),
                "trend": trends.get(it["area"]),
            }
        )
    return found


def _value(sums: dict, kind: str, of_months: int) -> float | None:
    if sums["numerator"] is None or (kind in CHANGES and sums["numerator_a_year_before"] is None):
        return None
    before = (sums["numerator_a_year_before"], sums["denominator_a_year_before"])
    return over_window(kind, sums["numerator"], sums["denominator"], before, of_months)
