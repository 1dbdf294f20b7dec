"""The content of the page of a card, as plain values for its template."""

import re
from itertools import groupby

import markupsafe

from orchestration.editions.content import Card
from orchestration.editions.site import small_trends
from orchestration.explain import words
from orchestration.scorecard import marks, status


def content(card: Card) -> dict:
    """The card: its head, what changed since last month, and its sections with their lines."""
    files, trends = files_of_lines(card.rows), small_trends.of_lines(card)
    lines = [_line(card, row, files[row["line"]], trends.get(row["line"], "")) for row in card.rows]
    letters = [line["status"] for line in lines]
    return {
        "card": card,
        "sections": [
            {"title": title, "key": f"section-{number}", "lines": list(of_section)}
            for number, (title, of_section) in enumerate(groupby(lines, key=lambda line: line["section"]), start=1)
        ],
        "counts": [(letter, colour, letters.count(letter)) for letter, colour in status.COLOURS.items()],
        "without_a_letter": letters.count(None),
        "changed": [line for line in lines if line["changed"]],
        "any_incomplete": any(line["incomplete"] for line in lines),
        "marks": [
            (name, mark.meaning)
            for name, mark in marks.MARKS.items()
            if any(name in marks.of_line(row) for row in card.rows)
        ],
    }


def files_of_lines(rows: tuple[dict, ...]) -> dict[str, str]:
    """By line, the file of its page: lower case letters, digits and hyphens; its position where two would be equal."""
    found: dict[str, str] = {}
    for row in rows:
        name = re.sub(r"[^a-z0-9]+", "-", row["line"].lower()).strip("-") or "line"
        if f"{name}.html" in found.values() or name == "index":
            name = f"{name}-{row['position']}"
        found[row["line"]] = f"{name}.html"
    return found


def _line(card: Card, row: dict, file: str, trend: str) -> dict:
    change = card.stories[row["line"]].get("change")
    return row | {
        "file": file,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "incomplete": marks.incomplete(row),
        "amber": words.width_of_amber(card.indicators.get(row["line"]), card.due.get(row["line"])),
        "no_letter": words.no_letter(row),
        "trend": markupsafe.Markup(trend),
        "change": change,
        "changed": change and not change["missing_reason"] and words.differs(change),
        "letter_changed": change and words.letter_changed(change),
    }
