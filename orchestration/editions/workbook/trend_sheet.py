"""The sheet that the small trends of the card are drawn from: each line's figure, month by month."""

from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, number_formats
from orchestration.editions.workbook.styles import A4, HEADING, INK, MONTH, Styles

NAME = "Trend data"
LAST = "#D1495B"
SAYS = "Trend: the figure of each line for the window that ends with the month, as known in {month}."
HEADINGS, FIRST_MONTH = 1, 2


def write(sheet: Worksheet, card: content.Card, styles: Styles) -> dict[str, str]:
    """Write the history of every line that has one; return its cells by line."""
    history = card.tables["history"].drop_nulls("value")
    months = history["month"].unique().sort().to_list()
    columns = {month: FIRST_MONTH + place for place, month in enumerate(months)}
    looks = {row["line"]: row for row in card.tables["figures"].filter(name="latest").iter_rows(named=True)}
    values = {
        line: of_line.rows_by_key("month", named=True, unique=True) for (line,), of_line in history.group_by("line")
    }

    sheet.write_string(0, 0, SAYS.format(month=card.label))
    for column, heading in enumerate(("Line", "Indicator")):
        sheet.write_string(HEADINGS, column, heading, styles(**HEADING))
    for month, column in columns.items():
        sheet.write_datetime(HEADINGS, column, month, styles(**HEADING, num_format=MONTH, align="right"))
    row, cells = HEADINGS, {}
    for line in card.rows:
        if line["line"] not in values:
            continue
        row += 1
        sheet.write_string(row, 0, cell_text.of_card(line["line"]), styles(bold=True))
        sheet.write_string(row, 1, cell_text.of_card(line["title"]))
        look = looks[line["line"]]
        for month, point in values[line["line"]].items():
            number, shown = number_formats.shown(point["value"], look["unit"], look["sign"], look["decimals"])
            provisional = {"italic": True} if point["provisional"] else {}
            sheet.write_number(row, columns[month], number, styles(num_format=shown, **provisional))
        cells[line["line"]] = xl_range_abs(row, FIRST_MONTH, row, FIRST_MONTH + len(months) - 1)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 50)
    sheet.set_column(FIRST_MONTH, FIRST_MONTH + len(months), 10)
    sheet.freeze_panes(HEADINGS + 1, FIRST_MONTH)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
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
