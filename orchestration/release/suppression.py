"""Suppression of small numbers in tables of a release that go by borough, with all they could be worked out from.

Which months of which measure are suppressed is what the model `suppressed_months` holds. Here they are left out of the
release, rolling years and years to date that hold one included. The force's own figures are suppressed before they are
printed, by `figure_values`.
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
    """Note what is to be suppressed, for `without`: what the warehouse says, and what the release before hid.

    A temporary table: to be gathered again for each table takes a third of a second after twenty years.
    """
    published = "suppressed" in warehouse.columns(connection, "published", "monthly_measures")
    gathered = f"{_NOW} union {_BEFORE}" if published else _NOW
    connection.execute(f"create or replace temp table to_suppress as {gathered}")


def without(table: str, query: str) -> str:
    """The query, given for a table of the release, without its small numbers and with a column that says so.

    They must never get into the file: what is written to it and changed after can be found in it still.
    """
    if table not in TABLES:
        return query
    first, last, sums = TABLES[table]
    shown = ", ".join(f"case when not suppressed then {each} end as {each}" for each in sums)
    return _SUPPRESSION.format(query=query, first=first, last=last, shown=shown)


def newly_suppressed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything that is published, with all of these tables, is to be suppressed from now on.

    A month was suppressed in every row with it when it was published: only months that came since are looked for.
    """
    if any("suppressed" not in warehouse.columns(connection, "published", table) for table in TABLES):
        return True
    last_published = "select max(month) from published.monthly_measures"
    came = f"{_NOW} where month <= ({last_published}) except {_BEFORE}"
    connection.execute(f"create or replace temp table suppressed_since as {came}")
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
# distinct, as every card of four years says it again: without, 20 years of them take 250 MB to compare with
_BEFORE = "select distinct measure, area, month from published.monthly_measures where suppressed"
_SUPPRESSION = """
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
