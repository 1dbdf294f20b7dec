"""The bridges of a run: read from what it made and the release before, and written into the next release.

On a connection to which that release is attached as `published`; `warehouse` is where the schemas of the working
database are found: empty, or the name it is attached under with a dot.
"""

from dataclasses import replace
from datetime import date

import duckdb
import polars as pl

from orchestration import months, warehouse
from orchestration.scorecard import bridges, contracts
from orchestration.scorecard.bridges import Bridge, Cards
from orchestration.scorecard.explanations import evidence
from orchestration.warehouse import ledger
from orchestration.warehouse.versions import code_version

# what a card of a line is compared by: the table of a release, that of the warehouse, and which of its rows
READ = {
    "scorecard": ("scorecard.scorecard", "true"),
    "figures": ("scorecard.figures", "true"),
    "intervals": ("scorecard.intervals", "name = 'latest'"),
    "run_rates": ("scorecard.run_rates", "true"),
    "history": ("aggregates.history", "true"),
}
RULES = ("indicators", "aggregates.indicators_as_of")
NO_RULES = pl.DataFrame(schema=dict.fromkeys(("financial_year", "line", "rule"), pl.String) | {"from_month": pl.Date})


def of_run(connection: duckdb.DuckDBPyConnection, report_months: list[date], there: str = "") -> list[Bridge]:
    """The bridges of the cards of these report months, each with who decided it where it was dated or confirmed."""
    rules = by_line(_read(connection, RULES[0], there + RULES[1], report_months))
    changed = bridges.changed_lines(rules, report_months)
    first, code = min(report_months), _published_code(connection)
    other_code = code is not None and code != code_version()
    if not changed and not other_code:
        return []
    chosen = "true" if other_code else f"list_contains([{', '.join(map(warehouse.literal, sorted(changed)))}], line)"
    cards = _cards(connection, rules, report_months, there, chosen)
    made = list(bridges.bridges(cards, report_months))
    if code is not None and other_code:
        known = {(it.report_month, it.line) for it in made}
        same = _same_inputs(connection, first, there)
        of_code = bridges.of_code(cards, first, same, code, code_version())
        made += [it for it in of_code if (first, it.line) not in known]
    by = confirmed()
    found = []
    for bridge in made:
        who, why = by.get((bridge.report_month, bridge.line, bridge.what), (bridge.decided_by, bridge.reason))
        found.append(replace(bridge, decided_by=who, reason=why))
    return found


def _cards(
    connection: duckdb.DuckDBPyConnection,
    rules: dict[bridges.Key, dict],
    report_months: list[date],
    there: str,
    chosen: str,
) -> Cards:
    read = {
        table: _read(connection, table, there + relation, report_months, f"{chosen} and {where}")
        for table, (relation, where) in READ.items()
    }
    history: dict[bridges.Key, dict[date, float]] = {}
    for month, line, ends, value in read["history"].select("report_month", "line", "month", "value").iter_rows():
        history.setdefault((month, line), {})[ends] = value
    of_cards = read["scorecard"].select("report_month", "financial_year").unique().rows()
    return Cards(
        rows=by_line(read["scorecard"]),
        rules=rules,
        latest=by_line(read["figures"].filter(name="latest")),
        evidence=evidence.of_lines(NO_RULES, read["figures"], read["intervals"], read["run_rates"], of_cards),
        history=history,
    )


def _published_code(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The version of the code that made the release before; None where nothing is published."""
    if not warehouse.columns(connection, "published", "release"):
        return None
    return connection.sql("select any_value(code) from published.release").fetchall()[0][0]


def _same_inputs(connection: duckdb.DuckDBPyConnection, month: date, there: str) -> set[str]:
    """The lines of which every month is known as it was when the card before was published."""
    if not all(warehouse.columns(connection, "published", table) for table in ("figures", "monthly_measures")):
        return set()
    query = _SAME_INPUTS.format(there=there)
    return {line for (line,) in connection.execute(query, [month, months.shift(month, -1)]).fetchall()}


_SAME_INPUTS = """
    with
    moved as (
        select distinct measure
        from {there}measures.monthly_measures as now
        inner join published.monthly_measures as before using (measure, area, month)
        where
            now.report_month = $1
            and before.report_month = $2
            and not before.suppressed
            and (now.numerator, now.denominator) is distinct from (before.numerator, before.denominator)
    )
    select line
    from published.figures
    where report_month = $2 and name = 'latest' and value is not null
        and measure not in (from moved) and (compare_measure is null or compare_measure not in (from moved))
"""


def by_line(rows: pl.DataFrame) -> dict[bridges.Key, dict]:
    """Rows by report month and line."""
    return {(row["report_month"], row["line"]): row for row in rows.iter_rows(named=True)}


def _read(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, report_months: list[date], where: str = "true"
) -> pl.DataFrame:
    """The rows of the run's report months as it made them, those of the year before as they are published."""
    made = f"select * from {relation} where list_contains($1::date[], report_month) and {where}"
    if warehouse.columns(connection, "published", table):
        made += (
            f" union all by name select * from published.{table} where not list_contains($1::date[], report_month) "
            f"and report_month between date '{months.shift(min(report_months), -bridges.MONTHS)}' "
            f"and date '{max(report_months)}' and {where}"
        )
    return connection.sql(made, params=[report_months]).pl()


def confirmed() -> dict[tuple[date, str, str], tuple[str, str]]:
    """Who confirmed changes of rules and why, by report month, line and what changed."""
    return {
        (months.parse(entry.body["report_month"]), entry.body["line"], entry.body["rule"]): (
            entry.body["by"],
            entry.body["reason"],
        )
        for entry in ledger.entries("confirmation")
        if "rule" in entry.body
    }


def write(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> None:
    """Make the tables `bridges` and `bridge_months` of a release; months outside the run stay as published."""
    made = of_run(connection, report_months, "warehouse.")
    tables = {
        "bridges": [_key(it) | change._asdict() | _why(it) for it in made for change in it.changes],
        "bridge_months": [_key(it) | _compared(its) for it in made for its in it.compared],
    }
    for table, rows in tables.items():
        schema = contracts.types(table)
        frame = contracts.ALL[table].validate(pl.DataFrame(rows, schema=schema).sort(list(schema)[:4]))
        query = "from made"
        if warehouse.columns(connection, "published", table):
            query = f"from ({_AS_PUBLISHED.format(table=table)} union all by name from made) order by all"
        connection.register("made", frame)
        connection.execute(f"create or replace table {table} as {query}")
        connection.unregister("made")


# other code shows where it first made a card, so that its bridges stay where that card is made again
_AS_PUBLISHED = f"""
    from published.{{table}}
    where
        report_month not in (from run)
        or (
            report_month = (select min(month) from run)
            and (report_month, line) in (
                select (report_month, line) from published.bridges where table_name = '{bridges.CODE}'
            )
            and (report_month, line) not in (select (report_month, line) from made)
        )
"""


def _key(bridge: Bridge) -> dict:
    return {name: getattr(bridge, name) for name in contracts.LINE}


def _why(bridge: Bridge) -> dict:
    names = ("decided_by", "reason", "only_better", "explanation")
    return {"from_month": bridge.report_month} | {name: getattr(bridge, name) for name in names}


def _compared(its: bridges.Compared) -> dict:
    return {name: getattr(its, name) for name in contracts.types("bridge_months", *contracts.LINE)}
