"""An attack on releases: which counts of a borough can be worked out from all that they show together.

Every number shown is a sum of unknown counts, one for each series, borough, month and delivery. A count is known where
every solution of these equations agrees on it: where its part of every solution of the equations with 0 on the right
(a vector that changes nothing shown) is 0.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

WINDOWS = ("rolling_year", "year_to_date")


@dataclass(frozen=True)
class Attack:
    """The unknown counts (with their true values, to tell what was found) and the equations between them."""

    counts: pl.DataFrame
    equations: csr_array

    def known(self) -> pl.DataFrame:
        """The counts that can be worked out."""
        random = np.random.default_rng(2009)
        free = np.zeros(self.counts.height)
        for _ in range(2):
            guess = random.standard_normal(self.counts.height)
            explained, *_ = lsqr(self.equations.T, guess, atol=1e-12, btol=1e-12, iter_lim=5_000)
            free = np.maximum(free, np.abs(guess - self.equations.T @ explained))
        return self.counts.filter(pl.Series(free < 1e-6))


def attack(connection: duckdb.DuckDBPyConnection, *releases: str, restatements_are_seen: bool = False) -> Attack:
    """Of the releases attached under these names, against the working database attached as `warehouse`.

    Which delivery a month comes from is published, not what it changed. An attacker to whom restatements are seen
    knows besides which counts a later delivery left as they were.
    """
    assert connection.sql("from warehouse.reference.measures where weight <> 1").fetchall() == []
    version = "value" if restatements_are_seen else "delivery_month"
    connection.execute(
        f"""
        create or replace temp table known as
        select
            dense_rank() over (order by series, area, month, {version}) - 1 as count, report_month, series, area, month,
            value, delivery_month
        from warehouse.measures.series_as_of
        semi join (
            select series from warehouse.reference.measures where measure in (
                select measure from warehouse.reference.measures
                join warehouse.reference.series using (series) where area_threshold > 0
            )
        ) using (series)
        """
    )
    connection.execute("create or replace temp table equations (numbers integer[])")
    for release in releases:
        _equations(connection, release)
    counts = connection.sql(
        "select count, series, area, month, value, min(delivery_month) as delivery_month "
        "from known group by all order by count"
    ).pl()
    entries = connection.sql(
        "select row, unnest(numbers) as count from "
        "(select row_number() over () - 1 as row, numbers from (select distinct numbers from equations))"
    ).pl()
    row, column = entries["row"].to_numpy(), entries["count"].to_numpy()
    shape = (row.max() + 1, counts.height)
    return Attack(counts, csr_array((np.ones(entries.height), (row, column)), shape=shape))


def _equations(connection: duckdb.DuckDBPyConnection, release: str) -> None:
    """What the release shows, as lists of the counts that add up to it."""
    connection.execute(
        f"""
        create or replace temp table shown as
        select report_month, measure, area, month, month as data_from, numerator, denominator
        from {release}.monthly_measures
        """
    )
    for table in WINDOWS:
        # a window over months that are all shown says nothing new
        connection.execute(
            f"""
            insert into shown
            select report_month, measure, area, month, data_from, numerator, denominator
            from {release}.{table} as windows
            where numerator is not null and (
                select count(*) from {release}.monthly_measures as months
                where months.report_month = windows.report_month and months.measure = windows.measure
                    and months.area = windows.area and months.month between windows.data_from and windows.month
                    and months.numerator is not null
            ) < windows.months_expected
            """
        )
    connection.execute(
        """
        insert into equations
        select list(known.count order by known.count)
        from (unpivot shown on numerator, denominator into name part value number) as shown
        join warehouse.reference.measures as measures on shown.measure = measures.measure and shown.part = measures.part
        join warehouse.reference.areas as areas on shown.area = areas.area
        join known on known.report_month = shown.report_month and known.series = measures.series
            and known.month between shown.data_from and shown.month
            and (known.area = shown.area or areas.kind = 'whole')
        group by shown.report_month, shown.measure, shown.part, shown.area, shown.month, shown.data_from
        """
    )
