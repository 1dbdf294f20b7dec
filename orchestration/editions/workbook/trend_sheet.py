"""The sheet that the small trends of the card are drawn from: each line's figure, month by month."""

from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from orchestration.editions import content, history
from orchestration.editions.workbook import number_formats
from orchestration.editions.workbook.styles import INK
from orchestration.editions.workbook.table_sheet import Cell, Column, Table
from orchestration.scorecard import display

NAME, TABLE = "Trend data", "trends"
LAST = "#D1495B"
FIRST_MONTH = 3  # the first column of a month


def of(card: content.Card) -> Table:
    """The history of every line that has one."""
    of_lines = {row["line"]: history.two_years(card.history(row["line"]), card.report_month) for row in card.rows}
    months = sorted({point["month"] for points in of_lines.values() for point in points})
    figures = {row["line"]: row for row in card.tables["figures"].filter(name="latest").iter_rows(named=True)}
    rows = []
    for line in card.rows:
        points = {point["month"]: point for point in of_lines[line["line"]]}
        if points:
            cells = [_cell(points.get(month), figures[line["line"]]) for month in months]
            course = history.course([*points.values()], card.shows(line))
            rows.append([line["line"], line["title"], course[:1].upper() + course[1:], *cells])
    columns = [
        Column("Line", 12, {"bold": True}),
        Column("Indicator", 50, {"text_wrap": True}),
        Column("In words", 60, {"text_wrap": True}),
        *(Column(display.month_label(month), 9, {"align": "right"}) for month in months),
    ]
    about = (
        f"The figure of each line for the window that ends with the month, over two years, as known in {card.label}.",
        "Italic: provisional. A month whose figure is not known is left empty, so that a small trend has a gap there.",
    )
    return Table(NAME, TABLE, f"Trend data, to {card.label}", about, columns, rows, frozen=2, printed=FIRST_MONTH)


def _cell(point: dict | None, figure: dict) -> Cell | None:
    if point is None:
        return None
    number, shown = number_formats.shown(point["value"], figure["unit"], figure["sign"], figure["decimals"])
    return Cell(number, {"num_format": shown, "italic": point["provisional"]})


def sparklines(trends: Table) -> dict[str, dict[str, Any]]:
    """By line, its small trend: gaps stay gaps, the last month stands out, zero is a line where it is crossed."""
    return {
        str(cells[0]): {
            "range": f"{quote_sheetname(NAME)}!{xl_range_abs(row, FIRST_MONTH, row, len(trends.columns) - 1)}",
            "empty_cells": "gaps",
            "axis": True,
            "weight": 1,
            "markers": True,  # LibreOffice 7.4 prints no line, but these
            "last_point": True,
            "series_color": INK,
            "markers_color": INK,
            "last_color": LAST,
        }
        for row, cells in enumerate(trends.rows, start=trends.headings + 1)
    }
