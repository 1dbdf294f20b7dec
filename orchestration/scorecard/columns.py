"""What the tables that Python makes have in common: how a column is stated, and the words they share."""

import pandera.polars as pa
import polars as pl
from polars.datatypes import DataTypeClass

LETTERS = ["G", "A", "R"]
DIRECTIONS = ["improving", "worsening", "unchanged"]
BASES = ["rolling_year", "year_to_date", "financial_year", "quarter", "latest"]
A_FIGURE = "shares and changes as fractions, money in pounds"


def column(dtype: pl.DataType | DataTypeClass, description: str, *checks: pa.Check, nullable: bool = True) -> pa.Column:
    """A column of a contract; its description becomes the comment that DuckDB shows."""
    return pa.Column(dtype, list(checks), nullable=nullable, description=description)


def in_words(schema: pa.DataFrameSchema) -> tuple[str, dict[str, str]]:
    """What a contract says of its table, and of each of its columns."""
    return schema.description, {name: it.description for name, it in schema.columns.items()}
