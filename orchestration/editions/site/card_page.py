"""The content of the page of a card, as plain values for its template."""

import re
from collections.abc import Sequence
from itertools import groupby

from orchestration.editions import changes
from orchestration.editions.content import Card
from orchestration.editions.site import small_trends
from orchestration.explain import words
from orchestration.scorecard import marks, status

OWN_PAGES = ("index", "downloads")  # of the card: no line's page is called so


def content(card: Card) -> dict:
    """The card: its head, what changed since last month, and its sections with their lines."""
    files, trends = files_of_lines(card.rows), small_trends.of_lines(card)
    lines = [_line(card, row, files[row["line"]], trends.get(row["line"])) for row in card.rows]
    changed = changes.of(card)
    moved = {it["line"] for it in (*changed["letters"], *changed["moved"], *changed["restated"])}
    for line in lines:
        line["changed"] = line["line"] in moved
    return {
        "card": card,
        "sections": [
            {"title": title, "key": f"section-{number}", "lines": list(of_section)}
            for number, (title, of_section) in enumerate(groupby(lines, key=lambda line: line["section"]), start=1)
        ],
        "counts": changes.counts([line["status"] for line in lines]),
        "changed": changed,
        "files": files,
        "any_incomplete": any(line["incomplete"] for line in lines),
        "marks": [
            (name, mark.meaning)
            for name, mark in marks.MARKS.items()
            if any(name in marks.of_line(row) for row in card.rows)
        ],
    }


def files_of_lines(rows: Sequence[dict]) -> dict[str, str]:
    """By line, the file of its page: lower case letters, digits and hyphens; its position where two would be equal."""
    found: dict[str, str] = {}
    for row in rows:
        name = re.sub(r"[^a-z0-9]+", "-", row["line"].lower()).strip("-") or "line"
        if f"{name}.html" in found.values() or name in OWN_PAGES:
            name = f"{name}-{row['position']}"
        found[row["line"]] = f"{name}.html"
    return found


def _line(card: Card, row: dict, file: str, trend: small_trends.Trend | None) -> dict:
    return row | {
        "file": file,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "arrow": card.arrow(row),
        "incomplete": marks.incomplete(row),
        "trend": trend,
        "amber": words.width_of_amber(card.indicators.get(row["line"]), card.due.get(row["line"])),
        "no_letter": words.no_letter(row),
    }
