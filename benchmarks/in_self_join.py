"""Rolling year and year to date as semantic layers compute them: by joining the rows to themselves on a time spine."""

import duckdb

from orchestration import warehouse

WINDOWS = ("numerator_12", "denominator_12", "numerator_year", "denominator_year")
# What semantic layers write for a cumulative metric: the spine joined with every row of its window. They do not ask
# whether a month is missing; counting the rows does.
CUMULATIVE = """
create or replace table {name} as
with

spine as (

    select series.*, calendar.month, calendar.financial_year_start
    from (select distinct measure, area from measures.monthly_measures) as series
    cross join reference.calendar as calendar

)

select
    spine.measure,
    spine.area,
    spine.month,
    case when count(monthly.month) = {expected} then cast(sum(monthly.numerator) as bigint) end as numerator,
    case when count(monthly.month) = {expected} then cast(sum(monthly.denominator) as bigint) end as denominator
from spine
left join measures.monthly_measures as monthly
    on
        spine.measure = monthly.measure
        and spine.area = monthly.area
        and spine.month >= monthly.month
        and {since} <= monthly.month
group by spine.measure, spine.area, spine.month, spine.financial_year_start
"""
ROLLING = {"name": "twelve", "expected": "12", "since": "spine.month - interval 11 month"}
TO_DATE = {
    "name": "year",
    "expected": "date_diff('month', spine.financial_year_start, spine.month) + 1",
    "since": "spine.financial_year_start",
}


def windows(room: str):
    """Two tables, one for each window."""
    with duckdb.connect(f"{room}/performance.duckdb") as connection:
        for window in (ROLLING, TO_DATE):
            connection.execute(CUMULATIVE.format(**window))
    return lambda: keep(room, "in_self_join", ROLLING["name"], TO_DATE["name"])


def keep(room: str, name: str, rolling_year: str, year_to_date: str) -> None:
    """Both windows side by side as Parquet, from two tables of the database there: what is compared, and not timed."""
    with duckdb.connect(f"{room}/performance.duckdb") as connection:
        connection.execute(
            f"""
            copy (
                select
                    measure, area, month,
                    rolling.numerator as numerator_12, rolling.denominator as denominator_12,
                    to_date.numerator as numerator_year, to_date.denominator as denominator_year,
                from {rolling_year} as rolling
                inner join {year_to_date} as to_date using (measure, area, month)
            ) to {warehouse.literal(f"{room}/{name}.parquet")}
            """
        )
