"""Deliveries become files: CSV, XLSX or Parquet, the same bytes on every run."""

import csv
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from orchestration.warehouse import files

CREATED = datetime(2009, 9, 1)  # a workbook holds the moment it was made; this one is always the same


def delivery(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """One delivery, in the format its name ends with."""
    with files.replacing(path) as made:
        WRITERS[path.suffix](made, columns, rows)


def write_csv(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """UTF-8, commas, line feeds, quotes only where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_workbook(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """One sheet, the header in its first row."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATED})
        sheet = workbook.add_worksheet(path.parent.name)
        for number, row in enumerate([columns, *rows]):
            sheet.write_row(number, 0, row)


def write_parquet(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Text and 64-bit integers, as the rows hold them."""
    pl.DataFrame(rows, schema=list(columns), orient="row").write_parquet(path)


WRITERS = {".csv": write_csv, ".xlsx": write_workbook, ".parquet": write_parquet}
