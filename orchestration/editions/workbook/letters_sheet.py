"""The sheet of letters: those of every line, month by month, on the cards of its financial year."""

from orchestration import organisation
from orchestration.editions import content
from orchestration.editions.workbook import symbols
from orchestration.editions.workbook.table_sheet import CENTRED, Column, Table
from orchestration.scorecard import display

NAME, TABLE = "Letters by month", "letters"
LETTERS_FROM = 3  # the first column of letters


def of(card: content.Card) -> Table:
    """The lines of the card in its order, with the letter that each has on every card of the year so far."""
    letters = {(line, it["report_month"]): it["status"] for line, its in card.year_so_far.items() for it in its}
    months = sorted({month for _, month in letters})
    rows = [
        [
            *(row["section"], row["line"], row["title"]),
            *(letters.get((row["line"], month)) or symbols.NOT_APPLICABLE for month in months),
        ]
        for row in card.rows
    ]
    columns = [
        Column("Section", 14),
        Column("Line", 12, {"bold": True}),
        Column("Indicator", 80, {"text_wrap": True}),
        *(Column(display.month_label(month), 8, {"bold": True} | CENTRED) for month in months),
    ]
    year = organisation.declared().year.called
    about = (
        f"The letter of every line on each card of its {year}, as published up to release {card.release}.",
        card.key,
    )
    return Table(NAME, TABLE, f"Letters by month, to {card.label}", about, columns, rows, frozen=LETTERS_FROM)
