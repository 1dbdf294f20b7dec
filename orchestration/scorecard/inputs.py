"""What the tables that come back from dbt may hold, as pandera schemas: types, ranges, words.

Keys, relations and identities inside the warehouse are dbt's data tests; this is the border where tables leave it.
"""

import pandera.polars as pa
import polars as pl

from orchestration.scorecard.columns import rule
from orchestration.scorecard.display import SIGNS, UNITS
from orchestration.scorecard.kinds import BASES, STATISTICS

VALUE, NO_VALUE = pl.col("value"), pl.col("value").is_null()
NO_SUMS = pl.col("numerator").is_null() & pl.col("denominator").is_null()


def _window(most_months: int) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            "report_month": pa.Column(pl.Date),
            "measure": pa.Column(pl.String),
            "area": pa.Column(pl.String),
            "month": pa.Column(pl.Date),
            "data_from": pa.Column(pl.Date),
            "numerator": pa.Column(pl.Decimal(18, 2), nullable=True),
            "denominator": pa.Column(pl.Decimal(18, 2), nullable=True),
            "months_present": pa.Column(pl.Int32, pa.Check.in_range(0, most_months)),
            "months_expected": pa.Column(pl.Int32, pa.Check.in_range(1, most_months)),
            "provisional": pa.Column(pl.Boolean),
        },
        checks=[
            rule("an incomplete window is null", (pl.col("months_present") == pl.col("months_expected")) | NO_SUMS),
            rule("a part is no more than its whole", (pl.col("numerator") <= pl.col("denominator")).fill_null(True)),
            rule("a window runs forward", pl.col("data_from") <= pl.col("month")),
            rule("no month after the report month", pl.col("month") <= pl.col("report_month")),
        ],
        strict=True,
    )


FIGURE_VALUES = pa.DataFrameSchema(
    {
        "report_month": pa.Column(pl.Date),
        "financial_year": pa.Column(pl.String, pa.Check.str_matches(r"^\d{4}/\d{2}$")),
        "line": pa.Column(pl.String),
        "name": pa.Column(pl.String, pa.Check.str_matches(r"^[a-z][a-z0-9_]*$")),
        "statistic": pa.Column(pl.String, pa.Check.isin(STATISTICS)),
        "basis": pa.Column(pl.String, pa.Check.isin(BASES), nullable=True),
        "data_to": pa.Column(pl.Date, nullable=True),
        "value": pa.Column(pl.Float64, nullable=True),
        "out_of": pa.Column(pl.Int32, pa.Check.ge(1), nullable=True),
        "unit": pa.Column(pl.String, pa.Check.isin(list(UNITS))),
        "sign": pa.Column(pl.String, pa.Check.isin([name for name in SIGNS if name]), nullable=True),
        "decimals": pa.Column(pl.Int32, pa.Check.in_range(0, 6), nullable=True),
        "months_present": pa.Column(pl.Int32, pa.Check.ge(0), nullable=True),
        "months_expected": pa.Column(pl.Int32, pa.Check.ge(1), nullable=True),
        "missing_reason": pa.Column(pl.String, nullable=True),
    },
    checks=[
        rule("a value is a number", NO_VALUE | VALUE.is_finite()),
        rule(
            "a percentage lies between 0 and 100",
            (pl.col("statistic") != "percentage") | NO_VALUE | VALUE.is_between(0, 1),
        ),
        rule(
            "nothing falls by more than 100%",
            (pl.col("statistic") != "percentage_change") | NO_VALUE | (VALUE >= -1),
        ),
        rule(
            "n-th of m and k of n stay within their whole",
            ~pl.col("statistic").is_in(["rank", "k_of_n"]) | NO_VALUE | (pl.col("out_of") >= VALUE).fill_null(False),
        ),
    ],
)

SCHEMAS = {
    "rolling_year": _window(12),
    "year_to_date": _window(12),
    "quarter": _window(3),
    "figure_values": FIGURE_VALUES,
}
