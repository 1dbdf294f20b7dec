"""`datapackage.json`: a Frictionless Data Package (tabular-data-package) of a card's CSV files, its data dictionary."""

import hashlib
from typing import Any

import pandera.polars as pa
import polars as pl

from orchestration.editions import content, dictionary
from orchestration.editions.data_files import delimited
from orchestration.scorecard import contracts

NOTE = "In the CSV, an apostrophe stands before what a spreadsheet would run as a formula."
ABOUT = (
    "{subtitle}. Every table of the release with the rows of this card, or whole where its rows belong to no card; the "
    "same tables with their types and unchanged texts lie in parquet/, the card as one document in scorecard.json. "
    "Months are their first day, shares and changes fractions, money in its currency. " + NOTE
)
KINDS = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "TIMESTAMP": "datetime",
    "VARCHAR": "string",
}


def of(card: content.Card, resources: list[dict]) -> dict:
    """The package; it names no licence, which is its publisher's to give."""
    return {
        "profile": "tabular-data-package",
        "name": f"scorecard-{card.name}",
        "title": f"{card.title}, {card.label}",
        "description": ABOUT.format(subtitle=card.subtitle),
        "version": card.release,
        "created": card.published_at.isoformat().replace("+00:00", "Z"),
        "resources": resources,
    }


def resource(table: dictionary.Table, rows: pl.DataFrame, written: delimited.Written, path: str) -> dict:
    """One CSV file of the package, with its Table Schema."""
    contract = (contracts.SCORECARD | contracts.AGGREGATES).get(table.name)
    schema = {
        "fields": [_field(column, rows[column.name], contract, written) for column in table.columns],
        "missingValues": [written.missing],
    }
    if contract is not None and contract.unique:
        schema["primaryKey"] = contract.unique
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": delimited.LINE_END},
        "bytes": len(written.content),
        "hash": f"sha256:{hashlib.sha256(written.content).hexdigest()}",
        "schema": schema,
    }


def _field(
    column: dictionary.Column, values: pl.Series, contract: pa.DataFrameSchema | None, written: delimited.Written
) -> dict:
    kind = "number" if column.type.startswith("DECIMAL") else KINDS[column.type]
    note = f" {NOTE}" if column.name in written.neutralised else ""
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description + note}
    if kind == "datetime":
        field["format"] = delimited.MOMENT_PATTERN
    declared = contract.columns.get(column.name) if contract is not None else None
    nullable = column.nullable if declared is None else declared.nullable
    # a card that an earlier version published may lack what the contract requires now
    if not nullable and not values.null_count():
        field["constraints"] = {"required": True}
    return field
