"""What the tables that come back from dbt may hold, as pandera schemas: types, ranges, words.

Keys, relations and identities inside the warehouse are dbt's data tests; this is the border where tables leave it.
"""

import pandera.polars as pa
import polars as pl

from orchestration.scorecard.columns import BASES
from orchestration.scorecard.display import SIGNS, UNITS
from orchestration.vocabulary import STATISTICS


def _no_part_above_its_whole(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(
        pl.col("denominator").is_null() | pl.col("numerator").is_null() | (pl.col("numerator") <= pl.col("denominator"))
    )


def _null_where_incomplete(data: pa.PolarsData) -> pl.LazyFrame:
    complete = pl.col("months_present") == pl.col("months_expected")
    return data.lazyframe.select(complete | (pl.col("numerator").is_null() & pl.col("denominator").is_null()))


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
            pa.Check(_null_where_incomplete, name="an incomplete window is null"),
            pa.Check(_no_part_above_its_whole, name="a part is no more than its whole"),
            pa.Check(
                lambda data: data.lazyframe.select(pl.col("data_from") <= pl.col("month")), name="a window runs forward"
            ),
            pa.Check(
                lambda data: data.lazyframe.select(pl.col("month") <= pl.col("report_month")),
                name="no month after the report month",
            ),
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
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("value").is_null() | pl.col("value").is_finite()),
            name="a value is a number",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                (pl.col("statistic") != "percentage") | pl.col("value").is_null() | pl.col("value").is_between(0, 1)
            ),
            name="a percentage lies between 0 and 100",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                (pl.col("statistic") != "percentage_change") | pl.col("value").is_null() | (pl.col("value") >= -1)
            ),
            name="nothing falls by more than 100%",
        ),
        pa.Check(
            lambda data: data.lazyframe.select(
                ~pl.col("statistic").is_in(["rank", "k_of_n"])
                | pl.col("value").is_null()
                | (pl.col("value") <= pl.col("out_of")).fill_null(False)
            ),
            name="n-th of m and k of n stay within their whole",
        ),
    ],
)

SCHEMAS = {
    "rolling_year": _window(12),
    "year_to_date": _window(12),
    "quarter": _window(3),
    "figure_values": FIGURE_VALUES,
}
