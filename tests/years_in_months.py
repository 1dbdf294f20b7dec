"""Frames for the tests of explanations: lines of a card, and the months of their measure, written as lists."""

from datetime import date
from decimal import Decimal

import duckdb
import polars as pl

from orchestration import months
from orchestration.scorecard.explanations import years
from tests.conftest import Built

REPORT = date(2009, 1, 1)  # ten months of 2008/09 are gone
YEAR = "2008/09"
INDICATOR = {
    "report_month": REPORT,
    "financial_year": YEAR,
    "position": 1,
    "line": "9",
    "measure": "networks",
    "kind": "total",
    "basis": "rolling_year",
    "direction": "higher_is_better",
    "target": 120.0,
    "amber_tolerance": 0.1,
    "judged_from": None,
    "not_judged": None,
    "unit": "number",
    "sign": None,
    "decimals": 0,
}
INDICATORS = {
    "report_month": pl.Date,
    "financial_year": pl.String,
    "position": pl.Int32,
    **dict.fromkeys(("line", "measure", "kind", "basis", "direction"), pl.String),
    **dict.fromkeys(("target", "target_to", "amber_tolerance"), pl.Float64),
    "judged_from": pl.Date,
    **dict.fromkeys(("phasing", "strict", "not_judged", "unit", "sign"), pl.String),
    "decimals": pl.Int32,
}
MONTHLY = {
    "report_month": pl.Date,
    "measure": pl.String,
    "month": pl.Date,
    "numerator": pl.Decimal(18, 2),
    "denominator": pl.Decimal(18, 2),
    "complete": pl.Boolean,
    "months_covered": pl.Int32,
    "provisional": pl.Boolean,
    "since": pl.Date,
}


def indicators(*different: dict) -> pl.DataFrame:
    """The rows of a card, each as INDICATOR but for what is different."""
    rows = [{"position": place} | INDICATOR | row for place, row in enumerate(different or ({},), start=1)]
    return pl.DataFrame(rows, schema=INDICATORS)


def monthly(first: date, values: list, report_month: date = REPORT, measure: str = "networks", covers: int = 1):
    """A row for each value from the first month on: a number, (numerator, denominator), or None where unknown."""
    rows = []
    for place, value in enumerate(values):
        numerator, denominator = value if isinstance(value, tuple) else (value, None)
        rows.append(
            {
                "report_month": report_month,
                "measure": measure,
                "month": months.shift(first, place),
                "numerator": None if value is None else Decimal(str(numerator)),
                "denominator": None if denominator is None else Decimal(str(denominator)),
                "complete": value is not None,
                "months_covered": 0 if value is None else covers,
                "provisional": False,
                "since": None,
            }
        )
    return pl.DataFrame(rows, schema=MONTHLY)


class Sample:
    """What the built sample has of the frames that explanations are made from."""

    def __init__(self, built: Built):
        self.indicators = built.query("select * from indicators")
        self.figures = built.query("select * from figures")
        self.report_months = built.query(
            "select distinct report_month, financial_year from scorecard order by report_month"
        ).rows()
        with duckdb.connect(str(built.warehouse / "performance.duckdb"), read_only=True) as connection:
            of_months = connection.sql(
                f"select {', '.join(MONTHLY.keys() - {'since'})} from aggregates.measure_months where area in "
                "(select area from reference.areas where kind = 'whole')"
            ).pl()
        self.monthly = years.since_breaks(of_months, built.query("select * from breaks"))
