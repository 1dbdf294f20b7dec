"""The sheet of figures: every number of the card with its window, one row a figure, as an Excel table."""

import polars as pl
from xlsxwriter import Workbook

from orchestration.editions import content
from orchestration.editions.workbook import cell_text
from orchestration.editions.workbook.styles import DAY, HEADING, TABLE_STYLE, landscape

NAME = "Figures"
TABLE = "figures"


def write(workbook: Workbook, card: content.Card) -> None:
    """Write the table `figures` of the card."""
    rows = card.tables[TABLE]
    texts = pl.col(pl.String).map_elements(cell_text.of_cell, return_dtype=pl.String)
    sheet = workbook.add_worksheet(NAME)
    rows.with_columns(texts).write_excel(
        workbook,
        sheet,
        table_name=TABLE,
        table_style=TABLE_STYLE,
        header_format=HEADING,
        dtype_formats={pl.Date: DAY, pl.Float64: "General", pl.Decimal: "General", pl.Int32: "0"},
        freeze_panes=(1, 0),
        autofit=True,
    )
    landscape(sheet, headings=0)
    sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{rows.height + 2}"})
