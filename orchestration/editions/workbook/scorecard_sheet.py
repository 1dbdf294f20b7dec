"""The first sheet: the card as the page prints it, with live colours, and to its right its figures as numbers."""

from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from orchestration.editions import content
from orchestration.editions.workbook import cell_text, number_formats, trend_sheet
from orchestration.editions.workbook.styles import HEADING, INK, LETTERS, PALE, RULE, Styles, height, landscape
from orchestration.scorecard import marks

NAME = "Scorecard"


class Column(NamedTuple):
    """A column of the card: its heading, its width in digits, how its cells are aligned, and its name in formulas."""

    heading: str
    width: float
    align: str = "left"
    name: str | None = None


COLUMNS = {
    "line": Column("Line", 12, name="card_lines"),
    "title": Column("Indicator", 40),
    "target_text": Column("Target", 18),
    "status": Column("RAG", 6, "center", "card_letters"),
    "latest": Column("Latest", 16),
    "period": Column("Period", 14),
    "direction_of_travel": Column("Direction of travel", 12),
    "marks": Column("Marks", 12),
    "trend": Column("Trend", 18),
    "comment": Column("Comment", 66),
    "value": Column("Value", 12, "right", "card_values"),
    "target": Column("Target (number)", 12, "right", "card_targets"),
    "status_reason": Column("Reason for the letter", 60),
}
PLACES = {name: place for place, name in enumerate(COLUMNS)}
WIDTHS = [column.width for column in COLUMNS.values()]
LAST_PRINTED = PLACES["comment"]  # the columns to the right of it are for further calculation
TITLE, SUBTITLE, RELEASE, KEY, HEADINGS = 0, 1, 2, 3, 5
BOLD = ("line", "latest")
NUMBERS_OF = {"value": "latest", "target": "target"}  # the columns that are numbers, and the figures they show
NUMBERS = "Not printed: the figures as numbers, unrounded but shown as printed (points in points, not in fractions)."


def write(workbook: Workbook, sheet: Worksheet, card: content.Card, styles: Styles, trends: dict[str, str]) -> None:
    """Write the card. `trends` are the cells that hold the history of a line, by line."""
    _head(sheet, card, styles)
    last = _lines(sheet, card, styles, trends)
    for name, column in COLUMNS.items():
        if column.name:
            cells = xl_range_abs(HEADINGS + 1, PLACES[name], last, PLACES[name])
            workbook.define_name(column.name, f"={NAME}!{cells}")
    workbook.define_name("card_release", f"={NAME}!{xl_range_abs(RELEASE, 1, RELEASE, 1)}")
    for letter, colours in LETTERS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{letter}"', "format": styles(bold=True, **colours)}
        sheet.conditional_format(HEADINGS + 1, PLACES["status"], last, PLACES["status"], rule)
    last = _notes(sheet, card, styles, last + 2)
    _page(sheet, card, last)


def _head(sheet: Worksheet, card: content.Card, styles: Styles) -> None:
    for name, place in PLACES.items():
        sheet.set_column(place, place, COLUMNS[name].width)
        heading = styles(**_look(COLUMNS[name]) | HEADING)
        sheet.write_string(HEADINGS, place, COLUMNS[name].heading, heading)
    sheet.set_row(HEADINGS, 30)
    sheet.set_row(TITLE, 24)
    sheet.write_string(TITLE, 0, cell_text.of_card(card.title), styles(bold=True, font_size=16, font_color=INK))
    sheet.write_string(SUBTITLE, 0, cell_text.of_card(card.subtitle))
    for row, label, text in ((RELEASE, "Release", card.release), (KEY, "Key", card.key)):
        sheet.write_string(row, 0, label, styles(bold=True))
        sheet.write_string(row, 1, cell_text.of_card(text))
    sheet.write_string(HEADINGS - 1, PLACES["value"], NUMBERS, styles(font_color="#444444"))
    sheet.freeze_panes(HEADINGS + 1, PLACES["target_text"])


