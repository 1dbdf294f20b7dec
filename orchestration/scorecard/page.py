"""The card for people: as a table in the terminal, and as Markdown. Both show the rows of the scorecard, in order."""

from collections.abc import Iterator
from itertools import groupby

import polars as pl
from rich import box
from rich.console import Console, Group, RenderableType
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from orchestration.scorecard import display, letters, marks, status

ORDINARY, WIDE = 80, 120  # columns of a screen
# As the catalogue's directions make it: a fall in crime is better.
TRAVEL = {
    **{"improving": ("better", "green"), "worsening": ("worse", "red"), "unchanged": ("same", "dim")},
    status.NOT_COMPARABLE: ("n/c", "dim"),
    status.NEITHER: ("neither", "dim"),
}
STYLES = {"G": "bold white on green4", "A": "bold black on orange1", "R": "bold white on red3"}


def _sections(card: pl.DataFrame) -> Iterator[tuple[str, Iterator[dict]]]:
    return groupby(card.sort("position").iter_rows(named=True), key=lambda row: row["section"])


def _latest(row: dict) -> str:
    return " ".join([row["latest"] or "", *marks.letters(row)])


def terminal(card: pl.DataFrame, title: str, subtitle: str, key: str, width: int) -> Group:
    """The card of one report month for a screen of that many columns: with its comments from 120 on.

    Under 80 columns the target stands below the title.
    """
    widths = _widths(width)
    parts: list[RenderableType] = [Text(title, style="bold"), Text(subtitle, style="dim"), Text()]
    heading = _table(widths)
    heading.add_row(*(Text(name if name != "Letter" else "", style="bold") for name in widths))
    parts.append(heading)
    for section, rows in _sections(card):
        of_section = _table(widths)
        for row in rows:
            cells = _cells(row, with_target="Target" not in widths)
            of_section.add_row(*(cells[name] for name in widths))
        parts += [Text(), Text(section, style="bold cyan"), of_section]
    counts = {letter: card.filter(status=letter).height for letter in STYLES}
    parts += [Text(), Text(", ".join(f"{number} {status.COLOURS[letter]}" for letter, number in counts.items()))]
    return Group(*parts, *(Text(entry, style="dim") for entry in _key(card, key)))


