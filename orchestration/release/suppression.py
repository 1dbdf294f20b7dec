"""Disclosure control in the tables of a release by borough: small numbers, and what they could be derived from.

The model `suppressed_months` decides which months of which measure are suppressed. The release leaves them out here,
with every rolling year and year to date that contains one. `figure_values` suppresses the force's own figures.
"""

import duckdb

from orchestration import warehouse

# By table, the first and last month that a row's sums are over, and the sums.
TABLES = {
    "monthly_measures": (
        "month",
        "month",
        ("numerator", "denominator", "numerator_before", "denominator_before"),
    ),
    "rolling_year": ("data_from", "month", ("numerator", "denominator")),
    "year_to_date": ("data_from", "month", ("numerator", "denominator")),
}
COLUMNS = {"suppressed": "Whether it is left out because a small number stands behind it, here or in a borough beside."}


def gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Collect for `without` what is to be suppressed: by the warehouse now, and by the release before.

    In a temporary table: collecting it for each table takes a third of a second after twenty years.
    """
    published = "suppressed" in warehouse.columns(connection, "published", "monthly_measures")
    gathered = f"{_NOW} union {_BEFORE}" if published else _NOW
    connection.execute(f"create or replace temp table to_suppress as {gathered}")


def without(table: str, query: str) -> str:
    """The query for a table of the release, without its small numbers and with a column that marks them.

    They must never get into the file: what was written to it and changed can still be found in it.
    """
    if table not in TABLES:
        return query
    first, last, sums = TABLES[table]
    shown = ", ".join(f"case when not suppressed then {each} end as {each}" for each in sums)
    return _SUPPRESSED.format(query=query, first=first, last=last, shown=shown)


def newly_suppressed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything that is published is to be suppressed from now on.

    Every row with a suppressed month was suppressed when it was published, so only months suppressed since matter.
    """
    if any("suppressed" not in warehouse.columns(connection, "published", table) for table in TABLES):
        return True
    last_published = "select max(month) from published.monthly_measures"
    since = f"{_NOW} where month <= ({last_published}) except {_BEFORE}"
    connection.execute(f"create or replace temp table suppressed_since as {since}")
    shown = " union all ".join(
        f"""
        select 1
        from suppressed_since
        where exists (
            from published.{table} as published
            where
                published.measure = suppressed_since.measure
                and published.area = suppressed_since.area
                and suppressed_since.month between published.{first} and published.{last}
                and not published.suppressed
        )
        """
        for table, (first, last, _) in TABLES.items()
    )
    return bool(connection.execute(f"from ({shown}) limit 1").fetchall())


_NOW = "select measure, area, month from warehouse.measures.suppressed_months"
# distinct, as every card of four years repeats it: without, 20 years of them take 250 MB
_BEFORE = "select distinct measure, area, month from published.monthly_measures where suppressed"
_SUPPRESSED = """
    with
    written as (select columns(lambda name: name <> 'suppressed') from ({query})),
    marked as (
        select
            *,
            exists (
                from to_suppress
                where
                    to_suppress.measure = written.measure
                    and to_suppress.area = written.area
                    and to_suppress.month between written.{first} and written.{last}
            ) as suppressed
        from written
    )
    select * replace ({shown})
    from marked
"""
