"""A card as a workbook, for analysts who calculate further: the card first, and last what only auditors read.

Every sheet holds one marked table. All tables of the release lie next to it as CSV and Parquet.
"""

from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration import organisation
from orchestration.editions import content
from orchestration.editions.workbook import (
    areas_sheet,
    cell_text,
    cover_sheet,
    dictionary_sheet,
    figures_sheet,
    letters_sheet,
    notes_sheet,
    scorecard_sheet,
    table_sheet,
    trend_sheet,
)
from orchestration.editions.workbook.styles import DEFAULT, LETTERS, ROW_PIXELS, Styles

FILE = "scorecard.xlsx"
LANGUAGE = "en-GB"
OPTIONS = {
    "in_memory": True,  # no temporary files, whose dates would be in the workbook
    "default_format_properties": DEFAULT,
    "default_row_height": ROW_PIXELS,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def write(card: content.Card, folder: Path) -> None:
    """Write the card's workbook into its folder. The same rows make the same bytes."""
    trends = trend_sheet.of(card)
    sparklines = trend_sheet.sparklines(trends)
    scorecard, letters = scorecard_sheet.of(card, {*sparklines}), letters_sheet.of(card)
    makers = (areas_sheet, notes_sheet, figures_sheet, dictionary_sheet)
    tables = [scorecard, letters, trends, *(maker.of(card) for maker in makers)]
    with Workbook(str(folder / FILE), OPTIONS) as workbook:
        styles = Styles(workbook)
        _describe(workbook, card)
        sheets = {it.name: table_sheet.write(workbook, it, styles) for it in (cover_sheet.of(card, tables), *tables)}
        for row, line in enumerate(card.rows, start=scorecard.headings + 1):
            if line["line"] in sparklines:
                place = scorecard_sheet.PLACES["trend"]
                sheets[scorecard.name].add_sparkline(row, place, sparklines[line["line"]])
        place = scorecard_sheet.PLACES["status"]
        _colour(sheets[scorecard.name], scorecard, place, place, styles)
        _colour(sheets[letters.name], letters, letters_sheet.LETTERS_FROM, len(letters.columns) - 1, styles)


def _colour(sheet: Worksheet, table: table_sheet.Table, first: int, last: int, styles: Styles) -> None:
    """Colour the letters in these columns, and again whenever one is changed."""
    rows = table.headings + 1, table.headings + max(len(table.rows), 1)
    for letter, colours in LETTERS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{letter}"', "format": styles(**colours)}
        sheet.conditional_format(rows[0], first, rows[1], last, rule)


def _describe(workbook: Workbook, card: content.Card) -> None:
    """The properties of the document."""
    properties = {
        "title": f"{card.title}, {card.label}",
        "subject": card.subtitle,
        "author": organisation.declared().name,
        "keywords": f"scorecard, {card.release}",
    }
    texts = {name: cell_text.of_card(text) for name, text in properties.items()}
    workbook.set_properties(texts | {"created": card.published_at})
    workbook.set_custom_property("Language", LANGUAGE)
