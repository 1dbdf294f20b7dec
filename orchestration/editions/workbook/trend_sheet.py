"""The sheet that the small trends of the card are drawn from: each line's figure, month by month."""

from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, number_formats
from orchestration.editions.workbook.styles import HEADING, INK, MONTH, Styles, landscape

NAME = "Trend data"
LAST = "#D1495B"
NOTE = "Trend: the figure of each line for the window that ends with the month, as known in {month}."
HEADINGS, FIRST_MONTH = 1, 2


def write(sheet: Worksheet, card: content.Card, styles: Styles) -> dict[str, str]:
    """Write the history of every line that has one; return its cells by line."""
    months = card.tables["history"].drop_nulls("value")["month"].unique().sort().to_list()
    columns = {month: FIRST_MONTH + place for place, month in enumerate(months)}
    figures = {row["line"]: row for row in card.tables["figures"].filter(name="latest").iter_rows(named=True)}
    sheet.write_string(0, 0, NOTE.format(month=card.label))
    sheet.write_row(HEADINGS, 0, ("Line", "Indicator"), styles(**HEADING))
    sheet.write_row(HEADINGS, FIRST_MONTH, months, styles(**HEADING, num_format=MONTH, align="right"))
    cells: dict[str, str] = {}
    for line in card.rows:
        points = card.history(line["line"])
        if not points:
            continue
        row = HEADINGS + 1 + len(cells)
        sheet.write_string(row, 0, cell_text.of_card(line["line"]), styles(bold=True))
        sheet.write_string(row, 1, cell_text.of_card(line["title"]))
        figure = figures[line["line"]]
        for point in points:
            number, shown = number_formats.shown(point["value"], figure["unit"], figure["sign"], figure["decimals"])
            provisional = {"italic": True} if point["provisional"] else {}
            sheet.write_number(row, columns[point["month"]], number, styles(num_format=shown, **provisional))
        cells[line["line"]] = xl_range_abs(row, FIRST_MONTH, row, FIRST_MONTH + len(months) - 1)
    for first, last, width in ((0, 0, 12), (1, 1, 50), (FIRST_MONTH, FIRST_MONTH + len(months), 10)):
        sheet.set_column(first, last, width)
    sheet.freeze_panes(HEADINGS + 1, FIRST_MONTH)
    landscape(sheet)
    return cells


def sparkline(cells: str) -> dict[str, Any]:
    """A small trend over these cells: gaps stay gaps, the last month stands out, zero a line where it is crossed."""
    return {
        "range": f"{quote_sheetname(NAME)}!{cells}",
        "empty_cells": "gaps",
        "axis": True,
        "weight": 1,
        "markers": True,  # LibreOffice 7.4 prints no line, but these
        "last_point": True,
        "series_color": INK,
        "markers_color": INK,
        "last_color": LAST,
    }
