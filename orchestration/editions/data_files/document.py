"""`scorecard.json`: a card as one document, each line with everything the release says of it, and the dictionary."""

from datetime import date

from orchestration.editions import content
from orchestration.explain import numbers
from orchestration.scorecard import mart

KEY = ("report_month", "financial_year", "line")  # of a line; what belongs to it does not say it again


def of(card: content.Card) -> dict:
    """The document: plain JSON values, months as ISO dates; a number without bounds is null."""
    by_line = [
        table.name
        for table in card.dictionary
        if table.by_card and table.name != "scorecard" and any(column.name == "line" for column in table.columns)
    ]
    said = {table: _by_line(card, table) for table in by_line}
    on_the_card = {row["line"] for row in card.rows}
    return {
        "release": card.release,
        "published_at": f"{card.tables['release']['published_at'].item().isoformat()}Z",
        "report_month": card.report_month.isoformat(),
        "title": card.title,
        "subtitle": card.subtitle,
        "key": card.key,
        "lines": [
            {name: _plain(value) for name, value in row.items()}
            | {table: _of_line(table, said[table].get(row["line"], [])) for table in by_line}
            for row in card.rows
        ],
        # what is about a delivery, or about a line that the card no longer has
        "of_no_line": {
            table: [{"line": line} | row for line, rows in found.items() if line not in on_the_card for row in rows]
            for table, found in said.items()
            if found.keys() - on_the_card
        },
        "dictionary": [
            {
                "table": table.name,
                "says": table.says,
                "columns": [
                    {"name": column.name, "type": column.type, "says": column.says} for column in table.columns
                ],
            }
            for table in card.dictionary
        ],
    }


def _by_line(card: content.Card, table: str) -> dict[str | None, list[dict]]:
    found: dict[str | None, list[dict]] = {}
    for row in card.tables[table].iter_rows(named=True):
        found.setdefault(row["line"], []).append(
            {name: _plain(value) for name, value in row.items() if name not in KEY}
        )
    return found


def _of_line(table: str, rows: list[dict]) -> list[dict] | dict | None:
    """A list of rows; of a table with one row a line, that row or nothing."""
    contract = mart.MADE_HERE.get(table)
    if contract is None or contract.unique != ["report_month", "line"]:
        return rows
    return rows[0] if rows else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else numbers.plain(value)
