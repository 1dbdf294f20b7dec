"""The other way in polars: files into Parquet, and windows over a spine."""

from collections.abc import Callable

import polars as pl

SERIES = ("measure", "area")
VALUES = ("numerator", "denominator")


def load(folder: str, into: str) -> Callable[[], str]:
    """All files of recorded crime as one, written while they are read; nothing is checked."""
    schema = {
        "month": pl.String,
        "borough": pl.String,
        "offence_group": pl.String,
        "offences": pl.Int64,
        "sanction_detections": pl.Int64,
    }
    pl.scan_csv(f"{folder}/*.csv", schema=schema).sink_parquet(into)
    return lambda: into


def windows(room: str) -> Callable[[], None]:
    """The spine, the rows joined to it, and windows over each series."""
    rows = pl.scan_parquet(f"{room}/monthly_measures.parquet")
    first, last = (
        rows.select(pl.col("month").min().alias("first"), pl.col("month").max().alias("last")).collect().row(0)
    )
    spine = pl.LazyFrame({"month": pl.date_range(first, last, "1mo", eager=True)})
    month = pl.col("month")
    found = (
        rows.select(SERIES)
        .unique()
        .join(spine, how="cross")
        .join(rows, on=[*SERIES, "month"], how="left")
        .sort(*SERIES, "month")
        .with_columns(
            year=month.dt.year() - (month.dt.month() < 4).cast(pl.Int32), of_year=(month.dt.month() - 4) % 12 + 1
        )
        .with_columns(
            *(pl.col(value).rolling_sum(12).over(SERIES).alias(f"{value}_12") for value in VALUES),
            *(
                pl.when(pl.col(value).cum_count().over(*SERIES, "year") == pl.col("of_year"))
                .then(pl.col(value).cum_sum().over(*SERIES, "year"))
                .alias(f"{value}_year")
                for value in VALUES
            ),
        )
        .drop("year", "of_year", *VALUES)
        .collect()
    )
    return lambda: found.write_parquet(f"{room}/in_polars.parquet")
