"""The content of the pages of definitions and abbreviations, as plain values for their templates."""

from collections.abc import Callable
from datetime import date

from orchestration.editions.reading import Reading
from orchestration.explain.definition import facts, parts
from orchestration.scorecard import display
from orchestration.scorecard.kinds import TWO_MEASURES

# the lines of the newest card by measure, in its order
LINES = """
    select scorecard.line, scorecard.title, scorecard.measure, indicators.direction, indicators.kind,
        scorecard.report_month
    from scorecard
    inner join indicators using (report_month, line)
    where report_month = (select max(report_month) from scorecard)
    order by scorecard.position
"""
# of each measure the rows from the newest on; a row that begins with no month is the first
DEFINITIONS = "from definitions order by measure, from_month desc nulls last"


def content(reading: Reading, file_of: Callable[[str], str | None]) -> dict:
    """Every measure with its definitions, those of the newest card's lines first; `file_of` gives a line's page."""
    lines: dict[str, list[dict]] = {}
    for row in reading.rows(LINES):
        lines.setdefault(row["measure"], []).append(row | {"file": file_of(row["line"])})
    newest = max((row["report_month"] for of_measure in lines.values() for row in of_measure), default=date.max)
    measures: dict[str, list[dict]] = {}
    for row in reading.rows(DEFINITIONS):
        measures.setdefault(row["measure"], []).append(row)
    order = [measure for measure in lines if measure in measures]
    others = sorted(measures.keys() - lines.keys(), key=lambda measure: measures[measure][0]["name"].casefold())
    return {
        "measures": [
            {
                "measure": measure,
                "name": measures[measure][0]["name"],
                "lines": lines.get(measure, []),
                "definitions": [_definition(row, lines.get(measure, []), newest) for row in measures[measure]],
            }
            for measure in (*order, *others)
        ]
    }


def _definition(row: dict, lines: list[dict], newest: date) -> dict:
    # of two measures the direction is that of the gap between them
    directions = {line["direction"] for line in lines if line["kind"] not in TWO_MEASURES}
    direction = directions.pop() if len(directions) == 1 else None
    return {
        "from": f"From {display.month_label(row['from_month'])}" if row["from_month"] else None,
        "facts": parts(row) + facts(row, direction, newest),
    }
