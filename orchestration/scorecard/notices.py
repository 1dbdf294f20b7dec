"""Alerts: which events of a report month's cards and deliveries make a notice, its sentence, and how it prints."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from types import MappingProxyType

import polars as pl

from orchestration import months
from orchestration.scorecard import contracts, delivery_notices, display
from orchestration.scorecard.definitions import effective, overdue
from orchestration.scorecard.status import COLOURS, NOT_JUDGED, TOO_OLD

# The cells of a card that make a notice where they are printed again, and how the old text is introduced.
CELLS = {"latest": "", "period": "period ", "target_text": "target ", "status": ""}
# Kinds that stay true until a person does something; the others are events.
WAITING = ("overdue", "gone", "not_used", "quarantined", "rejected", "waiting", "too_old", "hard_coded_number")
COMMENT = "comment"  # its words are not repeated


def notices(
    report_months: Iterable[date],
    *,
    card: pl.DataFrame,
    changes: pl.DataFrame,
    republished: pl.DataFrame,
    deliveries: pl.DataFrame,
    known: pl.DataFrame,
    definitions: pl.DataFrame,
    hard_coded: Mapping[tuple[date, str], list[tuple[str, str]]] = MappingProxyType({}),
) -> pl.DataFrame:
    """The table `notices` of these report months.

    `card` holds their rows of the scorecard and those of the months before each; `changes`, `republished`,
    `deliveries` and `definitions` are the tables of those names; `known` holds, by report month, which months of which
    extract are known; `hard_coded`, by report month and line, the numbers of a comment's own that equal a figure, each
    with its name.
    """
    by_line = {(row["report_month"], row["line"]): row for row in card.iter_rows(named=True)}
    known_months = set(known.select("report_month", "extract", "month").iter_rows())
    rows = []
    for report_month in sorted(report_months):
        found = [
            *_letters(report_month, by_line),
            *_too_old(report_month, by_line),
            *_restated(changes.filter(report_month=report_month), by_line),
            *_printed_again(republished.filter(report_month=report_month), by_line),
            *_hard_coded_numbers(report_month, hard_coded, by_line),
            *_review_due(report_month, definitions, by_line),
            *delivery_notices.of_month(report_month, deliveries, known_months),
        ]
        positions = {line: row["position"] for (month, line), row in by_line.items() if month == report_month}
        order = contracts.WORDS["notices"].index
        found.sort(key=lambda it: (order(it["kind"]), it.get("release", ""), positions.get(it.get("line"), 0)))
        for it in found:
            in_one_line = "".join(sign if sign.isprintable() else " " for sign in it["message"]).split()
            rows.append({"report_month": report_month} | it | {"message": " ".join(in_one_line)})
    return pl.DataFrame(rows, schema=contracts.types("notices"))


def lines(rows: Iterable[dict]) -> list[str]:
    """The rows as text, a line each: `Aug-09  4c  The value of the assets recovered: amber, green last month: ...`."""
    return [
        f"{display.month_label(row['report_month'])}  {row['line'] or row['extract']}  {row['message']}" for row in rows
    ]


def _letters(report_month: date, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A line that has another letter than on last month's card, has lost its letter, or has got one."""
    for now in _of_month(report_month, by_line):
        before = _last_month(now, by_line)
        if before and before["status"] != now["status"]:
            letters = f"{_letter(now['status'])}, {_letter(before['status'])} last month"
            message = f"{now['title']}: {letters}: {now['status_reason']}"
            yield {"kind": "letter", "line": now["line"], "message": message}


def _too_old(report_month: date, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A line whose figure is too old to be judged, on each of its cards."""
    for now in _of_month(report_month, by_line):
        if now["status_reason"].startswith(f"{NOT_JUDGED}: {TOO_OLD}"):
            yield {"kind": "too_old", "line": now["line"], "message": f"{now['title']}: {now['status_reason']}"}


def _restated(changes: pl.DataFrame, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A figure of last month's card that would now print differently, over the very same window."""
    for row in changes.iter_rows(named=True):
        now = by_line.get((row["report_month"], row["line"]))
        known = row["value_before"] is not None and row["value_restated"] is not None
        if now and _last_month(now, by_line) and known and row["printed_before"] != row["printed_restated"]:
            months_of = (display.month_label(row[name]) for name in ("data_from_before", "data_to_before"))
            letters = (row["status_before"], row["status_restated"])
            turned = f", and be {_letter(letters[1])}, not {_letter(letters[0])}" if letters[0] != letters[1] else ""
            message = (
                f"{now['title']}: restated since last month's card: {row['printed_before']} for "
                f"{' to '.join(months_of)} would now print as {row['printed_restated']}{turned}"
            )
            yield {"kind": "restated", "line": row["line"], "message": message}


def _printed_again(republished: pl.DataFrame, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A line of a card that a later release prints differently; a rewording in plain words is none."""
    cells = republished.filter(pl.col("card_column").is_in([*CELLS, COMMENT])).sort(
        "release", "line", maintain_order=True
    )
    for (release, line), of_line in groupby(cells.iter_rows(named=True), key=lambda row: (row["release"], row["line"])):
        by_cell = {row["card_column"]: row for row in of_line}
        parts = [
            f"{introduction}{_cell(cell, by_cell[cell]['text'])}, was {_cell(cell, by_cell[cell]['text_before'])}"
            for cell, introduction in CELLS.items()
            if cell in by_cell
        ]
        parts += ["another comment"] if COMMENT in by_cell else []
        row = by_line.get((republished["report_month"][0], line))
        title = f"{row['title']}: " if row else ""
        message = f"{title}printed again in {release}: {'; '.join(parts)}"
        yield {"kind": "printed_again", "line": line, "release": release, "message": message}


def _hard_coded_numbers(report_month: date, hard_coded: Mapping, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A comment with a number of its own that equals a figure of its line: if it means that one, it would go stale."""
    for row in _of_month(report_month, by_line):
        if numbers := hard_coded.get((report_month, row["line"])):
            equal = "; ".join(f"'{number}' equals the figure {name} and is typed" for number, name in numbers)
            message = f"{row['title']}: in the comment {equal}: if that figure is meant, put its name in braces"
            yield {"kind": "hard_coded_number", "line": row["line"], "message": message}


def _review_due(report_month: date, definitions: pl.DataFrame, by_line: dict[tuple, dict]) -> Iterator[dict]:
    """A line whose measure's definition should have been reviewed by now."""
    defined = effective(definitions, report_month)
    for row in _of_month(report_month, by_line):
        its = defined.get(row["measure"])
        if its and overdue(its, report_month):
            due, last = (f"{its[name]:%B %Y}" for name in ("review_due", "reviewed"))
            message = (
                f"{row['title']}: the review of its definition was due by {due}, the last was in {last}: "
                f"{its['owner']} is to review it and edit definitions.csv"
            )
            yield {"kind": "review_due", "line": row["line"], "message": message}


def _of_month(report_month: date, by_line: dict[tuple, dict]) -> list[dict]:
    return [row for (month, _), row in by_line.items() if month == report_month]


def _last_month(row: dict, by_line: dict[tuple, dict]) -> dict | None:
    """The same line on last month's card; another financial year may mean another thing by its name."""
    before = by_line.get((months.shift(row["report_month"], -1), row["line"]))
    return before if before and before["financial_year"] == row["financial_year"] else None


def _letter(letter: str | None) -> str:
    return COLOURS[letter] if letter else "without a letter"


def _cell(cell: str, text: str | None) -> str:
    return _letter(text) if cell == "status" else text or "nothing"
