"""What the page of a card shows, as plain values for its template."""

from itertools import groupby

import markupsafe

from orchestration.editions import marks
from orchestration.editions.content import Card
from orchestration.editions.site import names, small_trends
from orchestration.explain import words
from orchestration.scorecard import status


def content(card: Card) -> dict:
    """The card: its head, what changed since last month, and its sections with their lines."""
    files = names.files(card.rows)
    trends = small_trends.of_lines(card)
    lines = [_line(card, row, files[row["line"]], trends.get(row["line"], "")) for row in card.rows]
    return {
        "card": card,
        "sections": [
            {"title": title, "key": f"section-{number}", "lines": list(of_section)}
            for number, (title, of_section) in enumerate(groupby(lines, key=lambda line: line["section"]), start=1)
        ],
        "counts": [
            (letter, colour, sum(line["status"] == letter for line in lines))
            for letter, colour in status.COLOURS.items()
        ],
        "without_a_letter": sum(line["status"] is None for line in lines),
        "changed": [line for line in lines if line["changed"]],
        "any_provisional": any(line["provisional"] for line in lines),
        "any_incomplete": any(line["incomplete"] for line in lines),
        "any_accepted": any(line["accepted"] for line in lines),
        "any_waiting": any(line["replacement_waiting"] for line in lines),
    }


def _line(card: Card, row: dict, file: str, trend: str) -> dict:
    change = card.stories[row["line"]].get("change")
    return row | {
        "file": file,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "incomplete": marks.incomplete(row),
        "trend": markupsafe.Markup(trend),
        "change": change,
        "changed": change and not change["missing_reason"] and words.differs(change),
        "turned": change and words.letter_turned(change),
    }
