"""What the contracts of tables that Python makes have in common: how columns, rules and keys are declared."""

import pandera.polars as pa
import polars as pl
from polars.datatypes import DataTypeClass

LETTERS = ["G", "A", "R"]
DIRECTIONS = ["improving", "worsening", "unchanged"]
A_FIGURE = "shares and changes as fractions, money in pounds"


def column(dtype: pl.DataType | DataTypeClass, description: str, *checks: pa.Check, nullable: bool = True) -> pa.Column:
    """A column of a contract; its description becomes the comment that DuckDB shows."""
    return pa.Column(dtype, list(checks), nullable=nullable, description=description)


REPORT_MONTH = column(pl.Date, "The month on the title of the card; all values are as of it.", nullable=False)
LINE = {
    "report_month": REPORT_MONTH,
    "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
    "line": column(pl.String, "The line of the card.", nullable=False),
}


def rule(name: str, holds: pl.Expr) -> pa.Check:
    """A rule over the columns of a row."""
    return pa.Check(lambda data: data.lazyframe.select(holds), name=name)


def either(value: str, reason: str, name: str) -> pa.Check:
    """The rule that a row has a value, or a reason why it has none."""
    return rule(name, pl.col(value).is_null() == pl.col(reason).is_not_null())


def contract(
    description: str, columns: dict[str, pa.Column], *rules: pa.Check, key: tuple[str, ...] = ("report_month", "line")
) -> pa.DataFrameSchema:
    """The contract of a table; its description begins with its grain."""
    return pa.DataFrameSchema(
        columns, checks=list(rules), unique=list(key), strict=True, ordered=True, description=description
    )


def types(schema: pa.DataFrameSchema, without: tuple[str, ...] = ()) -> dict[str, pl.DataType]:
    """The columns of a contract with their types, in order."""
    return {name: column.dtype.type for name, column in schema.columns.items() if name not in without}


def descriptions(schema: pa.DataFrameSchema) -> tuple[str, dict[str, str]]:
    """How a contract describes its table, and each of its columns."""
    return schema.description, {name: it.description for name, it in schema.columns.items()}
