"""The card for people: as a table in the terminal, and as Markdown. Both show the rows of the scorecard, in order."""

from collections.abc import Iterator
from itertools import groupby

import polars as pl
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from orchestration import display, status

STYLES = {"G": "bold white on green4", "A": "bold black on orange1", "R": "bold white on red3"}


def _sections(card: pl.DataFrame) -> Iterator[tuple[str, Iterator[dict]]]:
    return groupby(card.sort("position").iter_rows(named=True), key=lambda row: row["section"])


def _marks(row: dict) -> str:
    """What a reader must know of the figure: `p` where a provisional month entered, `a` where somebody vouched."""
    return (" p" if row["provisional"] else "") + (" a" if row["accepted"] else "")


def terminal(card: pl.DataFrame, title: str, subtitle: str, key: str) -> Group:
    """The card of one report month as a table that reads well from 80 columns on."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="bold", expand=True)
    table.add_column("", max_width=10, overflow="fold")
    table.add_column("Indicator", ratio=1)
    table.add_column("Target", justify="right", max_width=17)
    table.add_column("", justify="center", no_wrap=True)
    table.add_column("Latest", justify="right", max_width=19)
    for section, rows in _sections(card):
        table.add_row("", Text(section, style="bold cyan"))
        for row in rows:
            letter = row["status"]
            latest = Text((row["latest"] or "") + _marks(row), style="bold")
            if row["period"]:
                latest.append(f"\n{row['period']}", style="not bold dim")
            table.add_row(
                Text(row["line"]),  # a Text shows what it is given: no mark-up is read into the catalogue's words
                Text(row["title"]),
                Text(row["target_text"] or ""),
                Text(f" {letter} ", style=STYLES[letter]) if letter else "",
                latest,
            )
    counts = {letter: card.filter(status=letter).height for letter in STYLES}
    summary = ", ".join(f"{number} {status.COLOURS[letter]}" for letter, number in counts.items())
    if card["provisional"].any():
        key += ". p = a provisional month entered"
    if card["accepted"].is_not_null().any():
        key += ". a = rests on a delivery with rows left out or in doubt, which was accepted:"
        key += "".join(f"\n  {row['line']}: {row['accepted']}" for row in card.iter_rows(named=True) if row["accepted"])
    head = Text.assemble((title, "bold"), "\n", (subtitle, "dim"), "\n")
    return Group(head, table, Text(f"\n{summary}"), Text(key, style="dim"))


def markdown(card: pl.DataFrame, trends: dict[str, str] | None = None) -> str:
    """The card of one report month as a Markdown table with its comments, or in italics what is made in their place.

    `trends` gives by line what stands in a column of its own: Markdown, taken as it is.
    """
    squares = {"G": "🟩 G", "A": "🟧 A", "R": "🟥 R", None: ""}
    head = ["Line", "Indicator", "Target", "", "Latest", "Period", *(["Two years"] if trends else []), "Comment"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for section, rows in _sections(card):
        lines.append(f"| | **{cell(section)}** |{' |' * (len(head) - 2)}")
        for row in rows:
            cells = (
                row["line"],
                row["title"],
                row["target_text"],
                squares[row["status"]],
                (row["latest"] or "") + _marks(row),
                row["period"],
            )
            trend = [trends.get(row["line"], "")] if trends else []
            lines.append("| " + " | ".join([*map(cell, cells), *trend, _said(row)]) + " |")
    return "\n".join(lines)


def changes(differing: pl.DataFrame, counts: str) -> Group:
    """What the cards would print otherwise, as a table, and how many of what."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    for heading in ("Card", "Line", "What", "Published", "Would be"):
        table.add_column(heading, overflow="fold")
    for row in differing.iter_rows(named=True):
        cells = (row["line"], row["what"], row["published"] or "-", row["would_be"] or "-")
        table.add_row(display.month_label(row["report_month"]), *(Text(cell) for cell in cells))
    return Group(*([table, ""] if differing.height else []), counts)


def _said(row: dict) -> str:
    """The comment, with the reason of whoever confirmed it; where there is none, the line in plain words."""
    if row["comment"] is None:
        return _italics(row["in_plain_words"]) if row["in_plain_words"] else ""
    return cell(row["comment"]) + (" " + _italics(f"(confirmed: {row['confirmed']})") if row["confirmed"] else "")


def _italics(text: str) -> str:
    return f"*{cell(text).replace('*', chr(92) + '*')}*"


def cell(text: str | None) -> str:
    """The text as one Markdown cell: nothing in it is read as mark-up of any kind."""
    for mark, written in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = (text or "").replace(mark, written)
    return " ".join((text or "").split())
