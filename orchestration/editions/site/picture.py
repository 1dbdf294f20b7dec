"""A chart on the page of a line: the drawing, what it says in words, and its numbers as a table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A chart: its title, the drawing, what it says to who cannot see it, and its numbers as a table."""

    title: str
    drawn: str
    says: str
    key: tuple[tuple[str, str], ...]  # how a mark looks (a class of the style sheet), and what it stands for
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def provisional(row: dict) -> str:
    """What stands behind a number that may still change."""
    return " (provisional)" if row["provisional"] else ""
