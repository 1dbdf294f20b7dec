"""Rules for rows that belong together: a calendar without gaps, complete lines and figures."""

import re
from string import Formatter

from orchestration import years
from orchestration.catalogue.cells import unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import OTHER_PEERS, PEER_MEASURES
from orchestration.scorecard import comments
from orchestration.scorecard.display import PERIOD_WORDS
from orchestration.scorecard.kinds import (
    FIGURES_OF_EVERY_LINE,
    STATISTICS,
    STATISTICS_OF_NO_MEASURE,
    STATISTICS_OF_PEERS,
    TWO_MEASURES,
)

# what an indicator with a measure needs, and one with a target in addition
ALWAYS = ("kind", "basis", "direction", "unit", "decimals", "latest_text")
WITH_TARGET = ("target_text", "amber_tolerance")
OF_TWO_MEASURES = tuple(name for name, its in STATISTICS.items() if "compare_measure" in its.takes)
NAME = r"[a-z][a-z0-9_]*"


def _cards(tables: Tables) -> Problems:
    known = {"subtitle": ("to",)} | dict.fromkeys(
        ("rolling_year_period", "year_to_date_period", "quarter_period"), PERIOD_WORDS
    )
    for line, row in tables["cards"]:
        try:
            years.start(row["financial_year"] or "")
        except ValueError as error:
            yield "cards", line, "financial_year", str(error)
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
        has |= {"target_to"} if row["target_to"] else set()
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
        if row["kind"] in TWO_MEASURES and row["compare_measure"] is None:
            yield "indicators", line, "compare_measure", f"it is empty, but a {row['kind']} is of two measures"


def _figures(tables: Tables) -> Problems:
    lines = set(values(tables["indicators"], "financial_year", "line"))
    measures = [name for name in values(tables["measures"], "measure") if name]
    groups = [name for name in values(tables["peer_groups"], "peer_group") if name]
    peers = [*filter(None, values(tables["peer_organisations"], "peer")), *OTHER_PEERS]
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
            yield (
                "figures",
                line,
                "peer_group",
                unknown(row["peer_group"] or "", peers, "defined in peer_organisations.csv"),
            )
        if statistic in OF_TWO_MEASURES and row["compare_measure"] is None:
            yield "figures", line, "compare_measure", f"it is empty, but a {statistic} is of two measures"
        needed = {
            "basis": not (of_peers or of_none),
            "decimals": statistic != "target",
            "number": statistic == "target",
        }
        for column, needs in needed.items():
            if needs and row[column] is None:
                yield "figures", line, column, f"it is empty, but a {statistic} needs it"


RULES = (_cards, _indicators, _figures)
