"""The stories of the lines of a card, gathered from the tables of its release: plain values that JSON can hold."""

from datetime import date
from itertools import groupby

import duckdb

from orchestration import months
from orchestration.explain import formula, numbers, queries, words
from orchestration.explain.words import window_label
from orchestration.scorecard import definitions

AREAS = 5  # those with the largest effects
OF_THE_CARD = ("report_month", "financial_year", "line", "section", "title", "codes")
OF_THE_LATEST = (
    *("latest", "period", "value", "unit", "status", "target", "target_text"),
    *("provisional", "accepted", "replacement_waiting", "rule_change", "confirmed", "release"),
)
OF_THE_FORMULA = (
    *("numerator", "denominator", "against_numerator", "against_denominator"),
    *("compare_numerator", "compare_denominator", "missing_reason", "decimals"),
)
LISTS = ("bridge", "movements", "components", "months", "restatements", "republished")


class NoCard(ValueError):
    """The release has no card of that month; the message says which it has."""


class Unknown(ValueError):
    """There is no such line; the message says which there are."""


def card_month(connection: duckdb.DuckDBPyConnection, wanted: date | None) -> date:
    """The month of a published card: the wanted one, else the newest. Raises NoCard."""
    query = "select distinct report_month from scorecard order by 1"
    published = [month for (month,) in connection.execute(query).fetchall()]
    if not published:
        raise NoCard("The release holds no card yet: no month of it lies in a year of the catalogue's cards.")
    if wanted is not None and wanted not in published:
        raise NoCard(
            f"There is no card for {months.key(wanted)}: cards are published "
            f"for {months.key(published[0])} to {months.key(published[-1])}."
        )
    return wanted or published[-1]


def of_line(connection: duckdb.DuckDBPyConnection, month: date | None, line: str) -> dict:
    """The story of a line: sections in order, each a text, a row or a list of rows. Raises NoCard, Unknown."""
    month = card_month(connection, month)
    stories = of_lines(connection, month)
    if line not in stories:
        raise Unknown(f"The card of {months.key(month)} has no line '{line}': it has {', '.join(stories)}.")
    return stories[line]


def of_lines(connection: duckdb.DuckDBPyConnection, month: date) -> dict[str, dict]:
    """The story of every line of the card of a month, by line in the order of the card."""
    try:
        found = {name: _by_line(connection, query, month) for name, query in queries.OF_LINES.items()}
        defined = definitions.effective(connection.sql("from definitions").pl(), month)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise NoCard(
            f"The release with the card of {months.key(month)} is of an earlier version of the project, which recorded "
            "less of it: the next run publishes all that an explanation needs."
        ) from error
    parts: dict[str, list[dict]] = {}
    for row in _rows(connection, "select measure, part, series, weight from measures"):
        parts.setdefault(row["measure"], []).append(row)
    return {
        line: _story(line, card, {name: by_line.get(line, []) for name, by_line in found.items()}, parts, defined)
        for line, (card,) in found["card"].items()
    }


def _story(
    line: str, card: dict, found: dict[str, list[dict]], parts: dict[str, list[dict]], defined: dict[str, dict]
) -> dict:
    card["line"] = line

    def row(name: str) -> dict | None:
        return found[name][0] if found[name] else None

    story = {
        "card": {name: card[name] for name in OF_THE_CARD},
        "latest": {name: card.get(name) for name in OF_THE_LATEST},
        "comment": card["comment"],
        "summary": card["summary"],
        "judgement_steps": found["judgement_steps"],
        "judgement": row("judgement"),
    }
    latest, indicator = row("latest"), row("indicator")
    if latest is None or indicator is None:
        return story | {"formula": None}
    measure, other = (
        formula.parts(defined.get(indicator[name]), parts.get(indicator[name], []))
        for name in ("measure", "compare_measure")
    )
    return story | {
        "formula": {
            "text": formula.text(indicator["kind"], indicator["basis"], measure, other),
            "window": window_label(latest["data_from"], latest["data_to"]),
            "compared_with": window_label(latest["against_from"], latest["against_to"]),
            "rate_unit": (defined.get(indicator["measure"]) or {}).get("unit"),
            **{name: latest[name] for name in OF_THE_FORMULA},
        },
        "definition": defined.get(indicator["measure"]),
        "direction": indicator["direction"],
        **{name: row(name) for name in ("interval", "change", "run_rate", "outturn", "trend")},
        **{name: found[name] for name in LISTS},
        "peers": [
            row | {"unit": numbers.unit_of_peers(indicator, defined.get(row["measure"]))} for row in found["peers"]
        ],
        "areas": found["areas"][:AREAS],
    }


def of_card(connection: duckdb.DuckDBPyConnection, month: date | None) -> dict:
    """What a card prints differently from the one before, and what later releases changed. Raises NoCard."""
    month = card_month(connection, month)
    lines = _rows(connection, queries.LINES, month)
    changed = [row for row in lines if row["missing_reason"] or words.differs(row, month)]
    listed = {row["line"] for row in changed}
    return {
        "report_month": month,
        "changed": changed,
        "unchanged": [row["line"] for row in lines if row["line"] not in listed],
        "republished": _rows(connection, queries.OF_LINES["republished"], month),
    }


def _by_line(connection: duckdb.DuckDBPyConnection, query: str, month: date) -> dict[str, list[dict]]:
    """The rows of a query by their line, which the rows themselves no longer name."""
    rows = _rows(connection, query, month)
    return {line: list(of_line) for line, of_line in groupby(rows, key=lambda row: row.pop("line"))}


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[dict]:
    found = connection.execute(query, list(parameters))
    names = [column[0] for column in found.description]
    return [dict(zip(names, map(numbers.json_value, row), strict=True)) for row in found.fetchall()]
