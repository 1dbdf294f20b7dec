"""What the release says of one line of a card, gathered from its tables: plain values that go into JSON as they are."""

from datetime import date
from decimal import Decimal
from math import isfinite

import duckdb

from orchestration import months
from orchestration.explaining import formula, queries

BOROUGHS = 5  # so many that moved the figure most


class Unknown(ValueError):
    """There is no such card or line; the message says which there are."""


def of_line(connection: duckdb.DuckDBPyConnection, month: date | None, line: str) -> dict:
    """The whole story of a line: an ordered dict of sections, each a text, a row or a list of rows. Raises Unknown."""
    month = _card(connection, month)
    card = _one(connection, "select * from scorecard where report_month = $1 and line = $2", month, line)
    if card is None:
        lines = [
            row["line"]
            for row in _rows(connection, "select line from scorecard where report_month = $1 order by position", month)
        ]
        raise Unknown(f"The card of {months.key(month)} has no line '{line}': it has {', '.join(lines)}.")
    of_row = (month, line)
    indicator = _one(
        connection, "from indicators where financial_year = $1 and line = $2", card["financial_year"], line
    )
    latest = _one(connection, "from figures where report_month = $1 and line = $2 and name = 'latest'", *of_row)
    story = {
        "card": {name: card[name] for name in ("report_month", "financial_year", "line", "section", "title", "codes")},
        "latest": {
            name: card[name]
            for name in (
                "latest",
                "period",
                "value",
                "unit",
                "status",
                "target",
                "target_text",
                "provisional",
                "accepted",
                "confirmed",
                "release",
            )
        },
        "comment": card["comment"],
        "in_plain_words": card["in_plain_words"],
        "reasons": _rows(
            connection,
            "select step, rule, outcome, says from reasons where report_month = $1 and line = $2 order by step",
            *of_row,
        ),
        "judgement": _one(connection, _but_key("judgements"), *of_row),
    }
    if latest is None:
        return story | {"formula": None}
    story["formula"] = {
        "says": _formula(connection, indicator),
        "window": formula.window(latest["data_from"], latest["data_to"]),
        "compared_with": formula.window(latest["against_from"], latest["against_to"]),
        **{
            name: latest[name]
            for name in (
                "numerator",
                "denominator",
                "against_numerator",
                "against_denominator",
                "compare_numerator",
                "compare_denominator",
                "missing_reason",
                "decimals",
            )
        },
    }
    story["interval"] = _one(connection, _but_key("intervals") + " and name = 'latest'", *of_row)
    story["change"] = _one(connection, _but_key("changes"), *of_row)
    story["movements"] = _rows(
        connection, _but_key("movements") + " order by kind = 'month_in', kind = 'month_out', part desc, month", *of_row
    )
    story["components"] = _rows(connection, _but_key("component_movements") + " order by kind, component", *of_row)
    story["boroughs"] = _rows(
        connection,
        _but_key("area_contributions") + " and contribution is not null "
        f"order by abs(contribution) desc, area limit {BOROUGHS}",
        *of_row,
    )
    story["run_rate"] = _one(connection, _but_key("run_rates"), *of_row)
    story["outturn"] = _one(connection, _but_key("outturns"), *of_row)
    story["trend"] = _one(connection, _but_key("trend_marks"), *of_row)
    story["peers"] = _rows(connection, queries.PEERS, *of_row)
    story["months"] = _rows(connection, queries.MONTHS, *of_row)
    story["restatements"] = _rows(connection, queries.RESTATEMENTS, *of_row)
    story["republished"] = _rows(
        connection,
        "select release, printed, was, is_now from republished where report_month = $1 and line = $2 order by all",
        *of_row,
    )
    return story


def of_card(connection: duckdb.DuckDBPyConnection, month: date | None) -> dict:
    """What a card says differently from the one before: the lines, and what was printed again. Raises Unknown."""
    month = _card(connection, month)
    lines = _rows(connection, queries.LINES, month)
    changed = [row for row in lines if row.pop("changed")]
    told = {row["line"] for row in changed}
    return {
        "report_month": month,
        "changed": changed,
        "unchanged": [row["line"] for row in lines if row["line"] not in told],
        "republished": _rows(
            connection,
            "select release, line, printed, was, is_now from republished where report_month = $1 order by all",
            month,
        ),
    }


def _card(connection: duckdb.DuckDBPyConnection, month: date | None) -> date:
    """The month of the card that is meant: the newest where none is given."""
    published = [
        row[0] for row in connection.execute("select distinct report_month from scorecard order by 1").fetchall()
    ]
    if not published:
        raise Unknown("The release holds no card yet: no month of it lies in a year of the catalogue's cards.")
    if month is not None and month not in published:
        raise Unknown(
            f"There is no card for {months.key(month)}: cards are published "
            f"for {months.key(published[0])} to {months.key(published[-1])}."
        )
    return month or published[-1]


def _formula(connection: duckdb.DuckDBPyConnection, indicator: dict) -> str:
    def parts(measure: str | None) -> list[dict]:
        return _rows(connection, "select part, series, weight from measures where measure = $1", measure)

    return formula.in_words(
        indicator["kind"], indicator["basis"], parts(indicator["measure"]), parts(indicator["compare_measure"])
    )


def _but_key(table: str) -> str:
    return (
        f"select columns(lambda name: name not in ('report_month', 'financial_year', 'line')) from {table} "
        "where report_month = $1 and line = $2"
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> dict | None:
    found = _rows(connection, query, *parameters)
    return found[0] if found else None


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[dict]:
    found = connection.execute(query, list(parameters))
    names = [column[0] for column in found.description]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]


def _plain(value: object) -> object:
    """A value as JSON has it: a sum is a number, one without bounds nothing; a month is written when it is printed."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, float) and not isfinite(value) else value
