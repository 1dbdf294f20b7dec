"""Rules for rows that belong together: a calendar without gaps, measures that add up, complete lines."""

import re
from datetime import date
from itertools import pairwise
from string import Formatter

from orchestration import months
from orchestration.catalogue.cells import month, unknown
from orchestration.catalogue.tables import Problems, Row, Tables, values
from orchestration.raw.sources.extracts import OTHER_PEERS, PEER_MEASURES
from orchestration.scorecard import comments
from orchestration.scorecard.display import PERIOD_WORDS
from orchestration.scorecard.kinds import (
    FIGURES_OF_EVERY_LINE,
    STATISTICS_OF_NO_MEASURE,
    STATISTICS_OF_PEERS,
    STATISTICS_OF_TWO_MEASURES,
)

# what an indicator with a measure needs, and one with a target in addition
ALWAYS = ("kind", "basis", "direction", "unit", "decimals", "latest_text")
WITH_TARGET = ("target_text", "amber_tolerance")
NAME = r"[a-z][a-z0-9_]*"


def _calendar(tables: Tables) -> Problems:
    rows = [(line, month(row["month"]), row) for line, row in tables["calendar"]]
    for (_, before, _), (line, here, _) in pairwise(rows):
        if before and here and here != months.shift(before, 1):
            problem = f"'{here}' does not follow {before}: every month has one row, in order"
            yield "calendar", line, "month", problem
    first = next(((here, row["month_number"]) for _, here, row in rows if here), None)
    for line, here, row in rows:
        if here is None or first is None:
            continue
        for column, expected in calendar_row(here, *first).items():
            if row[column] is not None and row[column] != expected:
                yield "calendar", line, column, f"'{row[column]}' does not fit {here}: it should be {expected}"


def calendar_row(here: date, first: date, first_number: str | None) -> dict[str, str]:
    """The other columns of a month."""
    year_start = months.year_start(months.financial_year(here))
    of_year = months.difference(year_start, here) + 1
    since = months.difference(first, here)
    return {
        "month_number": str(int(first_number) + since) if first_number and first_number.isdecimal() else str(since + 1),
        "financial_year": months.financial_year(here),
        "financial_year_start": str(year_start),
        "month_of_financial_year": str(of_year),
        "quarter_of_financial_year": str(months.quarter(here)),
        "quarter_start": str(months.shift(here, -((of_year - 1) % 3))),
    }


def _cards(tables: Tables) -> Problems:
    known = {"subtitle": ("to",)} | dict.fromkeys(
        ("rolling_year_period", "year_to_date_period", "quarter_period"), PERIOD_WORDS
    )
    for line, row in tables["cards"]:
        for column, fields in known.items():
            try:
                named = [
                    field + (f":{spec}" if spec else "") + (f"!{conversion}" if conversion else "")
                    for _, field, spec, conversion in Formatter().parse(row[column] or "")
                    if field is not None
                ]
            except ValueError:
                yield "cards", line, column, f"'{row[column]}' has a brace without its other half"
                continue
            for field in named:
                if field not in fields:
                    yield "cards", line, column, unknown(field, fields, "something a card can print there")


def _thresholds(tables: Tables) -> Problems:
    for line, row in tables["series"]:
        of_borough, of_force = row["borough_threshold"], row["force_threshold"]
        for column in ("borough_threshold", "force_threshold"):
            if (row[column] or "").startswith("-"):
                yield "series", line, column, f"'{row[column]}' is below 0; leave it empty to suppress nothing"
            if row["carry_forward"] == "true" and row[column] is not None:
                problem = f"{row['series']} holds for later months, which would stay shown: leave it empty"
                yield "series", line, column, problem
        if row["level"] == "force" and of_borough is not None:
            yield "series", line, "borough_threshold", f"{row['series']} is not known by borough: leave it empty"
        if row["level"] == "borough" and _whole(of_force) > _whole(of_borough):
            problem = f"its boroughs would add up to what is suppressed for the force: it must be {of_force} or more"
            yield "series", line, "borough_threshold", problem


def _whole(cell: str | None) -> int:
    """The number in the cell; 0 where there is none."""
    return int(cell) if cell and cell.isdecimal() else 0


def _measures(tables: Tables) -> Problems:
    described = {row["series"]: row for _, row in tables["series"]}
    first: dict[str | None, Row] = {}
    for line, row in tables["measures"]:
        series = described.get(row["series"])
        if series is None:
            continue
        other = first.setdefault(row["measure"], series)
        for column, which in (("level", "known by"), ("unit", "in")):
            if series[column] != other[column]:
                others = f"the other series of {row['measure']} {which.split()[-1]} {other[column]}"
                yield "measures", line, "series", f"{row['series']} is {which} {series[column]}, {others}"
        covers, covered = _whole(series["months_covered"]), _whole(other["months_covered"])
        if covers and covered and covers != covered and "true" not in (series["carry_forward"], other["carry_forward"]):
            problem = f"has values of {covers} months, the other series of {row['measure']} of {covered}"
            yield "measures", line, "series", f"{row['series']} {problem}: they cannot be added up or divided"
    yield from _components(tables)


