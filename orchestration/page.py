"""The card for people: as a table in the terminal, and as Markdown. Both show the rows of the scorecard, in order."""

from collections.abc import Iterator
from itertools import groupby

import polars as pl
from rich import box
from rich.console import Group
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

COLOURS = {"G": "bold white on green4", "A": "bold black on orange1", "R": "bold white on red3"}
WORDS = {"G": "green", "A": "amber", "R": "red"}


def _sections(card: pl.DataFrame) -> Iterator[tuple[str, Iterator[dict]]]:
    return groupby(card.sort("position").iter_rows(named=True), key=lambda row: row["section"])


def _marks(row: dict) -> str:
    """What a reader must know of the figure: `p` where a provisional month entered."""
    return " p" if row["provisional"] else ""


def terminal(card: pl.DataFrame, title: str, subtitle: str, key: str) -> Group:
    """The card of one report month as a table that fits 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    for name, style, justify in (
        ("Line", "", "left"),
        ("Indicator", "", "left"),
        ("Target", "", "right"),
        ("", "", "center"),
        ("Latest", "bold", "right"),
        ("Period", "dim", "left"),
    ):
        table.add_column(name, style=style, justify=justify, overflow="fold")
    for section, rows in _sections(card):
        table.add_row("", Text(section, style="bold cyan"))
        for row in rows:
            letter = row["status"]
            table.add_row(
                row["line"],
                row["title"],
                row["target_text"] or "",
                Text(f" {letter} ", style=COLOURS[letter]) if letter else "",
                (row["latest"] or "") + _marks(row),
                row["period"] or "",
            )
    counts = {letter: card.filter(status=letter).height for letter in COLOURS}
    summary = ", ".join(f"{number} {WORDS[letter]}" for letter, number in counts.items())
    if card["provisional"].any():
        key += ". p = a provisional month entered"
    return Group(
        Text(title, style="bold"), Text(subtitle, style="dim"), Rule(style="dim"), table, Text(summary), Text(key, style="dim")
    )


def markdown(card: pl.DataFrame) -> str:
    """The card of one report month as a Markdown table with its comments."""
    squares = {"G": "🟩 G", "A": "🟧 A", "R": "🟥 R", None: ""}
    lines = ["| Line | Indicator | Target | | Latest | Period | Comment |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for section, rows in _sections(card):
        lines.append(f"| | **{_cell(section)}** | | | | | |")
        for row in rows:
            cells = (
                row["line"],
                row["title"],
                row["target_text"],
                squares[row["status"]],
                (row["latest"] or "") + _marks(row),
                row["period"],
                row["comment"],
            )
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _cell(text: str | None) -> str:
    return (text or "").replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
