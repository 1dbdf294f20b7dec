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

    Each has area, kind, region, file, value, figure (as printed), before, now, effect and trend; `known` is whether its
    sums are, and `missing` says why there is no value. Regions come likewise, each before its areas; what lies in no
    area (`unallocated`) comes last.
    """
    of_areas = card.contributions.filter(pl.col("line") == line)
    if of_areas.is_empty():
        return []
    (row,) = (row for row in card.rows if row["line"] == line)
    trends, show, suppressed = small_trends.of_areas(card, row), card.shows(row), card.suppressed_areas(row)
    files, story = addresses.of_areas(card.tables["areas"].to_dicts()), card.stories[line]
    effect, is_region = pl.col("contribution").abs(), pl.col("kind") == "region"
    by_effect = of_areas.sort(
        *(effect.filter(is_region).first().over("region"), "region", ~is_region),
        *(pl.col("kind") == "unallocated", effect, "area"),
        descending=[True, False, False, False, True, False],
        nulls_last=True,
    )
    found = []
    for it in by_effect.iter_rows(named=True):
        value = _value(it, card.indicators[line]["kind"], row["months_expected"])
        found.append(
            {
                "area": it["area"],
                "file": files[it["area"]],
                "kind": it["kind"],
                "region": it["region"],
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
