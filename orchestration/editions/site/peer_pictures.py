"""The charts of a line's rankings: the force among its peers, best first."""

from statistics import median
from typing import Any

import polars as pl

from orchestration.editions import charts
from orchestration.editions.content import Card
from orchestration.editions.site.picture import Picture
from orchestration.explain import words
from orchestration.scorecard import display

NAMED = 12  # forces that a chart can name


def of_rankings(card: Card, row: dict) -> list[Picture]:
    """The force among its peers, best first: one chart a ranking."""
    of_line = card.tables["peers"].filter(pl.col("line") == row["line"])
    own = set(card.tables["areas"].filter(kind="force")["area"])
    found = []
    for (_, group), ranking in of_line.group_by("name", "peer_group", maintain_order=True):
        ranked = ranking.filter(pl.col("value").is_not_null()).sort("place", "force")
        if ranked.height < 2:
            continue
        largest: Any = ranked["value"].abs().max()
        unit = "percent" if row["unit"] in ("percent", "points") and largest <= 1 else "number"
        places = 1 if unit == "percent" else 2
        forces = [
            {"rank": rank, "force": it["force"], "value": it["value"], "own": "own" if it["force"] in own else "other"}
            for rank, it in enumerate(ranked.iter_rows(named=True), start=1)
        ]
        middle = median(it["value"] for it in forces)
        found.append(
            Picture(
                f"Among its peers: {words.name(group)}",
                charts.svg(
                    "peers" if ranked.height <= NAMED else "ranking",
                    {"forces": forces, "median": [{"value": middle}]},
                    **charts.values(unit, places, largest),
                ),
                f"{ranked.height} forces, best first; the median is {display.printed(middle, unit, None, places)}.",
                (("own", "this force"), ("other", "another force"), ("limits", "median")),
                ("Place", "Force", "Value"),
                tuple(
                    (str(it["place"]), it["force"], display.printed(it["value"], unit, None, places))
                    for it in ranked.iter_rows(named=True)
                ),
            )
        )
    return found
