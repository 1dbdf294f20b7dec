"""The sheet of notes: what the letters, marks and symbols mean, and what was remarked on single lines."""

from orchestration import organisation
from orchestration.editions import content
from orchestration.editions.workbook import symbols
from orchestration.editions.workbook.table_sheet import Column, Table
from orchestration.scorecard import marks

NAME, TABLE = "Notes", "notes"
ALL, RAG, NO_VALUE = "all lines", "column RAG", "any cell"
NUMBERS = (
    "The figure and its target as numbers: unrounded, and shown as printed; percentage points in points, not fractions."
)
PERIOD = "The months of the figure where they are not those that the title names; otherwise [z]."
TRAVEL = "How the figure compares with the same window a year before."
TREND = "The figure of each month, from the sheet Trend data, which has it in numbers and in words."
COMMENT = "In italics where nobody wrote one: text made from the figures."


def of(card: content.Card) -> Table:
    """The notes of the card."""
    not_shown = organisation.declared().not_shown
    marked = {mark for line in card.rows for mark in marks.of_line(line)}
    rows: list[list[str]] = [
        ["Letters", "column RAG", card.key],
        *(["Not shown", "the card", text] for text in [not_shown] if text),
        *([symbol, "any cell", meaning] for symbol, meaning in symbols.MEANINGS.items()),
        *([name, "column Marks", mark.meaning] for name, mark in marks.MARKS.items() if name in marked),
        *(
            [name.replace("_", " "), f"line {line['line']}", line[name]]
            for name in ("accepted", "replacement_waiting", "rule_change")
            for line in card.rows
            if line[name]
        ),
        *([abbreviation, "titles and comments", meaning] for abbreviation, meaning in card.glossary.items()),
        ["Period", "column Period", PERIOD],
        ["Direction of travel", "column Direction of travel", TRAVEL],
        ["Trend", "column Trend", TREND],
        ["Comment", "column Comment", COMMENT],
        ["Numbers", "columns Value and Target (number)", NUMBERS],
    ]
    wrapped = {"text_wrap": True}
    columns = [Column("Note", 22, {"bold": True}), Column("Applies to", 34, wrapped), Column("Meaning", 100, wrapped)]
    about = ("What the letters, marks and symbols mean, and remarks on single lines.", card.subtitle)
    return Table(NAME, TABLE, "Notes", about, columns, rows)