def _lines(sheet: Worksheet, card: content.Card, styles: Styles, trends: dict[str, str]) -> int:
    """Write the sections and lines below the headings; return the last row."""
    figures = {(row["line"], row["name"]): row for row in card.tables["figures"].iter_rows(named=True)}
    heading = styles(bold=True, bg_color=PALE, font_color=INK, valign="vcenter")
    row, section = HEADINGS, None
    for line in card.rows:
        row += 1
        if line["section"] != section:
            section = line["section"]
            for place in PLACES.values():
                sheet.write_blank(row, place, None, heading)
            sheet.write_string(row, 0, cell_text.of_card(section), heading)
            sheet.set_row(row, 18)
            row += 1
        of_numbers = {name: figures.get((line["line"], figure)) for name, figure in NUMBERS_OF.items()}
        _line(sheet, row, line, of_numbers, styles)
        if line["line"] in trends:
            sheet.add_sparkline(row, PLACES["trend"], trend_sheet.sparkline(trends[line["line"]]))
    return row


def _line(sheet: Worksheet, row: int, line: dict, figures: dict[str, dict | None], styles: Styles) -> None:
    """Write one line. `figures` are the rows of its figures, by the column that shows them as numbers."""
    texts = _texts(line)
    for name, column in COLUMNS.items():
        look = _look(column) | {"bottom": 1, "bottom_color": RULE}
        look |= {"bold": True} if name in BOLD or name == "status" else {}
        look |= {"italic": True} if name == "comment" and line["comment"] is None else {}
        figure = figures.get(name)
        if name in texts:
            sheet.write_string(row, PLACES[name], texts[name], styles(**look))
        elif figure is not None and line[name] is not None:
            number, shown = number_formats.shown(
                line[name], figure["unit"], figure["sign"], figure["decimals"], figure["out_of"]
            )
            sheet.write_number(row, PLACES[name], number, styles(**look, num_format=shown))
        else:
            sheet.write_blank(row, PLACES[name], None, styles(**look))
    plain = {PLACES[name]: text for name, text in texts.items() if name not in BOLD}
    bold = {PLACES[name]: texts[name] for name in BOLD if name in texts}
    sheet.set_row(row, max(height(plain, WIDTHS), height(bold, WIDTHS, bold=True)))


def _look(column: Column) -> dict[str, Any]:
    """How every cell of a column is set; what is centred needs no indent."""
    indent = {} if column.align == "center" else {"indent": 1}
    return {"align": column.align, "valign": "top", "text_wrap": True, **indent}


def _texts(line: dict) -> dict[str, str]:
    """The texts of a line of the card, by column; without the columns where it has none."""
    comment = line["comment"]
    if comment is None:
        comment = line["summary"]
    elif line["confirmed"]:
        comment += f" (confirmed: {line['confirmed']})"
    texts = line | {"comment": comment, "marks": ", ".join(marks.of_line(line))}
    names = ("line", "title", "target_text", "status", "latest", "period", "direction_of_travel", "marks", "comment")
    return {name: cell_text.of_card(texts[name]) for name in (*names, "status_reason") if texts[name]}


def _notes(sheet: Worksheet, card: content.Card, styles: Styles, row: int) -> int:
    """Write below the card what its marks mean, and the remarks on its deliveries; return the last row."""
    note = styles(font_color="#444444", text_wrap=True, valign="top")
    marked = {mark for line in card.rows for mark in marks.of_line(line)}
    notes = [f"{name}: {mark.meaning}" for name, mark in marks.MARKS.items() if name in marked]
    for name in ("accepted", "replacement_waiting", "rule_change"):
        notes += [f"{line['line']}, {name.replace('_', ' ')}: {line[name]}" for line in card.rows if line[name]]
    for text in (*notes, trend_sheet.NOTE.format(month=card.label)):
        sheet.merge_range(row, 0, row, LAST_PRINTED, "", note)
        sheet.write_string(row, 0, cell_text.of_card(text), note)
        sheet.set_row(row, height({0: text}, [sum(WIDTHS[: LAST_PRINTED + 1])]))
        row += 1
    return row - 1


def _page(sheet: Worksheet, card: content.Card, last: int) -> None:
    """A4 on its side, one page wide, the headings on every page."""
    landscape(sheet, HEADINGS)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.print_area(0, 0, last, LAST_PRINTED)
    title, release = (text.replace("&", "&&")[:100] for text in (card.title, card.release))
    sheet.set_header(f"&L&9 {title}, {card.label}&R&9Release {release}")
    sheet.set_footer(f"&L&9Release {release}&R&9Page &P of &N")