def _components(tables: Tables) -> Problems:
    """Components add up to their measure only where every series of it belongs to one."""
    with_some = {row["measure"] for _, row in tables["measures"] if row["component"]}
    divided = {row["measure"] for _, row in tables["measures"] if row["part"] == "denominator"}
    parts: dict[tuple, set] = {}
    for _, row in tables["measures"]:
        parts.setdefault((row["measure"], row["component"]), set()).add(row["part"])
    for line, row in tables["measures"]:
        if row["measure"] not in with_some:
            continue
        if row["component"] is None:
            problem = f"it is empty, but other series of {row['measure']} belong to a component: this one must too"
            yield "measures", line, "component", problem
        elif row["measure"] in divided and len(parts[row["measure"], row["component"]]) == 1:
            problem = f"'{row['component']}' of {row['measure']} has a {row['part']} only: a rate needs both"
            yield "measures", line, "component", problem


def _indicators(tables: Tables) -> Problems:
    figures: dict[tuple, set[str]] = {}
    for _, row in tables["figures"]:
        figures.setdefault((row["financial_year"], row["line"]), set()).add(row["name"])
    places: dict[tuple, tuple] = {}
    for line, row in tables["indicators"]:
        place = (row["financial_year"], row["position"])
        line_there, other = places.setdefault(place, (line, row["line"]))
        if other != row["line"]:
            problem = f"line {line_there} has the place {row['position']} of {row['financial_year']} already"
            yield "indicators", line, "position", problem
        has = figures.get((row["financial_year"], row["line"]), set()) | ({"target"} if row["target"] else set())
        has |= {"latest", "year_before"} if row["measure"] else set()
        for column in ("target_text", "latest_text"):
            for problem in comments.problems(row[column] or "", has, f"{row['line']} in {row['financial_year']}"):
                yield "indicators", line, column, problem
        if row["measure"] is None:
            if not row["not_judged"]:
                yield "indicators", line, "not_judged", "a row without a measure needs the reason why it has no letter"
            continue
        for column in ALWAYS + (WITH_TARGET if row["target"] is not None else ()):
            if row[column] is None:
                yield "indicators", line, column, f"it is empty, but line {row['line']} needs it"
        if row["kind"] in STATISTICS_OF_TWO_MEASURES and row["compare_measure"] is None:
            yield "indicators", line, "compare_measure", f"it is empty, but a {row['kind']} is of two measures"


def _figures(tables: Tables) -> Problems:
    lines = set(values(tables["indicators"], "financial_year", "line"))
    names = set(values(tables["figures"], "financial_year", "line", "name"))
    measures = [name for name in values(tables["measures"], "measure") if name]
    groups = [name for name in values(tables["peer_groups"], "peer_group") if name]
    peers = [*filter(None, values(tables["forces"], "force")), *OTHER_PEERS]
    for line, row in tables["figures"]:
        of_line, statistic = (row["financial_year"], row["line"]), row["statistic"]
        of_peers, of_none = statistic in STATISTICS_OF_PEERS, statistic in STATISTICS_OF_NO_MEASURE
        if of_line not in lines:
            yield "figures", line, "line", f"'{row['line']}' is not a line of the card of {row['financial_year']}"
        if row["name"] in FIGURES_OF_EVERY_LINE:
            problem = f"every line has a figure '{row['name']}' already; give this one another name"
            yield "figures", line, "name", problem
        elif row["name"] and not re.fullmatch(NAME, row["name"]):
            yield "figures", line, "name", f"'{row['name']}' is not a name of small letters, digits and _"
        if not of_none and row["measure"] not in (PEER_MEASURES if of_peers else measures):
            known, where = (PEER_MEASURES, "of the peers") if of_peers else (measures, "defined in measures.csv")
            yield "figures", line, "measure", unknown(row["measure"] or "", known, where)
        if statistic == "rank" and row["peer_group"] not in groups:
            yield "figures", line, "peer_group", unknown(row["peer_group"] or "", groups, "defined in peer_groups.csv")
        if statistic == "peer_value" and row["peer_group"] not in peers:
            yield "figures", line, "peer_group", unknown(row["peer_group"] or "", peers, "defined in forces.csv")
        if statistic in STATISTICS_OF_TWO_MEASURES and row["compare_measure"] is None:
            yield "figures", line, "compare_measure", f"it is empty, but a {statistic} is of two measures"
        needed = {
            "basis": not (of_peers or of_none),
            "decimals": statistic != "target",
            "number": statistic == "target",
        }
        for column, needs in needed.items():
            if needs and row[column] is None:
                yield "figures", line, column, f"it is empty, but a {statistic} needs it"
        if row["less"] not in (None, "target") and (*of_line, row["less"]) not in names:
            yield "figures", line, "less", f"'{row['less']}' is not a figure of line {row['line']}"


RULES = (_calendar, _cards, _thresholds, _measures, _indicators, _figures)
