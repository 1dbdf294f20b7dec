"""What the paper says, as plain JSON: every word of the page, and the small trends."""

from itertools import groupby

import polars as pl

from orchestration.editions import content
from orchestration.editions.paper import trends
from orchestration.explain import words
from orchestration.scorecard import display, page, status


def of(card: content.Card) -> dict:
    """Everything the template sets, in the order of the page."""
    latest = {row["line"]: row for row in card.tables["figures"].filter(pl.col("name") == "latest").to_dicts()}
    return {
        "title": card.title,
        "subtitle": card.subtitle,
        "label": card.label,
        "release": card.release,
        "published": f"{card.tables['release']['published_at'].item():%d %B %Y}".lstrip("0"),
        "counts": _counts(card),
        "changed": _changed(card),
        "sections": [
            {"name": name, "lines": [_line(card, row, latest.get(row["line"])) for row in rows]}
            for name, rows in groupby(card.rows, key=lambda row: row["section"])
        ],
        "key": card.key,
        "marks": [
            {"mark": mark, "says": says}
            for mark, says in page.MARKS.items()
            if any(mark in page.marks(it) for it in card.rows)
        ],
        "remarks": [
            {"mark": mark, "line": row["line"], "says": says}
            for mark in page.MARKS
            for row in card.rows
            for says in (page.remarks(row).get(mark),)
            if says
        ],
    }


def _counts(card: content.Card) -> list[dict]:
    letters = [row["status"] for row in card.rows]
    counts = [{"letter": letter, "says": f"{letters.count(letter)} {name}"} for letter, name in status.COLOURS.items()]
    return [*counts, {"letter": None, "says": f"{letters.count(None)} without a letter"}]


def _line(card: content.Card, row: dict, latest: dict | None) -> dict:
    return {
        "line": row["line"],
        "title": row["title"],
        "codes": row["codes"],
        "target": row["target_text"],
        "letter": row["status"],
        "latest": row["latest"],
        "marks": page.marks(row),
        "period": row["period"],
        "missing": _missing(row, latest),
        "trend": trends.of_line(card, row) if row["unit"] else None,
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "comment": row["comment"],
        "confirmed": row["confirmed"],
        "summary": row["summary"],
    }


def _missing(row: dict, latest: dict | None) -> str | None:
    """What is missing of the window, or else why there is no figure."""
    present, expected = row["months_present"], row["months_expected"]
    if present is not None and expected is not None and present < expected:
        return f"incomplete: {present} of {expected} months"
    return latest["missing_reason"] if latest and latest["value"] is None else None


def _changed(card: content.Card) -> dict:
    """What differs from the card of a month before: letters, and the figures of then that are known otherwise now."""
    rows = {row["line"]: row for row in card.tables["changes"].to_dicts()}
    known = [row for row in rows.values() if row["missing_reason"] is None]
    in_order = [rows[row["line"]] for row in card.rows if row["line"] in rows]
    return {
        "letters": [
            {
                "line": row["line"],
                "before": row["status_before"],
                "now": row["status"],
                "says": f"{row['printed_before'] or display.NOT_AVAILABLE} → {row['printed']}",
            }
            for row in in_order
            if words.letter_turned(row)
        ],
        "restated": [
            {"line": row["line"], "says": _restated(row)} for row in in_order if row["restatement"] not in (None, 0)
        ],
        "moved": sum(row["printed_before"] != row["printed"] for row in known),
        "compared": len(known),
        "not_compared": len(rows) - len(known),
    }


def _restated(row: dict) -> str:
    before, now = row["printed_before"], row["printed_restated"]
    return f"{before}, now known as {now}" if before != now else f"{before}, by less than it prints"
