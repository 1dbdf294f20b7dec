"""What a data test of dbt or a contract found, in words: the rule, how many rows break it, and the first of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb
import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from orchestration.errors import UserError

SHOWN = 5  # rows of a rule
NAMED = 10  # rules
SHORT = 30  # characters of a value, beside a key and what a rule is about
UNIQUE = "multiple_fields_uniqueness"
KEY = 4  # columns that name a row, of a table that does not say which
# What the checks that pandera brings ask for, by the beginning of their names.
OF_PANDERA = {
    "not_nullable": "{column} is always known",
    "isin(": "{column} is one of {given}",
    "in_range(": "{column} lies between {given}",
    "greater_than_or_equal_to(": "{column} is at least {given}",
    "greater_than(": "{column} is above {given}",
    "str_matches(": "{column} has the form {given}",
    "dtype(": "{column} is of the type {given}",
    UNIQUE: "a key names one row",
    "column_in_dataframe": "every column is there",
    "column_in_schema": "no column is there that nobody agreed on",
    "column_ordered": "the columns stand in their order",
}


class Broken(NamedTuple):
    """A rule that a table breaks; `rows` are the first of the `failures` that do, none where they cannot be read.

    None are counted where it is broken by the table as a whole, such as a column that is missing.
    """

    table: str
    rule: str
    failures: int
    rows: Sequence[Mapping[str, object]]

    @property
    def says(self) -> str:
        """The sentence for whoever has to find the rows, each on a line of its own."""
        head = f"{self.table}: {self.rule}."
        if not self.failures:
            return head
        head += f" {self.failures:,} rows break this rule" if self.failures > 1 else " 1 row breaks this rule"
        if not self.rows:
            return f"{head}."
        first = f"; the first {len(self.rows)}" if len(self.rows) < self.failures else ""
        return "\n".join([f"{head}{first}:", *map(_row, self.rows)])


class BrokenContract(UserError):
    """A table does not hold what its contract asks; the message names the rules and the rows."""


def in_words(broken: list[Broken]) -> str:
    """What was found, rule by rule, each rule with its first rows."""
    more = [f"... and {len(broken) - NAMED} more rules"] if len(broken) > NAMED else []
    return "\n".join([*(each.says for each in broken[:NAMED]), *more])


def stop(broken: list[Broken]) -> str:
    """Why nothing is published where a table of the pipeline breaks its contract."""
    return (
        "A table that the pipeline made is not as its contract asks, so nothing is published. The catalogue or the "
        f"pipeline makes it so, not a delivery:\n{in_words(broken)}"
    )


def checked(table: str, schema: pa.DataFrameSchema, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, where they are as the contract asks. Raises BrokenContract."""
    try:
        return schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        raise BrokenContract(stop(of_contract(table, schema, rows, errors))) from None


def of_data_test(
    test: str, failures: int | None, query: str | None, manifest: Mapping, connection: duckdb.DuckDBPyConnection | None
) -> Broken:
    """What a data test of dbt found: `test` is its id in the manifest, `query` its compiled SQL.

    The rows are what that query finds on the connection; without one, or where it fails, they are left out.
    """
    node = manifest["nodes"][test]
    model = manifest["nodes"][node["attached_node"]]
    kinds = [manifest["macros"][macro] for macro in node["depends_on"]["macros"] if ".test_" in macro]
    said = [described["description"].strip() for described in (node, *kinds) if described["description"]]
    rule = said[0] if said else node["name"].replace("_", " ")
    return Broken(f"{model['schema']}.{model['name']}", rule, failures or 0, _first_rows(query, connection))


def _first_rows(query: str | None, connection: duckdb.DuckDBPyConnection | None) -> list[dict]:
    if connection is None or query is None:
        return []
    try:
        found = connection.sql(f"select * from ({query}) order by all limit {SHOWN}")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        return []


def of_contract(table: str, schema: pa.DataFrameSchema, rows: pl.DataFrame, errors: SchemaErrors) -> list[Broken]:
    """What each rule of a contract found in these rows, each named by its key, with what the rule is about."""
    key, found = schema.unique or rows.columns[:KEY], []
    for (column, check), cases in errors.failure_cases.group_by("column", "check", maintain_order=True):
        places = cases["index"].drop_nulls().unique(maintain_order=True).to_list()
        rule = _rule(check, column)
        if not places:
            rule += f": {', '.join(cases['failure_case'].to_list())}"
        about = [column] if column else [] if check == UNIQUE else rows.columns
        names = [name for name in dict.fromkeys([*key, *about]) if name in rows.columns]
        first = rows[places[:SHOWN]].select(names).to_dicts()
        found.append(Broken(table, rule, len(places), [_without_sentences(row, [*key, column]) for row in first]))
    return found


def _without_sentences(row: dict, kept: Collection[str | None]) -> dict:
    return {name: value for name, value in row.items() if name in kept or len(str(value)) <= SHORT}


def _rule(check: str, column: str | None) -> str:
    """A check in words: its own name, unless pandera gave it one."""
    for beginning, says in OF_PANDERA.items():
        if check.startswith(beginning):
            given = check.removeprefix(beginning).removesuffix(")").strip("[]")
            return says.format(column=column, given=given.replace(", ", " and ") if "range" in check else given)
    return check


def _row(row: Mapping[str, object]) -> str:
    return "  " + ", ".join(f"{column} {shown(value)}" for column, value in row.items())


def shown(value: object) -> str:
    """A value as the sentence shows it: a month as 2009-08, a text in quotes."""
    if value is None:
        return "none"
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return f"'{value}'" if isinstance(value, str) else str(value)
