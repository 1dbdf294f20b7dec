"""What the release says of one line of a card, gathered from its tables: plain values that go into JSON as they are."""

from datetime import date
from decimal import Decimal

import duckdb

from orchestration import months
from orchestration.explaining import formula

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
    story["peers"] = _rows(connection, _PEERS, *of_row)
    story["months"] = _rows(connection, _MONTHS, *of_row)
    story["restatements"] = _rows(connection, _RESTATEMENTS, *of_row)
    story["republished"] = _rows(
        connection,
        "select release, printed, was, is_now from republished where report_month = $1 and line = $2 order by all",
        *of_row,
    )
    return story


def of_card(connection: duckdb.DuckDBPyConnection, month: date | None) -> dict:
    """What a card says differently from the one before: the lines, and what was printed again. Raises Unknown."""
    month = _card(connection, month)
    return {
        "report_month": month,
        "changed": _rows(
            connection,
            """
            select line, title, printed_before, printed, status_before, changes.status, says, missing_reason
            from changes
            inner join scorecard using (report_month, line)
            where
                report_month = $1
                and (
                    printed_before <> printed
                    or status_before is distinct from changes.status
                    or missing_reason is not null
                )
            order by position
            """,
            month,
        ),
        "unchanged": [
            row["line"]
            for row in _rows(
                connection,
                "select line from changes inner join scorecard using (report_month, line) where report_month = $1 "
                "and printed_before = printed and status_before is not distinct from changes.status "
                "and missing_reason is null order by position",
                month,
            )
        ],
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
    """A value as JSON has it: a month stays a date until it is written, a sum is a number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


# The months of the figure's windows, with the file of each and where its rows stand in it.
_MONTHS = """
    with
    latest as (
        select * from figures where report_month = $1 and line = $2 and name = 'latest'
    ),
    windows as (
        select 'own' as part, measure, data_from, data_to from latest
        union all
        select 'against', measure, against_from, against_to from latest where against_from is not null
        union all
        select 'compared', compare_measure, data_from, data_to from latest where compare_measure is not null
    )
    select
        windows.part,
        monthly.month,
        monthly.numerator,
        monthly.denominator,
        monthly.provisional,
        list({
            'file': sources.file,
            'sha256': sources.sha256,
            'first_line': sources.first_line,
            'last_line': sources.last_line,
            'lines': sources.lines
        } order by sources.file) as sources
    from windows
    inner join monthly_measures as monthly
        on
            monthly.report_month = $1
            and windows.measure = monthly.measure
            and monthly.month between windows.data_from and windows.data_to
    inner join areas on monthly.area = areas.area and areas.kind = 'force'
    left join measure_sources as sources
        on
            sources.report_month = $1
            and monthly.measure = sources.measure
            and monthly.month = sources.month
    group by all
    order by windows.part desc, monthly.month
"""
_PEERS = """
    select
        peers.name,
        peers.peer_group,
        peers.measure,
        peers.from_month,
        peers.to_month,
        peers.place,
        peers.sharing_the_place,
        peers.forces,
        peers.members,
        peers.value,
        peers.median,
        peers.from_median,
        peers.missing_reason,
        (
            select list(others.force order by others.force)
            from peers as others
            where
                others.report_month = peers.report_month
                and others.line = peers.line
                and others.name = peers.name
                and others.value is null
        ) as without_a_value
    from peers
    inner join areas on peers.force = areas.area and areas.kind = 'force'
    where peers.report_month = $1 and peers.line = $2
    order by peers.name
"""
_RESTATEMENTS = """
    select
        restatements.month,
        restatements.measure,
        restatements.numerator_before,
        restatements.numerator,
        restatements.denominator_before,
        restatements.denominator,
        restatements.delivery_month
    from restatements
    inner join areas on restatements.area = areas.area and areas.kind = 'force'
    inner join figures
        on
            restatements.report_month = figures.report_month
            and restatements.measure in (figures.measure, figures.compare_measure)
    where figures.report_month = $1 and figures.line = $2 and figures.name = 'latest'
    order by restatements.month
"""
