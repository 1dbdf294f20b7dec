"""The contract of an extract: rules over the text of a delivery, and rules over its typed rows.

Nearly every delivery breaks none of them, so one pass first finds out which rules hold. Where one does not, pandera
finds the rows.
"""

from functools import cache
from typing import NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrorReason, SchemaErrors

from orchestration.raw.checks import completeness, text_rules, typed_rules
from orchestration.raw.checks.rules import Rule, broken
from orchestration.raw.findings import findings
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract


class Contract(NamedTuple):
    """A pandera schema, and the rules behind its checks by name."""

    schema: pa.DataFrameSchema
    rules: dict[str, Rule]


def _check(rule: Rule) -> pa.Check:
    # n_failure_cases: pandera turns each failure case into a Python dict, all we need is which rows failed
    return pa.Check(lambda data: data.lazyframe.select(rule.passes), name=rule.name, n_failure_cases=1)


@cache
def text_contract(extract: Extract) -> Contract:
    """Over the cells as they stand in the file: is each filled, written as its kind, and a known word."""
    rules = {column.name: text_rules.rules(column, extract.period) for column in extract.columns}
    schema = pa.DataFrameSchema(
        # a null is a cell that its reader has reported already
        {name: pa.Column(pl.String, list(map(_check, checks)), nullable=True) for name, checks in rules.items()},
        name=extract.name,
    )
    return Contract(schema, {rule.name: rule for checks in rules.values() for rule in checks})


@cache
def typed_contract(extract: Extract) -> Contract:
    """Over the typed rows: months in reach, parts within their whole, no key twice, no key missing."""
    rules = [*typed_rules.rules(extract), *completeness.rules(extract)]
    schema = pa.DataFrameSchema(
        {column.name: pa.Column(column.type, nullable=True) for column in extract.columns},
        checks=[_check(rule) for rule in rules],
        name=extract.name,
    )
    return Contract(schema, {rule.name: rule for rule in rules})


def typed(extract: Extract, text: pl.DataFrame, *, valid: bool) -> pl.DataFrame:
    """The text as the types of the contract; unless all is `sound`, a cell that broke its text rule becomes null.

    One that is only in doubt is as it stands: a person may vouch for it.
    """

    def cell(column: Column) -> pl.Expr:
        value = pl.col(column.name)
        if column.dated or not valid:
            keeps = value != ""
            for rule in () if valid else text_rules.rules(column, extract.period):
                if findings.SCOPES[rule.code] != "doubt":
                    keeps &= rule.passes
            value = pl.when(keeps).then(value)
        if column.kind == "month":
            return value.str.to_date("%Y-%m", strict=False).alias(column.name)
        return value.cast(column.type).alias(column.name)

    return text.with_columns(cell(column) for column in extract.columns)


def holds(contract: Contract, rows: pl.DataFrame) -> bool:
    """Whether no row breaks the contract."""
    return all(rows.select(rule.passes.all().alias(name) for name, rule in contract.rules.items()).row(0))


def problems(contract: Contract, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Every row that breaks the contract, one frame of problems for each rule that is broken."""
    if holds(contract, rows):
        return []
    try:
        contract.schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        found = []
        for error in errors.schema_errors:
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                raise  # a mistake of the contract itself, not of the delivery
            rule = contract.rules[error.check.name]
            # in one piece, because pl.format of polars 2.1 panics where one of many pieces is left empty
            failing = rows.filter(~error.check_output.to_series()).rechunk()
            found.append(broken(rule, rows, failing))
        return found
    return []
