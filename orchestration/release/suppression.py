"""Disclosure control in the tables of a release by area: small numbers, and what they could be derived from.

The model `suppressed_months` decides which months of which measure are suppressed, and nothing that is computed from
`measure_months` knows them. Here they are left out of the months themselves, and of what was published before.
"""

import duckdb

from orchestration import warehouse
from orchestration.release import folder, renamed

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
COLUMNS = {"suppressed": "Whether it is left out, for a small number here or in an area that is suppressed with it."}


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Write for the models what the release to read suppresses, into `run.suppressed_before` of the working database.

    A what-if has no release beside its copy of the database, and keeps what the last run wrote.
    """
    if not (release := folder.current()):
        return
    renamed.attach(connection, release.database)
    if "suppressed" in warehouse.columns(connection, "published", "monthly_measures"):
        with warehouse.transaction(connection):
            connection.execute("delete from run.suppressed_before")
            # distinct, as every card of four years repeats it: without, 20 years of them take 250 MB
            connection.execute(
                "insert into run.suppressed_before "
                "select distinct measure, area, month from published.monthly_measures where suppressed"
            )
    renamed.detach(connection)


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
    connection.execute(
        f"""
        create or replace temp table suppressed_since as
        select measure, area, month from warehouse.measures.suppressed_months where month <= ({last_published})
        except select measure, area, month from published.monthly_measures where suppressed
        """
    )
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


_SUPPRESSED = """
    with
    written as (select columns(lambda name: name <> 'suppressed') from ({query})),
    marked as (
        select
            *,
            exists (
                from warehouse.measures.suppressed_months as to_suppress
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
