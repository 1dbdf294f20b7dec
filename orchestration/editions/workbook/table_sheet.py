"""A sheet that holds one table, marked as one: a title above it, headings that stay and filter, no merged cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.editions.workbook import cell_text, symbols
from orchestration.editions.workbook.styles import A4, DAY, HEADING, INK, QUIET, RULE, Styles, height

TITLE, ABOUT = 0, 1  # the rows above the table
CELL = {"align": "left", "valign": "top", "indent": 1, "bottom": 1, "bottom_color": RULE}
HEADING_POINTS = 30  # two lines
CENTRED = {"align": "center", "indent": 0}
LINK = {"font_color": INK, "underline": 1}


class Column(NamedTuple):
    """A column: its heading, its width in digits, and how its cells look (properties of xlsxwriter)."""

    heading: str
    width: float
    look: Mapping[str, Any] = {}


class Cell(NamedTuple):
    """A value that looks different from the others of its column, or leads to another sheet."""

    value: object
    look: Mapping[str, Any] = {}
    sheet: str | None = None


class Table(NamedTuple):
    """A sheet and its table, whose name formulas use.

    `about` are the lines between its title and the headings. The first `printed` columns are printed, the first
    `frozen` ones stay in sight.
    """

    sheet: str
    name: str
    title: str
    about: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    frozen: int = 0
    printed: int | None = None

    @property
    def headings(self) -> int:
        """The row of the headings, counted from 0."""
        return ABOUT + len(self.about)


def write(workbook: Workbook, table: Table, styles: Styles) -> Worksheet:
    """Write the sheet. A table without rows has one of `[z]`, as a marked table cannot be empty."""
    sheet = workbook.add_worksheet(table.sheet)
    rows = table.rows or [[symbols.NOT_APPLICABLE] * len(table.columns)]
    first, last = table.headings, table.headings + len(rows)
    sheet.set_row(TITLE, 24)
    sheet.write_string(TITLE, 0, cell_text.of_card(table.title), styles(bold=True, font_size=16, font_color=INK))
    for row, text in enumerate(table.about, start=ABOUT):
        sheet.write_string(row, 0, cell_text.of_card(text))
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
    sheet.set_row(first, HEADING_POINTS)
    sheet.add_table(
        first,
        0,
        last,
        len(table.columns) - 1,
        {
            "name": table.name,
            "style": None,
            "title": cell_text.of_card(table.title)[:255],
            "columns": [
                {"header": column.heading, "header_format": styles(**{**CELL, **column.look, **HEADING})}
                for column in table.columns
            ],
        },
    )
    for number, cells in enumerate(rows, start=first + 1):
        _row(sheet, number, cells, table.columns, styles)
    sheet.freeze_panes(first + 1, table.frozen)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    _page(sheet, table, last)
    return sheet


def _row(sheet: Worksheet, number: int, cells: Sequence[object], columns: Sequence[Column], styles: Styles) -> None:
    """Write the cells of a row, and make it as high as its longest text needs."""
    highest = 0.0
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        value, own, target = cell if isinstance(cell, Cell) else Cell(cell)
        look: dict[str, Any] = {**CELL, **column.look, **own}
        if value in symbols.MEANINGS:
            look |= {"font_color": QUIET, "italic": False}
        elif isinstance(value, str):
            value = cell_text.of_card(value)
            if look.get("text_wrap"):
                highest = max(highest, height(value, column.width, look.get("bold", False)))
        elif isinstance(value, date):
            look = {"num_format": DAY} | look
        elif isinstance(value, bool):
            value = "yes" if value else "no"  # some programs show a truth as 0 or 1
        if target is not None:
            sheet.write_url(number, place, f"internal:'{target}'!A1", styles(**look | LINK), value)
        else:
            sheet.write(number, place, value, styles(**look))
    if highest:
        sheet.set_row(number, highest)


def _page(sheet: Worksheet, table: Table, last: int) -> None:
    """A4 on its side, one page wide, the headings on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(table.headings)
    sheet.print_area(0, 0, last, (table.printed or len(table.columns)) - 1)
    sheet.set_footer("&L&9&A&R&9Page &P of &N")
