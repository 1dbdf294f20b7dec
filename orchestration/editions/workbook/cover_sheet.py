"""The first sheet: whose card this is, of which month, when it was published, and what the other sheets hold."""

from collections.abc import Sequence

from orchestration import organisation
from orchestration.editions import changes, content
from orchestration.editions.workbook.table_sheet import Cell, Column, Table
from orchestration.explain import words

NAME, TABLE = "Cover", "contents"
HOLDS = "Each sheet below holds one table, whose headings filter it."


def of(card: content.Card, sheets: Sequence[Table]) -> Table:
    """The cover, with a link to each of the sheets."""
    by = organisation.declared()
    facts = {
        "Report month": f"{card.report_month:%B %Y}",
        "Published on": card.published_on,
        "Release": card.release,
        "Contact": by.contact,
        "Licence": by.licence,
    }
    about = [
        by.name,
        card.subtitle,
        *(f"{label}: {text}" for label, text in facts.items() if text),
        card.next_card,
        changes.of(card)["sentence"],
        *words.overview(card.stories),
        HOLDS,
    ]
    rows = [[Cell(it.sheet, {}, it.sheet), it.about[0], len(it.rows)] for it in sheets]
    columns = [
        Column("Sheet", 22, {"bold": True}),
        Column("What it holds", 110, {"text_wrap": True}),
        Column("Rows", 8, {"align": "right"}),
    ]
    return Table(NAME, TABLE, card.title, about, columns, rows)
