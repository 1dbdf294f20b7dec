"""The last sheet: the description of every table and column of the release, and where each table is."""

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, figures_sheet
from orchestration.editions.workbook.styles import HEADING, INK, PALE, Styles, height, landscape

NAME = "Data dictionary"
HEADINGS = ("Table", "Column", "Type", "May be empty", "Meaning")
WIDTHS = [24.0, 28.0, 16.0, 15.0, 110.0]
MEANING = 4


def write(sheet: Worksheet, card: content.Card, styles: Styles) -> None:
    """Write the dictionary of the release. The table that has a sheet of its own is a link to it."""
    for place, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, styles(**HEADING))
    row = 0
    for table in card.dictionary:
        row += 1
        shaded = styles(bg_color=PALE, bold=True, valign="top", text_wrap=True)
        link = styles(bg_color=PALE, bold=True, valign="top", font_color=INK, underline=1)
        sheet.write_string(row, 0, table.name, shaded)
        sheet.write_string(row, 1, f"csv/{table.name}.csv", shaded)
        for place in range(2, MEANING):
            sheet.write_blank(row, place, None, shaded)
        if table.name == figures_sheet.TABLE:
            sheet.write_url(row, 0, f"internal:'{figures_sheet.NAME}'!A1", link, table.name)
        _write(sheet, row, table.description, shaded, bold=True)
        for column in table.columns:
            row += 1
            kind = styles(valign="top", text_wrap=True)
            cells = (table.name, column.name, column.type, "yes" if column.nullable else "no")
            for place, text in enumerate(cells):
                sheet.write_string(row, place, cell_text.of_cell(text), kind)
            _write(sheet, row, column.description, kind)
    sheet.autofilter(0, 0, row, MEANING)
    sheet.freeze_panes(1, 0)
    landscape(sheet, headings=0)
    sheet.set_footer("&L&9&A&R&9Page &P of &N")


def _write(sheet: Worksheet, row: int, meaning: str, look: Format, bold: bool = False) -> None:
    text = cell_text.of_cell(meaning)
    sheet.write_string(row, MEANING, text, look)
    sheet.set_row(row, height({MEANING: text}, WIDTHS, bold))
