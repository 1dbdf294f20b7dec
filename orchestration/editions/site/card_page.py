"""The content of the page of a card, as plain values for its template."""

from itertools import groupby

from orchestration.editions import changes, digest
from orchestration.editions.content import Card
from orchestration.editions.site import addresses, small_trends
from orchestration.explain import words
from orchestration.scorecard import display, letters, marks, status


def content(card: Card) -> dict:
    """The card: its head, what changed since last month, and its sections with their lines."""
    files, trends = addresses.of_lines(card.rows), small_trends.of_lines(card)
    lines = [_line(card, row, files[row["line"]], trends.get(row["line"])) for row in card.rows]
    changed = changes.of(card)
    moved = {it["line"] for it in (*changed["letters"], *changed["moved"], *changed["restated"])}
    for line in lines:
        line["changed"] = line["line"] in moved
    return {
        "card": card,
        "sections": [
            _section(title, list(of_section), number)
            for number, (title, of_section) in enumerate(groupby(lines, key=lambda line: line["section"]), start=1)
        ],
        "counts": changes.counts([line["status"] for line in lines]),
        "changed": changed,
        "files": files,
        "matters": digest.matters(card.tables["notices"].iter_rows(named=True)),
        "any_incomplete": any(line["incomplete"] for line in lines),
        "marks": [
            (name, mark.meaning)
            for name, mark in marks.MARKS.items()
            if any(name in marks.of_line(row) for row in card.rows)
        ],
    }


def _section(title: str, lines: list[dict], number: int) -> dict:
    counted = changes.counts([line["status"] for line in lines])
    counts = display.listed([f"{count} {name}" for _, name, count in counted if count])
    return {"title": title, "key": f"section-{number}", "lines": lines, "counts": counts}


def _line(card: Card, row: dict, file: str, trend: small_trends.Trend | None) -> dict:
    return row | {
        "file": file,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "arrow": card.arrow(row),
        "incomplete": marks.incomplete(row),
        "trend": trend,
        "control": words.control_marks(card.stories[row["line"]].get("trend")),
        "amber": words.width_of_amber(card.indicators.get(row["line"]), card.due.get(row["line"])),
        "no_letter": words.no_letter(row),
        "year_end": words.year_end(card.stories[row["line"]]),
        "since": letters.since(card.year_so_far[row["line"]]),
    }
