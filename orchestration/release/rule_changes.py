"""Rules that changed without a date: what a card would print differently because of it waits for a person.

Two cases: a published card would print differently although its deliveries are the same, and a new card is judged by a
rule that differs from that of the card before. A row of the catalogue that begins with the change needs nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

import duckdb

from orchestration import months, warehouse
from orchestration.release import bridging
from orchestration.release.bridging import by_line
from orchestration.release.losses import SHOWN
from orchestration.scorecard import bridges, status

# the cells of a card that no delivery but that of its figures can change, as messages call them
CELLS = {
    "status": "letter",
    "target_text": "target",
    "latest": "latest",
    "period": "period",
    "title": "title",
    "section": "section",
    "codes": "codes",
}
PEERS = ("rank", "peer_value")  # statistics of another delivery than that of a line's measures


class RuleChange(NamedTuple):
    """A line that prints differently by another rule: what changed, and what that does to the card."""

    report_month: date
    line: str
    rule: str
    effect: str


def of_cards(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> list[RuleChange]:
    """Every line of these cards that waits, but for what is dated or confirmed; `published` is attached."""
    found = [
        RuleChange(it.report_month, it.line, it.what, it.explanation)
        for it in bridging.of_run(connection, report_months)
        if it.decided_by is None and it.reason is None
    ]
    confirmed = bridging.confirmed()
    again = (it for it in reprinted(connection, report_months) if it[:3] not in confirmed)
    return sorted([*found, *again])


def reprinted(
    connection: duckdb.DuckDBPyConnection, report_months: list[date], there: str = ""
) -> Iterator[RuleChange]:
    """The lines that are published and print differently now, although what was delivered for them is the same."""
    made = f"from {there}scorecard.scorecard where list_contains($1::date[], report_month)"
    was = "from published.scorecard where list_contains($1::date[], report_month)"
    now, before = (by_line(connection.sql(query, params=[report_months]).pl()) for query in (made, was))
    differing = {
        key: [
            f"{name} {_text(cell, row.get(cell))}, not {_text(cell, before[key].get(cell))}"
            for cell, name in CELLS.items()
            if row.get(cell) != before[key].get(cell)
        ]
        for key, row in now.items()
        if key in before
    }
    if not any(differing.values()):
        return
    of_kinds = kinds(connection, report_months, there)
    for key, texts in differing.items():
        if texts and key in of_kinds["correction"]:
            rule = "; ".join(texts)
            yield RuleChange(*key, rule, f"It is published, and would print {rule}.")


def kinds(connection: duckdb.DuckDBPyConnection, report_months: list[date], there: str) -> dict[str, list[bridges.Key]]:
    """The published lines by what a difference in them is: a revision where other deliveries moved it, or a correction.

    Of a line that is compared with peers it is a correction only where its rule is another: what they rest on is not
    recorded. None where an earlier version recorded too little.
    """
    found: dict[str, list[bridges.Key]] = {"correction": [], "revision": []}
    if not all(warehouse.columns(connection, "published", table) for table in ("figures", "measure_sources")):
        return found
    rules = _rules(connection, report_months, there)
    before, now = (
        {(month, line): its for month, line, *its in connection.execute(query, [report_months, list(PEERS)]).fetchall()}
        for query in (
            _SOURCES.format(scorecard=scorecard, figures=figures, sources=sources)
            for scorecard, figures, sources in (
                ("published.scorecard", "published.figures", "published.measure_sources"),
                (f"{there}scorecard.scorecard", f"{there}scorecard.figures", f"{there}measures.measure_sources"),
            )
        )
    )
    for key in before.keys() & now.keys():
        (sources, _), (sources_now, with_peers) = before[key], now[key]
        moved = with_peers or sources != sources_now
        changed = _rule_changed(*(its.get(key) for its in rules))
        found["revision" if moved and not changed else "correction"].append(key)
    return found


def _rules(
    connection: duckdb.DuckDBPyConnection, report_months: list[date], there: str
) -> tuple[dict[bridges.Key, dict], dict[bridges.Key, dict]]:
    """The rules by report month and line: as published, and now; none where an earlier version recorded none."""
    if not warehouse.columns(connection, "published", bridging.RULES[0]):
        return {}, {}
    tables = ("published.indicators", f"{there}{bridging.RULES[1]}")
    published, now = (
        by_line(connection.sql(query, params=[report_months]).pl())
        for query in (f"from {table} where list_contains($1::date[], report_month)" for table in tables)
    )
    return published, now


def _rule_changed(before: dict | None, now: dict | None) -> bool:
    return before is not None and now is not None and bool(bridges.changes(before, now))


# of each line on a card: what its figures rest on, and whether some are of peers
_SOURCES = """
    with
    of_lines as (
        select
            report_month,
            line,
            unnest([measure, compare_measure]) as measure,
            list_contains($2, statistic) as of_peers
        from {figures}
        where list_contains($1::date[], report_month)
    ),
    measures as (
        select distinct report_month, line, measure from of_lines
    ),
    files as (
        select
            report_month,
            line,
            sum(hash(measure, month, extract, sha256, sources.lines)::hugeint)::varchar as digest
        from measures
        inner join {sources} as sources using (report_month, measure)
        group by report_month, line
    ),
    peers as (
        select report_month, line, bool_or(of_peers) as any_peers from of_lines group by report_month, line
    )
    select report_month, line, digest, coalesce(any_peers, false)
    from {scorecard}
    left join files using (report_month, line)
    left join peers using (report_month, line)
    where list_contains($1::date[], report_month)
"""


def _text(cell: str, text: str | None) -> str:
    return status.COLOURS.get(text or "", "none") if cell == "status" else text or "none"


def message(changed: Iterable[RuleChange]) -> str:
    """Every line that waits, a line each, and what to do about it."""
    changed = list(changed)
    parts = [
        "The rule of these lines changed, and no dated row of the catalogue says from when, who decided it and why:"
    ]
    parts += [f"{months.key(it.report_month)}, line {it.line}: {it.effect}" for it in changed[:SHOWN]]
    if len(changed) > SHOWN:
        parts.append(f"... and {len(changed) - SHOWN} more lines")
    for month, _ in groupby(sorted(it.report_month for it in changed)):
        parts.append(
            f"To date it: leave the line's row of indicators.csv as it was and add one with from_month, decided_by and "
            f'reason; to publish it as it is: make confirm MONTH={months.key(month)} [LINE=...] REASON="...". '
            "Then run again."
        )
    return "\n".join(parts)
