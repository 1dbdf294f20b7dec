"""Sentences whose numbers changed since they were published: nothing is published until a person confirms them."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

import duckdb

from orchestration import months
from orchestration.scorecard import comments


class Sentence(NamedTuple):
    """A delivered sentence that prints differently from what is published: as delivered, and as printed both times."""

    report_month: date
    line: str
    delivered: str
    file: str
    before: str
    now: str


def of_cards(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> list[Sentence]:
    """The stale sentences of these cards in the warehouse, beside which the release before is attached."""
    figures: dict[tuple[date, str], dict[str, str]] = {}
    for month, line, name, printed in connection.execute(_FIGURES, [report_months]).fetchall():
        figures.setdefault((month, line), {})[name] = printed
    differing = (Sentence(*row) for row in connection.execute(_DIFFERING, [report_months]).fetchall())
    return [each for each in differing if is_stale(each, figures.get((each.report_month, each.line), {}))]


def is_stale(sentence: Sentence, figures: Mapping[str, str]) -> bool:
    """Whether it is the published sentence with other numbers in it, so that the words around them may be wrong.

    `figures` are the published figures of the line, by name. Filled with them, the delivered sentence gives what is
    published if nobody has changed a word since; other words are a new sentence.
    """
    if any(name not in figures for name in comments.placeholders(sentence.delivered)):
        return False
    return sentence.before != sentence.now and comments.fill(sentence.delivered, figures) == sentence.before


def message(stale: list[Sentence]) -> str:
    """Every stale sentence, before and now, and what to do about each card."""
    parts = [
        "The numbers in these sentences changed since they were published, and the words around them may be wrong. "
        "Read them, then run again:"
    ]
    for month, group in groupby(sorted(stale, key=lambda each: each.report_month), key=lambda each: each.report_month):
        key, of_month = months.key(month), list(group)
        for each in of_month:
            parts += [f"{key}, line {each.line}", f"  before: {each.before}", f"  now:    {each.now}"]
        line = f'"{of_month[0].line}"' if " " in of_month[0].line else of_month[0].line
        which = f" LINE={line}" if len(of_month) == 1 else " [LINE=...]"
        parts.append(
            f'To keep the words: make confirm MONTH={key}{which} REASON="..."; '
            f"to change them: deliver a corrected {of_month[0].file}."
        )
    return "\n".join(parts)


_DIFFERING = """
    select now.report_month, now.line, delivered.sentence, delivered.file, was.comment, now.comment
    from scorecard.scorecard as now
    join published.scorecard as was using (report_month, line)
    join staging.stg_commentary as delivered
        on now.report_month = delivered.delivery_month and now.line = delivered.line
    where list_contains(?::date[], now.report_month) and now.comment <> was.comment
    order by now.report_month, now.position
"""
_FIGURES = """
    select report_month, line, name, printed from published.figures where list_contains(?::date[], report_month)
"""
