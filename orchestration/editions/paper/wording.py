"""The words of the paper as plain JSON: every text of the page, and the small trends."""

from collections import Counter
from datetime import date
from itertools import groupby

import polars as pl

from orchestration import organisation
from orchestration.editions import changes, content, history
from orchestration.explain import words
from orchestration.scorecard import marks, status
from orchestration.scorecard.shortfall import printed_target


def of(card: content.Card) -> dict:
    """Everything the template sets, in the order of the page."""
    latest = {row["line"]: row for row in card.tables["figures"].filter(pl.col("name") == "latest").to_dicts()}
    ambers = {
        row["line"]: words.width_of_amber(card.indicators.get(row["line"]), card.due.get(row["line"]))
        for row in card.rows
    }
    # what most lines have stands once, in the key
    usual = next((amber for amber, _ in Counter(filter(None, ambers.values())).most_common(1)), None)
    own = {line: amber for line, amber in ambers.items() if amber != usual}
    by = organisation.declared()
    return {
        "organisation": by.name,
        "month": f"{card.report_month:%B %Y}",
        "about": [text for text in (by.not_shown, by.contact and f"Contact: {by.contact}") if text],
        "new_year": f"a figure of one {by.year.called} starts again in {date(2000, by.year.first_month, 1):%B}.",
        "title": card.title,
        "subtitle": card.subtitle,
        "label": card.label,
        "release": card.release,
        "published": card.published_on,
        "next": card.next_card,
        "overview": words.overview(card.stories),
        "counts": [
            {"letter": letter, "text": f"{count} {name}"}
            for letter, name, count in changes.counts([row["status"] for row in card.rows])
        ],
        "changed": changes.of(card),
        "sections": [
            {"name": name, "lines": [_line(card, row, latest.get(row["line"]), own.get(row["line"])) for row in rows]}
            for name, rows in groupby(card.rows, key=lambda row: row["section"])
        ],
        "key": card.key,
        "amber": usual and usual.removeprefix("amber "),
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


def _line(card: content.Card, row: dict, latest: dict | None, amber: str | None) -> dict:
    return {
        "line": row["line"],
        "title": row["title"],
        "codes": row["codes"],
        "target": row["target_text"],
        "amber": amber,
        "letter": row["status"],
        "no_letter": words.no_letter(row),
        "latest": row["latest"],
        "marks": marks.letters(row),
        "period": row["period"],
        "missing": _missing(row, latest),
        "trend": _trend(card, row) if row["unit"] else None,
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "arrow": card.arrow(row),
        "comment": row["comment"],
        "confirmed": row["confirmed"],
        "summary": row["summary"],
    }


def _trend(card: content.Card, row: dict) -> dict | None:
    """What to draw of a line's figure over two years, and in words for who cannot see it."""
    trend = card.trend(row)
    if trend is None:
        return None
    with_target = f" The target is {printed_target(card.indicators[row['line']])}." if trend.targets else ""
    return {
        "runs": trend.runs,
        "targets": trend.targets,
        "targets_from": trend.targets_from,
        "alt": f"Trend of line {row['line']}: {history.in_words(trend.months, card.shows(row))}.{with_target}",
    }


def _missing(row: dict, latest: dict | None) -> str | None:
    """How many months of the window are missing, or else why there is no figure."""
    present, expected = row["months_present"], row["months_expected"]
    if present is not None and expected is not None and present < expected:
        return f"incomplete: {present} of {expected} months"
    return latest["missing_reason"] if latest and latest["value"] is None else None
