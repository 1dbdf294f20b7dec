"""The queries of docs/queries.md: read from it, sent to a release, their first rows shown as they stand below each.

`python -m tests.documented_queries` writes the rows anew from the release of the warehouse, when it changed on purpose.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration import connect

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "queries.md"
# a question, its query, and the table below it, if there is one
BLOCK = re.compile(
    r"^(?P<question>[^\n]+)\n\n```sql\n(?P<sql>.*?)\n```\n(?P<table>(?:\n\|[^\n]*)+\n)?", re.DOTALL | re.MULTILINE
)
SHOWN = 5
LONGEST = 90  # characters of a cell


def queries(text: str) -> list[dict[str, str]]:
    """Each query with its question and the rows that are printed below it."""
    return [{name: (it or "").strip() for name, it in found.groupdict().items()} for found in BLOCK.finditer(text)]


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The first rows of a query as a Markdown table, and how many more there are."""
    found = connection.execute(sql)
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows[:SHOWN])]
    if len(rows) > SHOWN:
        lines.append([f"… {len(rows) - SHOWN} more"] + [""] * (len(names) - 1))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_answers(text: str, answer_of: Callable[[str], str]) -> str:
    """The document with the rows of each query below it."""
    return BLOCK.sub(
        lambda found: f"{found['question']}\n\n```sql\n{found['sql']}\n```\n\n{answer_of(found['sql'])}\n", text
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        value = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    text = str(value).replace("|", "\\|")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


if __name__ == "__main__":
    with connect() as release:
        answered = with_answers(DOCUMENT.read_text(encoding="utf-8"), lambda sql: answer(release, sql))
    DOCUMENT.write_text(answered, encoding="utf-8")
