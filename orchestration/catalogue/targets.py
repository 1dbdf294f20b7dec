"""Rules for targets: what their cells say in print is what a figure is judged by."""

import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration import months, settings, years
from orchestration.catalogue import tables
from orchestration.catalogue.tables import Problems, Row, Tables
from orchestration.scorecard.kinds import PHASINGS
from orchestration.scorecard.shortfall import is_range

# what may stand before a target in print: the direction it is of, and whether the target has to be passed
COMPARES = {
    **dict.fromkeys((">", "more than", "over", "above"), ("higher_is_better", True)),
    **dict.fromkeys((">=", "≥", "at least"), ("higher_is_better", False)),
    **dict.fromkeys(("<", "less than", "fewer than", "under", "below"), ("lower_is_better", True)),
    **dict.fromkeys(("<=", "≤", "at most", "no more than"), ("lower_is_better", False)),
}
PRINTED = re.compile(rf"({'|'.join(sorted(COMPARES, key=len, reverse=True))})\s*{{target}}", re.IGNORECASE)


RANGE = re.compile(r"(more than|>)?\s*{target}.*?(less than|<)?\s*{target_to}", re.IGNORECASE)


def _ranges(read: Tables) -> Problems:
    for line, row in read["indicators"]:
        if not is_range(row):
            if row["target_to"] is not None:
                problem = "a target with an upper end is a range: write in_range_is_better"
                yield "indicators", line, "direction", f"{problem}, or empty target_to"
            continue
        if row["target"] is None or row["target_to"] is None:
            yield (
                "indicators",
                line,
                "target_to",
                "in_range_is_better needs a range: write its ends, target and target_to",
            )
            continue
        with suppress(InvalidOperation):  # a cell that is no number, which other rules name
            if Decimal(row["target"]) >= Decimal(row["target_to"]):
                yield "indicators", line, "target_to", f"the range ends at {row['target_to']}, before it begins"
        printed = RANGE.search(row["target_text"] or "")
        passed = "more than {target} and less than {target_to}"
        if not printed:
            problem = "the cell does not say what is judged"
            yield "indicators", line, "target_text", f"{problem}: write between {{target}} and {{target_to}}"
        elif bool(row["strict"]) != bool(printed[1] and printed[2]):
            problem = "whether reaching an end of the range is enough differs between the cell and strict"
            yield "indicators", line, "target_text", f"{problem}: write {passed} with strict, and only then"


def _strictness(read: Tables) -> Problems:
    for line, row in read["indicators"]:
        if is_range(row):
            continue
        if row["target"] is None:
            if row["strict"]:
                yield "indicators", line, "strict", "'yes' has no effect on a line without a target: leave it empty"
            continue
        said = PRINTED.search(row["target_text"] or "")
        direction, passed = COMPARES[said[1].lower()] if said else (row["direction"], False)
        if said and direction != row["direction"]:
            problem = f"'{said[0]}' is not the target of a line of which {row['direction']}".replace("_", " ")
            yield "indicators", line, "target_text", f"{problem}: turn one of them round"
        elif said and passed and not row["strict"]:
            problem = f"'{said[0]}' says that reaching the target is not enough, but a figure that reaches it is green"
            yield "indicators", line, "target_text", f"{problem}: write yes into strict, or {{target}} here"
        elif row["strict"] and not passed:
            sign = ">" if row["direction"] == "higher_is_better" else "<"
            problem = "a figure that reaches the target is not green, which the cell does not say"
            yield "indicators", line, "target_text", f"{problem}: write {sign} {{target}}, or empty strict"


def _phasing(read: Tables) -> Problems:
    for line, row in read["indicators"]:
        if row["phasing"] is None:
            continue
        if not _cumulative(row):
            what = "a line that is not a total of the year to date with one target: leave it empty"
            yield "indicators", line, "phasing", f"'{row['phasing']}' has no effect on {what}"
        elif row["phasing"] == "monthly":
            with suppress(ValueError, InvalidOperation):  # a cell that is no year or number, which other rules name
                if problem := _months_that_do_not_add_up(row, read):
                    yield "indicators", line, "phasing", problem


def _cumulative(row: Row) -> bool:
    to_date = row["kind"] == "total" and row["basis"] == "year_to_date"
    return to_date and row["target"] is not None and not is_range(row)


def _months_that_do_not_add_up(row: Row, read: Tables) -> str | None:
    """What is wrong with the targets of a line's months; None where they add up to the year's."""
    found: dict[str, Decimal] = {}
    for _, it in read["figures"]:
        of_line = (it["financial_year"], it["line"]) == (row["financial_year"], row["line"])
        if of_line and it["statistic"] == "target" and it["from_month"] and it["from_month"] == it["to_month"]:
            found[it["from_month"]] = found.get(it["from_month"], Decimal(0)) + Decimal(it["number"] or 0)
    first = years.start(row["financial_year"])
    of_year = [str(months.shift(first, place)) for place in range(12)]
    if lacking := [month for month in of_year if month not in found]:
        return f"line {row['line']} has no target for {lacking[0]}: give it a row in figures.csv, a month each"
    if (total := sum(found[month] for month in of_year)) != Decimal(row["target"]):
        return (
            f"the targets of the months of line {row['line']} add up to {total}, not to {row['target']}: correct them"
        )
    return None


def advice(folder: Path = settings.CATALOGUE) -> list[str]:
    """A sentence for each line that is judged against the whole year's target from its first month on, unasked."""
    read, problems = tables.read(folder)
    what = "is a total of the year to date, but judged against the whole year's target"
    return [
        f"indicators.csv line {line}, column phasing: line {row['line']} of {row['financial_year']} {what}: "
        f"write {', '.join(PHASINGS)}, or none where that is meant"
        for line, row in (read["indicators"] if not problems else ())
        if _cumulative(row) and row["phasing"] is None
    ]


RULES = (_ranges, _strictness, _phasing)
