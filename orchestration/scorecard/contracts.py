"""The contracts of tables as pandera schemas, read from contracts.yml: columns, types, words, rules, keys, comments."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import yaml
from polars.datatypes import DataTypeClass

from orchestration import settings, years
from orchestration.dbt import declared
from orchestration.scorecard.display import SIGNS
from orchestration.scorecard.kinds import BASES, METHODS, PHASED, STATISTICS
from orchestration.scorecard.optional_rules import RULES
from orchestration.scorecard.units import UNITS

FILE = Path(__file__).with_suffix(".yml")
LINE = ("report_month", "financial_year", "line")
OF_A_RELEASE = ("rule_change", "release")  # columns of the card that it gets when it is published
DECIMALS = declared.decimals(settings.SOURCES)
AMOUNT = f"decimal(18, {DECIMALS})"  # what is counted and summed
TYPES: dict[str, pl.DataType | DataTypeClass] = {
    "amount": pl.Decimal(18, DECIMALS),
    "boolean": pl.Boolean,
    "date": pl.Date,
    "double": pl.Float64,
    "integer": pl.Int32,
    "timestamp": pl.Datetime,
    "varchar": pl.String,
}
WORDS = {
    "bases": BASES,
    "methods": METHODS,
    "notices": (  # in the order in which they are listed
        *("letter", "too_old", "restated", "printed_again", "hard_coded_number", "review_due"),
        *("overdue", "gone", "not_used", "quarantined", "rejected", "waiting"),
    ),
    "rules": ("target", *RULES, "tolerance", "not judged"),
    "signs": tuple(name for name in SIGNS if name),
    "statistics": (*STATISTICS, *PHASED),
    "units": tuple(UNITS),
    "years": tuple(years.months_by_year()),
}
CHECKS: dict[str, Callable[[Any], pa.Check]] = {
    "words": lambda words: pa.Check.isin(WORDS[words] if isinstance(words, str) else words),
    "least": pa.Check.ge,
    "above": pa.Check.gt,
    "between": lambda ends: pa.Check.in_range(*ends),
    "pattern": pa.Check.str_matches,
}


def _schema(declared: dict, *, ordered: bool = True) -> pa.DataFrameSchema:
    columns = {
        name: pa.Column(
            TYPES[column["type"]],
            [check(column[key]) for key, check in CHECKS.items() if key in column],
            nullable=not column.get("required"),
            description=column.get("description"),
        )
        for name, column in declared["columns"].items()
    }
    rules = [_rule(name, sql) for name, sql in declared.get("rules", {}).items()]
    return pa.DataFrameSchema(
        columns,
        checks=rules,
        unique=declared.get("key"),
        strict=True,
        ordered=ordered,
        description=declared.get("description"),
    )


def _rule(name: str, sql: str) -> pa.Check:
    holds = pl.sql_expr(sql)
    return pa.Check(lambda data: data.lazyframe.select(holds), name=name)


_DECLARED = yaml.safe_load(FILE.read_text(encoding="utf-8"))
# what dbt makes is kept by report month: a column that a later version adds stands last in a warehouse that exists
_AGGREGATES = "aggregates"
SCORECARD, AGGREGATES, RELEASE = (
    {table: _schema(declared, ordered=group != _AGGREGATES) for table, declared in _DECLARED[group].items()}
    for group in ("scorecard", _AGGREGATES, "release")
)
# a broken rule names the rows by these, and it is by their year that the catalogue's figures.csv has them
_FIGURE_VALUES = _DECLARED["scorecard"]["figures"] | {"key": [*LINE, "name"]}
AGGREGATES["figure_values"] = _schema(_FIGURE_VALUES, ordered=False).remove_columns(["printed"])
ALL = SCORECARD | AGGREGATES | RELEASE
# the columns of the card as readers see it
PRINTED = [name for name, column in _DECLARED["scorecard"]["scorecard"]["columns"].items() if column.get("printed")]


def types(table: str, *without: str) -> dict[str, pl.DataType]:
    """The columns of a table with their types, in order."""
    return {name: column.dtype.type for name, column in ALL[table].columns.items() if name not in without}


def definition(table: str) -> str:
    """The columns of a table that is made when a release is published, as SQL defines them."""
    columns = _DECLARED["release"][table]["columns"].items()
    return ", ".join(f"{name} {it['type']}{' not null' if it.get('required') else ''}" for name, it in columns)


def comments(table: str) -> tuple[str | None, dict[str, str | None]]:
    """The description of a table, and that of each of its columns."""
    return ALL[table].description, {name: it.description for name, it in ALL[table].columns.items()}
