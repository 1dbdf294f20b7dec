"""Failures of dbt data tests and contracts in words: the rule, how many rows break it, and the first of them."""

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
SHORT = 30  # characters of a value that is neither key nor what the rule is about
UNIQUE = "multiple_fields_uniqueness"
OF_THE_LINE = ("latest", "year_before", "target")  # figures that the row of the line itself defines
KEY = 4  # columns that identify a row of a table without a declared key
# The built-in checks of pandera in words, by the beginning of their names.
PANDERA_CHECKS = {
    "not_nullable": "{column} is always known",
    "isin(": "{column} is one of {argument}",
    "in_range(": "{column} lies between {argument}",
    "greater_than_or_equal_to(": "{column} is at least {argument}",
    "greater_than(": "{column} is above {argument}",
    "str_matches(": "{column} has the form {argument}",
    "dtype(": "{column} is of the type {argument}",
    UNIQUE: "a key names one row",
    "column_in_dataframe": "every column is there",
    "column_in_schema": "there is no column outside the contract",
    "column_ordered": "the columns stand in order",
}


class Broken(NamedTuple):
    """A rule that a table breaks; `rows` are the first of the `failures` that do, empty where they cannot be read.

    `count` is 0 where the table as a whole breaks it, as by a missing column.
    """

    table: str
    rule: str
    failures: int
    rows: Sequence[Mapping[str, object]]

    @property
    def message(self) -> str:
        """The rule as a sentence, then the rows, each on a line of its own."""
        head = f"{self.table}: {self.rule}."
        if not self.failures:
            return head
        head += f" {self.failures:,} rows break this rule" if self.failures > 1 else " 1 row breaks this rule"
        if not self.rows:
            return f"{head}."
        first = f"; the first {len(self.rows)}" if len(self.rows) < self.failures else ""
        rows = [
            "  " + ", ".join(f"{column} {shown(value)}" for column, value in row.items()) + _definition(row)
            for row in self.rows
        ]
        return "\n".join([f"{head}{first}:", *rows])


def _definition(row: Mapping[str, object]) -> str:
    """Where the catalogue defines what a row is about; empty where the row names neither a line nor a measure."""
    line, name, measure = (row.get(column) for column in ("line", "name", "measure"))
    if line is not None:
        year = f"{row['financial_year']}, " if row.get("financial_year") else ""
        own = name is not None and name not in OF_THE_LINE
        where = f"figures.csv, {year}line {line}, name {name}" if own else f"indicators.csv, {year}line {line}"
    else:
        where = f"measures.csv, measure {measure}" if measure is not None else ""
    return f" (defined in {where})" if where else ""


class BrokenContract(UserError):
    """A table does not fulfil its contract; the message names the rules and the rows."""


def in_words(broken: list[Broken]) -> str:
    """The broken rules, one after the other, each with its first rows."""
    more = [f"... and {len(broken) - NAMED} more rules"] if len(broken) > NAMED else []
    return "\n".join([*(each.message for each in broken[:NAMED]), *more])


def of_contracts(broken: list[Broken]) -> str:
    """Why nothing is published where tables of the pipeline break their contracts."""
    return (
        "A table that the pipeline made does not fulfil its contract, so nothing is published. The cause lies in the "
        f"catalogue or the pipeline, not in a delivery:\n{in_words(broken)}"
    )


def checked(table: str, schema: pa.DataFrameSchema, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, if they fulfil the contract. Raises BrokenContract."""
    try:
        return schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        raise BrokenContract(of_contracts(of_contract(table, schema, rows, errors))) from None


def of_data_test(
    test: str, failures: int | None, query: str | None, manifest: Mapping, connection: duckdb.DuckDBPyConnection | None
) -> Broken:
    """The rule that a dbt data test checks: `test` is its id in the manifest, `query` its compiled SQL.

    The rows are the results of that query on the connection; without one, or where it fails, they are left out.
    """
    node = manifest["nodes"][test]
    model = manifest["nodes"][node["attached_node"]]
    kinds = [manifest["macros"][macro] for macro in node["depends_on"]["macros"] if ".test_" in macro]
    described = (each["description"].strip() for each in (node, *kinds) if each["description"])
    rule = next(described, node["name"].replace("_", " "))
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
    """The rules of a contract that these rows break, each row by its key and the column that the rule is about."""
    key, found = schema.unique or rows.columns[:KEY], []
    for (column, check), cases in errors.failure_cases.group_by("column", "check", maintain_order=True):
        places = cases["index"].drop_nulls().unique(maintain_order=True).to_list()
        rule = _rule(check, column)
        if not places:
            rule += f": {', '.join(cases['failure_case'].to_list())}"
        about = [column] if column else [] if check == UNIQUE else rows.columns
        names = [name for name in dict.fromkeys([*key, *about]) if name in rows.columns]
        first = rows[places[:SHOWN]].select(names).to_dicts()
        found.append(Broken(table, rule, len(places), [_without_long_texts(row, [*key, column]) for row in first]))
    return found


def _without_long_texts(row: dict, kept: Collection[str | None]) -> dict:
    return {name: value for name, value in row.items() if name in kept or len(str(value)) <= SHORT}


def _rule(check: str, column: str | None) -> str:
    """A check in words: the name that the contract gives it, or what pandera's built-in check means."""
    for beginning, rule in PANDERA_CHECKS.items():
        if check.startswith(beginning):
            argument = check.removeprefix(beginning).removesuffix(")").strip("[]")
            return rule.format(
                column=column, argument=argument.replace(", ", " and ") if "range" in check else argument
            )
    return check


def shown(value: object) -> str:
    """A value as messages show it: a month as 2009-08, a text in quotes."""
    if value is None:
        return "none"
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return f"'{value}'" if isinstance(value, str) else str(value)
