"""The sheet of the card as the page prints it, with live colours, and to its right its figures as numbers."""

from typing import Any

from orchestration.editions import content
from orchestration.editions.workbook import number_formats, symbols
from orchestration.editions.workbook.table_sheet import CENTRED, Cell, Column, Table
from orchestration.scorecard import marks

NAME, TABLE = "Scorecard", "scorecard"
WRAPPED = {"text_wrap": True}
NUMBER = {"align": "right"}
COLUMNS = {
    "section": Column("Section", 13, WRAPPED),
    "line": Column("Line", 10, WRAPPED | {"bold": True}),
    "title": Column("Indicator", 38, WRAPPED),
    "target_text": Column("Target", 16, WRAPPED),
    "status": Column("RAG", 7, {"bold": True} | CENTRED),
    "latest": Column("Latest", 14, WRAPPED | {"bold": True}),
    "period": Column("Period", 13, WRAPPED),
    "direction_of_travel": Column("Direction of travel", 13, WRAPPED),
    "marks": Column("Marks", 12, WRAPPED),
    "trend": Column("Trend", 16),
    "comment": Column("Comment", 62, WRAPPED),
    "value": Column("Value", 14, NUMBER),
    "target": Column("Target (number)", 14, NUMBER),
    "status_reason": Column("Reason for the letter", 60, WRAPPED),
}
PLACES = {name: place for place, name in enumerate(COLUMNS)}
PRINTED = PLACES["comment"] + 1  # the columns to the right of it are for further calculation
NUMBERS_OF = {"value": "latest", "target": "target"}  # the columns that are numbers, and the figures they show
HOLDS = "The card as printed, with its marks (sheet Notes); to the right of the comment, the figures as numbers."


def of(card: content.Card, trends: set[str]) -> Table:
    """The lines of the card in its order. `trends` are those for which a small trend is drawn."""
    figures = {(row["line"], row["name"]): row for row in card.tables["figures"].iter_rows(named=True)}
    rows = [[_cell(name, line, figures, trends) for name in COLUMNS] for line in card.rows]
    return Table(
        NAME,
        TABLE,
        f"{card.title}, {card.label}",
        (HOLDS, card.subtitle),
        [*COLUMNS.values()],
        rows,
        frozen=PLACES["target_text"],
        printed=PRINTED,
    )


def _cell(name: str, line: dict, figures: dict[tuple[str, str], dict], trends: set[str]) -> object:
    """The cell of a line in a column; a symbol where it has nothing."""
    if name == "trend" and line["line"] in trends:
        return None
    found = _text(name, line) if name not in NUMBERS_OF else _number(name, line, figures)
    return found or _symbol(name, line)


def _symbol(name: str, line: dict) -> str:
    """What stands for a cell that a line lacks: its figure and letter, or what its figure is compared with."""
    if name in ("status", "value", "trend") and marks.incomplete(line):
        return symbols.unknown(line["status_reason"])
    compared = name == "direction_of_travel" and line["measure"] is not None
    return symbols.NOT_AVAILABLE if compared else symbols.NOT_APPLICABLE


def _number(name: str, line: dict, figures: dict[tuple[str, str], dict]) -> Cell | None:
    figure = figures.get((line["line"], NUMBERS_OF[name]))
    if figure is None or line[name] is None:
        return None
    number, shown = number_formats.shown(
        line[name], figure["unit"], figure["sign"], figure["decimals"], figure["out_of"]
    )
    return Cell(number, {"num_format": shown})


def _text(name: str, line: dict) -> Any:
    if name == "marks":
        return ", ".join(marks.of_line(line))
    if name == "comment" and line["comment"] is None:
        return Cell(line["summary"], {"italic": True}) if line["summary"] else None
    if name == "comment" and line["confirmed"]:
        return f"{line['comment']} (confirmed: {line['confirmed']})"
    return line.get(name)
