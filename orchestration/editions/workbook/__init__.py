"""A card as a workbook, for analysts who calculate further: the card, its figures and trends, and a dictionary.

All tables of the release lie beside it as CSV and Parquet.
"""

from pathlib import Path

from xlsxwriter import Workbook

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, dictionary_sheet, figures_sheet, scorecard_sheet, trend_sheet
from orchestration.editions.workbook.styles import DEFAULT, ROW_PIXELS, Styles

FILE = "scorecard.xlsx"
OPTIONS = {
    "in_memory": True,  # no temporary files, whose dates would be in the workbook
    "default_format_properties": DEFAULT,
    "default_row_height": ROW_PIXELS,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def write(card: content.Card, folder: Path) -> None:
    """Write the card's workbook into its folder. The same rows make the same bytes."""
    with Workbook(str(folder / FILE), OPTIONS) as workbook:
        styles = Styles(workbook)
        workbook.set_properties(
            {
                "title": cell_text.of_card(f"{card.title}, {card.label}"),
                "subject": cell_text.of_card(card.release),
                "created": card.published_at,
            }
        )
        first = workbook.add_worksheet(scorecard_sheet.NAME)
        figures_sheet.write(workbook, card)
        trends = trend_sheet.write(workbook.add_worksheet(trend_sheet.NAME), card, styles)
        dictionary_sheet.write(workbook.add_worksheet(dictionary_sheet.NAME), card, styles)
        scorecard_sheet.write(workbook, first, card, styles, trends)
