"""A column of a table that Python makes: its type, what it holds in words, and what it may hold."""

import pandera.polars as pa
import polars as pl


def column(dtype: pl.DataType, description: str, *checks: pa.Check, nullable: bool = True) -> pa.Column:
    """A column of a contract; its description becomes the comment that DuckDB shows."""
    return pa.Column(dtype, list(checks), nullable=nullable, description=description)