def _widths(width: int) -> dict[str, int]:
    """The columns that a screen of that width has room for, each with its width; titles and comments take the rest."""
    wide, narrow = width >= WIDE, width < ORDINARY
    columns = {"Line": 10, "Indicator": 0} | ({} if narrow else {"Target": 17 if wide else 15})
    columns |= {"Letter": 3, "Latest": 19 if wide else 15, "On year": 7} | ({"Comment": 0} if wide else {})
    rest = max(width - sum(columns.values()) - len(columns) + 1, 2)
    return columns | ({"Indicator": rest * 2 // 5, "Comment": rest - rest * 2 // 5} if wide else {"Indicator": rest})


def _table(widths: dict[str, int]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for name, width in widths.items():
        table.add_column(width=width, overflow="fold", justify="right" if name in ("Target", "Latest") else "left")
    return table


def _cells(row: dict, with_target: bool) -> dict[str, Text]:
    """The cells of a line, as Text: no mark-up is read into the catalogue's words."""
    letter, travel = row["status"], row["direction_of_travel"]
    title = Text(row["title"])
    if with_target and row["target_text"]:
        title.append(f"\ntarget: {row['target_text']}", style="dim")
    latest = Text(_latest(row), style="bold")
    if row["period"]:
        latest.append(f"\n{row['period']}", style="not bold dim")
    comment = Text(row["comment"]) if row["comment"] is not None else Text(row["summary"] or "", style="italic")
    if row["comment"] is not None and row["confirmed"]:
        comment.append(f" (confirmed: {row['confirmed']})", style="italic")
    return {
        "Line": Text(row["line"]),
        "Indicator": title,
        "Target": Text(row["target_text"] or ""),
        "Letter": _letter(row) if letter else Text(),
        "Latest": latest,
        "On year": Text(*TRAVEL[travel]) if travel else Text(),
        "Comment": comment,
    }


def _key(card: pl.DataFrame, key: str) -> Iterator[str]:
    """What the letters mean, and the words and marks that this card has."""
    yield key
    words = [word for travel, (word, _) in TRAVEL.items() if (card["direction_of_travel"] == travel).any()]
    if words:
        unlike = "; n/c = not comparable with it" if TRAVEL[status.NOT_COMPARABLE][0] in words else ""
        words = [word for word in words if word != TRAVEL[status.NOT_COMPARABLE][0]]
        yield f"{', '.join(words)} = than in the same window a year before{unlike}"
    if card["provisional"].any():
        yield f"p = {marks.MARKS['provisional'].meaning}"
    remarks = [(row["line"], marks.remarks(row)) for row in card.iter_rows(named=True)]
    for mark in marks.MARKS.values():
        if of_mark := [f"  {line}: {of_line[mark.letter]}" for line, of_line in remarks if mark.letter in of_line]:
            yield f"{mark.letter} = {mark.meaning}:"
            yield from of_mark


def letters_by_month(rows: list[dict], title: str, width: int) -> Group:
    """The letter of every line on each card of a year, for a screen of that many columns; long titles are cut."""
    report_months, sections = letters.grid(rows)
    widths = [10, max(width - 10 - 4 * len(report_months) - 2, 10)]
    heading = _row_of(widths, [Text("Line"), Text("Indicator"), *(Text(f"{month:%b}") for month in report_months)])
    parts: list[RenderableType] = [Text(title, style="bold"), Text(), heading]
    for section, lines in sections:
        parts += [Text(), Text(section, style="bold cyan")]
        parts += [
            _row_of(widths, [Text(line["line"]), Text(line["title"]), *(_letter(cell) for cell in cells)])
            for line, cells in lines
        ]
    return Group(*parts, Text(), Text("- = on the card, without a letter", style="dim"))


def _row_of(widths: list[int], cells: list[Text]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for number, _ in enumerate(cells):
        of_month = number >= len(widths)
        table.add_column(width=3 if of_month else widths[number], no_wrap=True, overflow="ellipsis")
    table.add_row(*cells)
    return table


def _letter(row: dict | None) -> Text:
    if row is None:
        return Text()
    letter = row["status"]
    return Text(f" {letter} ", style=STYLES[letter]) if letter else Text(" - ", style="dim")


def without_trailing_spaces(shown: RenderableType, console: Console) -> Segments:
    """The same lines without the spaces that pad them, which are in the way when the text is copied or piped."""
    written: list[Segment] = []
    for line in console.render_lines(shown, pad=False):
        while line and not line[-1].text.strip() and not (line[-1].style and line[-1].style.bgcolor):
            line.pop()
        if line and not (line[-1].style and line[-1].style.bgcolor):
            line[-1] = line[-1]._replace(text=line[-1].text.rstrip())
        written += [*line, Segment.line()]
    return Segments(written)


def markdown(card: pl.DataFrame, trends: dict[str, str] | None = None) -> str:
    """The card of one report month as a Markdown table; in italics the sentences made where there is no comment.

    `trends` holds by line the Markdown of a column of its own.
    """
    squares = {"G": "🟩 G", "A": "🟧 A", "R": "🟥 R", None: ""}
    head = ["Line", "Indicator", "Target", "", "Latest", "Period", *(["Two years"] if trends else []), "Comment"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for section, rows in _sections(card):
        lines.append(f"| | **{cell(section)}** |{' |' * (len(head) - 2)}")
        for row in rows:
            cells = (row["line"], row["title"], row["target_text"], squares[row["status"]], _latest(row), row["period"])
            trend = [trends.get(row["line"], "")] if trends else []
            lines.append("| " + " | ".join([*map(cell, cells), *trend, _comment(row)]) + " |")
    return "\n".join(lines)


def changes(differing: pl.DataFrame, counts: str) -> Group:
    """The cells that the cards would print differently, as a table, and their counts."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    for heading in ("Card", "Line", "What", "Published", "Would be"):
        table.add_column(heading, overflow="fold")
    for row in differing.iter_rows(named=True):
        cells = (row["line"], row["what"], row["published"] or "-", row["would_be"] or "-")
        table.add_row(display.month_label(row["report_month"]), *(Text(cell) for cell in cells))
    return Group(table, "", counts) if differing.height else Group(counts)


def _comment(row: dict) -> str:
    """The comment, with the reason of whoever confirmed it; where there is none, the line in plain words."""
    if row["comment"] is None:
        return _italics(row["summary"]) if row["summary"] else ""
    return cell(row["comment"]) + (" " + _italics(f"(confirmed: {row['confirmed']})") if row["confirmed"] else "")


def _italics(text: str) -> str:
    return f"*{cell(text).replace('*', chr(92) + '*')}*"


def cell(text: str | None) -> str:
    """The text as one Markdown cell: nothing in it is read as mark-up of any kind."""
    for mark, written in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = (text or "").replace(mark, written)
    return " ".join((text or "").split())
