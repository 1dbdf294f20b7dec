"""The definitions of measures: which of a measure's dated rows applies to a card, and whether its review is overdue."""

from datetime import date

import polars as pl


def effective(definitions: pl.DataFrame, report_month: date) -> dict[str, dict]:
    """By measure, its last row of the catalogue's `definitions` that begins by the report month."""
    begun = definitions.filter(pl.col("from_month").is_null() | (pl.col("from_month") <= report_month))
    rows = begun.sort("from_month", nulls_last=False).iter_rows(named=True)
    return {row["measure"]: row for row in rows}  # the last one stays


def with_rate_unit(indicators: pl.DataFrame, definitions: pl.DataFrame) -> pl.DataFrame:
    """The indicators of report months with `rate_unit`: what their measure is a rate per; null where it is none."""
    known = {month: effective(definitions, month) for month in indicators["report_month"].unique()}
    units = [
        known[month].get(measure, {}).get("unit")
        for month, measure in indicators.select("report_month", "measure").iter_rows()
    ]
    return indicators.with_columns(rate_unit=pl.Series(units, dtype=pl.String))


def overdue(definition: dict, report_month: date) -> bool:
    """Whether a definition should have been reviewed again by the end of the report month."""
    due: date = definition["review_due"]
    return due <= report_month
