"""A card as a workbook for whoever goes on reckoning: the card, every table of its release, and what they mean."""

from datetime import UTC
from pathlib import Path

from xlsxwriter import Workbook

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, dictionary_sheet, scorecard_sheet, trend_sheet
from orchestration.editions.workbook.styles import DEFAULT, ROW_PIXELS, Styles
from orchestration.editions.workbook.table_sheet import TableSheet

FILE = "scorecard.xlsx"
OPTIONS = {
    "in_memory": True,  # no temporary files, whose dates would be in the workbook
    "default_format_properties": DEFAULT,
    "default_row_height": ROW_PIXELS,
}
TAKEN = (scorecard_sheet.NAME, trend_sheet.NAME, dictionary_sheet.NAME)


def write(card: content.Card, folder: Path) -> None:
    """Write the card's workbook into its folder. The same rows make the same bytes."""
    with Workbook(str(folder / FILE), OPTIONS) as workbook:
        styles = Styles(workbook)
        workbook.set_properties(
            {
                "title": cell_text.of_card(f"{card.title}, {card.label}"),
                "subject": cell_text.of_card(card.release),
                "created": card.tables["release"]["published_at"].item().replace(tzinfo=UTC),
            }
        )
        first = workbook.add_worksheet(scorecard_sheet.NAME)
        sheets = {table.name: _sheet_name(table.name) for table in card.dictionary}
        for table in card.dictionary:
            sheet = workbook.add_worksheet(sheets[table.name], TableSheet)
            sheet.fill(table, card.tables[table.name], styles)
        trends = trend_sheet.write(workbook.add_worksheet(trend_sheet.NAME), card, styles)
        dictionary_sheet.write(workbook.add_worksheet(dictionary_sheet.NAME), card, styles, sheets)
        scorecard_sheet.write(workbook, first, card, styles, trends)


def _sheet_name(table: str) -> str:
    """The table's own name, unless the card has it already: to a spreadsheet, Scorecard is scorecard."""
    taken = {name.casefold() for name in TAKEN}
    return f"{table} (table)" if table.casefold() in taken else table
