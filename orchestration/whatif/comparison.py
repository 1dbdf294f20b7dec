"""Comparison of two versions of the same cards, cell by cell. Pure rules."""

from collections.abc import Mapping

import polars as pl

# the tables scorecard and figures, of the same report months
Cards = Mapping[str, pl.DataFrame]

LETTER, LATEST, WHY = "letter", "latest", "why"
# the cells of a line and their names here, in order; the figures that its comment names follow
CELLS = {
    "section": "section",
    "title": "indicator",
    "codes": "codes",
    "status": LETTER,
    "status_reason": WHY,
    "target_text": "target",
    "latest": LATEST,
    "period": "period",
}
IN_A_CELL = ("latest", "target")  # figures that cells already show
KEY = ["report_month", "line", "what"]


def changes(published: Cards, would_be: Cards) -> pl.DataFrame:
    """One row per cell that differs: report_month, line, what, published, would_be; null where a side lacks it.

    The reason for a letter only where the letter changes.
    """
    sides = _cells(published), _cells(would_be)
    both = sides[0].join(sides[1], on=KEY, how="full", coalesce=True, suffix="_then")
    differing = both.filter(pl.col("printed").ne_missing(pl.col("printed_then")))
    of_letters = differing.filter(what=LETTER).select("report_month", "line")
    others = differing.filter(pl.col("what") != WHY)
    why = differing.filter(what=WHY).join(of_letters, on=["report_month", "line"], how="semi")
    return (
        pl.concat([others, why])
        .sort(
            "report_month",
            pl.coalesce("position_then", "position"),
            "line",
            pl.coalesce("place", "place_then"),
            "what",
        )
        .select(*KEY, published="printed", would_be="printed_then")
    )


def summary(differing: pl.DataFrame) -> str:
    """The number of letters, figures and cells that would change, in a sentence."""
    if differing.is_empty():
        return "Nothing would change."
    cells = differing.filter(pl.col("what") != WHY)
    words = [name for name in CELLS.values() if name not in (LETTER, LATEST)]
    numbers = {
        "letter": cells.filter(what=LETTER).height,
        "figure": cells.filter(~pl.col("what").is_in([LETTER, *words])).height,
        "other cell": cells.filter(pl.col("what").is_in(words)).height,
    }
    *first, last = [f"{number} {name}{'' if number == 1 else 's'}" for name, number in numbers.items() if number]
    counts = f"{', '.join(first)} and {last}" if first else last
    cards = cells["report_month"].n_unique()
    return f"{counts} on {cards} card{'' if cards == 1 else 's'} would change."


def _cells(cards: Cards) -> pl.DataFrame:
    """Every cell of the cards and every figure that no cell shows, one row each, with its place."""
    key = ["report_month", "position", "line"]
    lines = cards["scorecard"].select(*key, *(pl.col(column).alias(what) for column, what in CELLS.items()))
    cells = lines.unpivot(index=key, variable_name="what", value_name="printed")
    figures = cards["figures"].filter(~pl.col("name").is_in(IN_A_CELL)).rename({"name": "what"})
    figures = figures.join(lines.select(key), on=["report_month", "line"], how="left")
    places = {what: place for place, what in enumerate(CELLS.values())}
    return pl.concat([cells, figures.select(cells.columns)]).with_columns(
        place=pl.col("what").replace_strict(places, default=len(places), return_dtype=pl.Int32)
    )
