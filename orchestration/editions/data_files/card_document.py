"""`scorecard.json`: a card as one document, each line with its rows of every table, and the dictionary."""

from datetime import date

from orchestration.editions import content
from orchestration.explain import numbers
from orchestration.scorecard import contracts

KEY = ("report_month", "financial_year", "line")  # of a line; the rows under it do not repeat it


def of(card: content.Card) -> dict:
    """The document: plain JSON values, months as ISO dates; a number without bounds is null."""
    tables = [
        table.name for table in card.dictionary if table.has("report_month", "line") and table.name != "scorecard"
    ]
    by_table = {table: _by_line(card, table) for table in tables}
    on_the_card = {row["line"] for row in card.rows}
    return {
        "release": card.release,
        "published_at": card.published_at.isoformat().replace("+00:00", "Z"),
        "report_month": card.report_month.isoformat(),
        "title": card.title,
        "subtitle": card.subtitle,
        "key": card.key,
        "lines": [
            {name: _plain(value) for name, value in row.items()}
            | {table: _of_line(table, by_line.get(row["line"], [])) for table, by_line in by_table.items()}
            for row in card.rows
        ],
        # rows about a delivery, or about a line that the card no longer has
        "of_no_line": {
            table: [{"line": line} | row for line, rows in by_line.items() if line not in on_the_card for row in rows]
            for table, by_line in by_table.items()
            if by_line.keys() - on_the_card
        },
        "dictionary": [
            {
                "table": table.name,
                "description": table.description,
                "columns": [
                    {name: getattr(column, name) for name in ("name", "type", "description")}
                    for column in table.columns
                ],
            }
            for table in card.dictionary
        ],
    }


def _by_line(card: content.Card, table: str) -> dict[str | None, list[dict]]:
    found: dict[str | None, list[dict]] = {}
    for row in card.tables[table].iter_rows(named=True):
        plain = {name: _plain(value) for name, value in row.items() if name not in KEY}
        found.setdefault(row["line"], []).append(plain)
    return found


def _of_line(table: str, rows: list[dict]) -> list[dict] | dict | None:
    """A list of rows; of a table with one row a line, that row or null."""
    contract = contracts.SCORECARD.get(table)
    if contract is None or contract.unique != ["report_month", "line"]:
        return rows
    return rows[0] if rows else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else numbers.json_value(value)
