"""The edition for machines: the card's rows of every table as CSV and Parquet, the card as one JSON document.

`datapackage.json` describes the CSV files: a card's folder is a data package (Frictionless) that is complete in itself.
"""

import json
from dataclasses import replace
from pathlib import Path

from orchestration.editions import content
from orchestration.editions.data_files import card_document, delimited, package
from orchestration.scorecard import mart


def write(card: content.Card, folder: Path) -> None:
    """Write `csv/`, `parquet/`, `scorecard.json` and `datapackage.json` into the card's folder."""
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir()
    # the rows of a view in an order, since DuckDB promises none
    card = replace(
        card,
        tables={name: it.sort(it.columns) if name in mart.VIEWS else it for name, it in card.tables.items()},
    )
    resources = []
    for table in card.dictionary:
        rows = card.tables[table.name]
        written = delimited.of(rows)
        path = folder / "csv" / f"{table.name}.csv"
        path.write_bytes(written.content)
        resources.append(package.resource(table, rows, written, path.relative_to(folder).as_posix()))
        descriptions = {column.name: column.description for column in table.columns}
        metadata = {
            "release": card.release,
            "report_month": str(card.report_month),
            "description": table.description,
            "columns": json.dumps(descriptions, ensure_ascii=False),
        }
        rows.write_parquet(folder / "parquet" / f"{table.name}.parquet", compression="zstd", metadata=metadata)
    _write(folder / "scorecard.json", card_document.of(card))
    _write(folder / "datapackage.json", package.of(card, resources))


def _write(path: Path, document: dict) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")
