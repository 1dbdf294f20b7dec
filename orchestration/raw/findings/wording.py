"""Figures, months and lists as messages write them."""

from collections.abc import Sequence
from datetime import date

import polars as pl

LISTED = 3


def listed(sentences: Sequence[str]) -> str:
    """The first three, and how many more there are."""
    more = f" ... and {len(sentences) - LISTED} more" if len(sentences) > LISTED else ""
    return "; ".join(sentences[:LISTED]) + more


def row_count(rows: pl.DataFrame) -> str:
    """`1 row`, or `224 rows`."""
    return "1 row" if rows.height == 1 else f"{rows.height} rows"


def number(figure: float) -> str:
    """A figure as it is printed in a sentence."""
    return f"{figure:,.0f}" if abs(figure) >= 1000 or figure == int(figure) else f"{figure:.4g}"


def month_span(found: list[date]) -> str:
    """Months as `2009-07`, or as `2008-08 to 2009-07`."""
    first, last = min(found), max(found)
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"
