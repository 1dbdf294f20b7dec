"""The words of the paper as plain JSON: every text of the page, and the small trends."""

from itertools import groupby

import polars as pl

from orchestration.editions import content
from orchestration.editions.paper import trends
from orchestration.explain import words
from orchestration.scorecard import display, marks, status


def of(card: content.Card) -> dict:
    """Everything the template sets, in the order of the page."""
    latest = {row["line"]: row for row in card.tables["figures"].filter(pl.col("name") == "latest").to_dicts()}
    return {
        "title": card.title,
        "subtitle": card.subtitle,
        "label": card.label,
        "release": card.release,
        "published": f"{card.published_at:%d %B %Y}".lstrip("0"),
        "counts": _counts(card),
        "changed": _changed(card),
        "sections": [
            {"name": name, "lines": [_line(card, row, latest.get(row["line"])) for row in rows]}
            for name, rows in groupby(card.rows, key=lambda row: row["section"])
        ],
        "key": card.key,
        "marks": [
            {"mark": mark.letter, "text": mark.meaning}
            for mark in marks.MARKS.values()
            if any(mark.letter in marks.letters(row) for row in card.rows)
        ],
        "remarks": [
            {"mark": letter, "line": row["line"], "text": remark}
            for mark in marks.MARKS.values()
            for row in card.rows
            for letter, remark in marks.remarks(row).items()
            if letter == mark.letter
        ],
    }


def _counts(card: content.Card) -> list[dict]:
    letters = [row["status"] for row in card.rows]
    counts = [{"letter": letter, "text": f"{letters.count(letter)} {name}"} for letter, name in status.COLOURS.items()]
    return [*counts, {"letter": None, "text": f"{letters.count(None)} without a letter"}]


def _line(card: content.Card, row: dict, latest: dict | None) -> dict:
    return {
        "line": row["line"],
        "title": row["title"],
        "codes": row["codes"],
        "target": row["target_text"],
        "amber": words.width_of_amber(card.indicators.get(row["line"]), card.due.get(row["line"])),
        "letter": row["status"],
        "no_letter": words.no_letter(row),
        "latest": row["latest"],
        "marks": marks.letters(row),
        "period": row["period"],
        "missing": _missing(row, latest),
        "trend": trends.of_line(card, row) if row["unit"] else None,
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "comment": row["comment"],
        "confirmed": row["confirmed"],
        "summary": row["summary"],
    }


def _missing(row: dict, latest: dict | None) -> str | None:
    """How many months of the window are missing, or else why there is no figure."""
    present, expected = row["months_present"], row["months_expected"]
    if present is not None and expected is not None and present < expected:
        return f"incomplete: {present} of {expected} months"
    return latest["missing_reason"] if latest and latest["value"] is None else None


def _changed(card: content.Card) -> dict:
    """What differs from the card of a month before: letters, and its figures that have been restated since."""
    rows = {row["line"]: row for row in card.tables["changes"].to_dicts()}
    known = [row for row in rows.values() if row["missing_reason"] is None]
    in_order = [rows[row["line"]] for row in card.rows if row["line"] in rows]
    return {
        "letters": [
            {
                "line": row["line"],
                "before": row["status_before"],
                "now": row["status"],
                "text": f"{row['printed_before'] or display.NOT_AVAILABLE} → {row['printed']}",
            }
            for row in in_order
            if words.letter_changed(row)
        ],
        "restated": [
            {"line": row["line"], "text": _restated(row)} for row in in_order if row["restatement"] not in (None, 0)
        ],
        "moved": sum(row["printed_before"] != row["printed"] for row in known),
        "compared": len(known),
        "not_compared": len(rows) - len(known),
    }


def _restated(row: dict) -> str:
    before, now = row["printed_before"], row["printed_restated"]
    return f"{before}, now {now}" if before != now else f"{before}, by less than it prints"
