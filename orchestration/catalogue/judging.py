"""Rules for judging_rules: each can decide on its line, from a month of its card's year."""

from collections.abc import Iterator

from orchestration import years
from orchestration.catalogue.cells import month
from orchestration.catalogue.dated import rows_of_lines
from orchestration.catalogue.tables import Problems, Row, Tables
from orchestration.scorecard.kinds import BASES_OF_A_YEAR_END, KINDS
from orchestration.scorecard.shortfall import is_range


def _rules(tables: Tables) -> Problems:
    of_lines = rows_of_lines(tables)
    for line, row in tables["judging_rules"]:
        year, first = row["financial_year"], month(row["from_month"])
        if first and years.of_month(first) != year:
            yield "judging_rules", line, "from_month", f"'{first}' is not a month of {year}, whose cards it is for"
        indicators = of_lines.get((year, row["line"]), [])
        judged = [it for it in indicators if it["target"] is not None and it["measure"] is not None]
        if not indicators:
            yield "judging_rules", line, "line", f"'{row['line']}' is not a line of the card of {year}"
        elif not judged:
            yield "judging_rules", line, "line", f"line {row['line']} has no target to be judged by"
        for problem in dict.fromkeys(it for each in judged for it in _cannot_decide(row["rule"], each, tables)):
            yield "judging_rules", line, "rule", problem


def _cannot_decide(rule: str | None, indicator: Row, tables: Tables) -> Iterator[str]:
    """Why the rule would never decide on the line."""
    named, kind = f"line {indicator['line']}", indicator["kind"]
    if rule == "attainability":
        if is_range(indicator):
            yield f"it would never decide on {named}: a target between two values requires no one rate"
        elif kind in KINDS and (reason := KINDS[kind].no_year_end):
            yield f"it would never decide on {named}: {reason}"
        elif indicator["basis"] not in BASES_OF_A_YEAR_END:
            yield f"it would never decide on {named}: the {indicator['basis']} is not completed by the year end"
    if rule == "forecast" and kind == "forecast":
        yield f"the latest figure of {named} is the forecast itself: its target and its tolerance judge it"
    elif rule == "forecast":
        supplied = [
            row["unit"]
            for _, row in tables["figures"]
            if (row["financial_year"], row["line"]) == (indicator["financial_year"], indicator["line"])
            and (row["statistic"], row["basis"]) == ("forecast", "financial_year")
            # less another figure, or for another period, it is no forecast of the card's year
            and not (row["less"] or row["from_month"] or row["to_month"])
        ]
        if not supplied:
            yield f"{named} has no figure in figures.csv that is a forecast of the financial_year"
        elif supplied[0] != indicator["unit"]:
            problem = f"the forecast of {named} is in {supplied[0]}, its target in {indicator['unit']}"
            yield f"{problem}: they cannot be compared"


RULES = (_rules,)
