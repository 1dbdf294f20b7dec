"""The content of the page of downloads of a card, as plain values for its template: its files, and every table."""

from orchestration.editions.content import Card

WHOLE = (
    ("scorecard.xlsx", "Workbook", "the card, letters by month, trends, areas and figures, for Excel and LibreOffice"),
    ("scorecard.pdf", "PDF", "the card on paper"),
    ("scorecard.json", "JSON", "the card as one document, each line with all that belongs to it"),
    ("digest.txt", "Digest", "what changed since last month, as plain text for mail"),
    ("datapackage.json", "Data package", "the description of the CSV files for programs (Frictionless)"),
)


def content(card: Card) -> dict:
    """The files of the card, and its tables in alphabetical order with how many rows each has."""
    return {
        "card": card,
        "whole": WHOLE,
        "tables": [
            {"name": table.name, "description": table.description, "rows": f"{card.tables[table.name].height:,}"}
            for table in card.dictionary
        ],
    }
