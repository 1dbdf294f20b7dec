"""Rules for what a line or figure asks for: its statistic, of that measure, over that window, says something."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from orchestration import months, years
from orchestration.catalogue.cells import month
from orchestration.catalogue.dated import rows_of_lines
from orchestration.catalogue.measure_types import MeasureType, of_measures
from orchestration.catalogue.tables import Problems, Row, Tables
from orchestration.scorecard.kinds import (
    BASES,
    FORMS_IN_WORDS,
    KINDS,
    RATE,
    STATE,
    STATES,
    STATISTICS,
    Statistic,
)
from orchestration.scorecard.shortfall import is_range
from orchestration.scorecard.units import MONEY, UNITS, of_values

Wrong = Iterator[tuple[str, str]]  # column, what is wrong and what to write
MONTHS_OF = {"rolling_year": 12, "quarter": 3, "latest": 1}
OF_A_MOVEMENT = ("up_or_down", "up_or_down_by", "reduced_or_increased_by", "increased_or_reduced")
# columns of a figure that only some statistics read
READ = ("measure", "compare_measure", "basis", "ends", "against", "peer_group", "number", "less")
PERIOD = ("from_month", "to_month")


class Asked(NamedTuple):
    """A row of the catalogue that asks for a statistic, with what it names."""

    name: str
    statistic: str
    rule: Statistic
    row: Row
    own: MeasureType | None
    other: MeasureType | None
    column: str  # that names the statistic

    @property
    def measure(self) -> str:
        """The name of its measure."""
        return self.row["measure"] or ""


def _indicators(tables: Tables) -> Problems:
    types = of_measures(tables)
    for line, row in tables["indicators"]:
        yield from (("indicators", line, *wrong) for wrong in _narrative(row) if row["measure"] is None)
        if row["kind"] in KINDS and row["measure"] is not None:
            asked = _asked(row["kind"], row | {"against": None}, types, "kind")
            for problems in (_computed(asked), _printed(asked, less=None)):
                yield from (("indicators", line, *wrong) for wrong in problems)


def _figures(tables: Tables) -> Problems:
    types = of_measures(tables)
    lines = rows_of_lines(tables)
    terms = _terms(tables, types)
    for line, row in tables["figures"]:
        its_line = lines.get((row["financial_year"], row["line"]), [])
        if row["statistic"] not in STATISTICS or not its_line:
            continue
        asked = _asked(row["statistic"], row, types, "statistic")
        for problems in (
            _read(asked),
            _computed(asked),
            _printed(asked, row["less"]),
            _period(asked),
            dict.fromkeys(wrong for of_line in its_line for wrong in _of_its_line(asked, of_line)),
            _less(asked, terms),
        ):
            yield from (("figures", line, *wrong) for wrong in problems)


def _asked(statistic: str, row: Row, types: dict[str, MeasureType], column: str) -> Asked:
    rule = STATISTICS[statistic]
    own = types.get(row["measure"] or "") if rule.forms else None  # else it is not computed from a measure
    other = types.get(row["compare_measure"] or "")
    named = row.get("name") or row["line"]
    return Asked(named, statistic, rule, row, own, other, column)


def _narrative(row: Row) -> Wrong:
    for column in ("kind", "basis", "compare_measure"):
        if row[column] is not None:
            yield column, f"'{row[column]}' has no effect on a line without a measure: leave it empty"


def _read(asked: Asked) -> Wrong:
    """What the row states is read by its statistic."""
    for column in (*READ, *PERIOD):
        if asked.row[column] is not None and column not in asked.rule.takes:
            yield column, f"'{asked.row[column]}' has no effect on a {asked.statistic}: leave it empty"


def _computed(asked: Asked) -> Wrong:
    """The statistic can be computed of this measure, over this window."""
    own, rule, statistic = asked.own, asked.rule, asked.statistic
    compare = asked.row["compare_measure"]
    if "compare_measure" not in rule.takes and compare is not None and asked.column == "kind":
        yield "compare_measure", f"'{compare}' has no effect on a {statistic}: leave it empty"
    if own is None:
        return
    if own.form not in rule.forms:
        allowed = [name for name in KINDS if own.form in STATISTICS[name].forms]
        problem = f"{rule.what}, but {asked.measure} is {FORMS_IN_WORDS[own.form]}: write {_one_of(allowed)}"
        yield asked.column, problem
        return
    yield from _basis(asked, own)
    if rule.value == "of" and own.unit != "count":
        yield "measure", f"{rule.what}, but {asked.measure} is in {own.unit}: write percentage, or take another measure"
    if rule.monthly and own.months_covered > 1:
        problem = (
            f"{asked.measure} has a value every {own.months_covered} months only: take a measure of monthly series"
        )
        yield "measure", problem
    if statistic == "required_rate" and own.over_time == ("sum", "mean"):
        problem = f"{asked.measure} rests on a stock, which its months do not add up: take the figure out"
        yield "measure", problem
    if "compare_measure" in rule.takes and compare is not None:
        yield from _compared(asked, own)
    against, basis = asked.row["against"], asked.row["basis"]
    if basis == "year_to_date" and against not in (None, "year_before") and statistic != "change_in_monthly_average":
        yield "against", f"a year to date has as many months a year before only: write year_before, not {against}"


def _basis(asked: Asked, own: MeasureType) -> Wrong:
    basis, statistic, covered = asked.row["basis"], asked.statistic, own.months_covered
    if basis not in BASES:
        return
    if own.form in (STATE, STATES):
        values = {"latest", *(name for name, length in MONTHS_OF.items() if length == covered)}
        allowed = [name for name in asked.rule.bases if name in values or name == "financial_year"]
        why = f"{asked.measure} is {FORMS_IN_WORDS[own.form]}, so that values of several months are not combined"
    else:
        allowed = [name for name in asked.rule.bases if covered < 12 or name in ("rolling_year", "latest")]
        why = asked.rule.what
        if basis == "financial_year":
            why = "the financial year is known when it is over, and only a forecast is of it before"
            allowed.sort(key="year_to_date".__ne__)
        elif basis in asked.rule.bases:
            why = f"{asked.measure} has one value for {covered} months"
    if basis not in allowed:
        yield "basis", f"a {statistic} over the {basis} is not defined: {why}; write {_one_of(allowed)}"
    elif basis == "financial_year" and asked.row.get("ends") not in (None, "latest"):
        yield "ends", f"'{asked.row['ends']}' is no end of a forecast for the financial year: leave it empty"


def _compared(asked: Asked, own: MeasureType) -> Wrong:
    compare, other = asked.row["compare_measure"], asked.other
    if compare == asked.measure:
        yield "compare_measure", f"a {asked.statistic} of {compare} with itself says nothing: name another measure"
    elif other is not None and other.form != own.form:
        forms = f"{asked.measure} is {FORMS_IN_WORDS[own.form]}, {compare} is {FORMS_IN_WORDS[other.form]}"
        yield "compare_measure", f"{forms}: name a measure of the same kind"
    elif other is not None and other.over_time != own.over_time and _by_months(asked, own):
        ways = " and ".join(" over ".join(map(str, each.over_time)) for each in (own, other))
        problem = f"{asked.measure} and {compare} combine their months as {ways}: name a measure of the same kind"
        yield "compare_measure", problem
    elif other is not None and other.months_covered != own.months_covered:
        covers = f"{asked.measure} has values of {own.months_covered} months, {compare} of {other.months_covered}"
        yield "compare_measure", f"{covers}: their windows are not the same; name a measure of the same cadence"
    elif other is not None and own.form == RATE and own[1:4] != other[1:4]:
        yield "compare_measure", f"{asked.measure} and {compare} are rates of different things: name one of the same"


def _by_months(asked: Asked, own: MeasureType) -> bool:
    """Whether it matters how months are combined: of two shares only to a margin, or where the first has stocks."""
    return own.form == RATE or asked.statistic == "margin_of_error" or "mean" in own.over_time


def _printed(asked: Asked, less: str | None) -> Wrong:
    """It prints as what it is."""
    unit, sign, decimals = asked.row["unit"], asked.row["sign"], asked.row["decimals"]
    value = asked.rule.value
    if value == "own":
        value = asked.own.prints_as if asked.own else "any"
    allowed = of_values(value)
    if value == "points" and asked.own and asked.own.prints_as != "ratio":
        allowed = of_values(asked.own.prints_as)
    if unit in UNITS and unit not in allowed:
        yield "unit", f"a {asked.statistic} of {asked.measure} is not printed as {unit}: write {_one_of(allowed)}"
    if sign in OF_A_MOVEMENT and "against" not in asked.rule.takes and less is None:
        yield "sign", f"'{sign}' is of a change, and a {asked.statistic} is none: leave it empty"
    if decimals not in (None, "0") and asked.rule.whole and less is None:
        yield "decimals", f"a {asked.statistic} is a whole number: write 0"


def _period(asked: Asked) -> Wrong:
    """A fixed period is one that the statistic has a window for; of a target or a forecast it says what it is for."""
    first, last = month(asked.row["from_month"]), month(asked.row["to_month"])
    if first and last and last < first:
        yield "to_month", f"'{last}' is before the first month, {first}"
        return
    if asked.rule.bases == ("financial_year", "latest") or "number" in asked.rule.takes or not (first or last):
        return
    if not (first and last):
        yield "to_month" if first else "from_month", "it is empty: a fixed period has a first and a last month"
        return
    if asked.row["ends"] is not None:
        yield "ends", f"the period ends in {last} already: leave it empty"
    expected = _first_month(asked.row["basis"], last, asked.own.months_covered if asked.own else 1)
    if expected is not None and first != expected:
        basis = asked.row["basis"]
        yield (
            "from_month",
            f"'{first}' to '{last}' is not the {basis} that ends then: write {expected}, or another basis",
        )


def _first_month(basis: str | None, last: date, covered: int) -> date | None:
    if basis == "year_to_date":
        return years.start(years.of_month(last))
    if basis == "quarter" and last.month % 3:
        return months.shift(last, 1 - last.month % 3)  # such a quarter has not ended
    length = covered if basis == "latest" else MONTHS_OF.get(basis or "")  # its latest value may be of a quarter
    return months.shift(last, 1 - length) if length else None


def _of_its_line(asked: Asked, of_line: Row) -> Wrong:
    """What it takes from its line is there and fits: direction, target, measure."""
    named = f"line {of_line['line']}"
    if asked.statistic == "rank" and of_line["direction"] is None:
        yield "statistic", f"{named} has no direction, so no place is the best: give it a measure and a direction"
    if asked.statistic in ("rank", "required_rate", "target_monthly_average") and is_range(of_line):
        yield (
            "statistic",
            f"the target of {named} is a range, of which there is no {asked.statistic}: take the figure out",
        )
        return
    if asked.statistic not in ("required_rate", "target_monthly_average"):
        return
    if of_line["target"] is None:
        yield "statistic", f"{named} has no target, which a {asked.statistic} needs: set one, or take the figure out"
    elif asked.statistic == "required_rate":
        if of_line["kind"] != "percentage" or of_line["measure"] != asked.measure:
            yield (
                "measure",
                f"the target of {named} is not one of the rate of {asked.measure}: take a figure of its own line",
            )
    elif (of_line["kind"], of_line["basis"]) not in (("total", "rolling_year"), ("forecast", "financial_year")):
        problem = f"the target of {named} is for a {of_line['kind']} over the {of_line['basis']}, not for twelve months"
        yield "statistic", f"{problem}: write target, or take the figure out"
    elif asked.row["unit"] != of_line["unit"]:
        yield "unit", f"the target of {named} is in {of_line['unit']}: write {of_line['unit']}"


def _terms(tables: Tables, types: dict[str, MeasureType]) -> dict[tuple, dict[str, tuple[str | None, str]]]:
    """By line, each figure with the one that it is less, and what its value is counted in."""
    found: dict[tuple, dict[str, tuple[str | None, str]]] = {}
    for _, row in tables["indicators"]:
        its = found.setdefault((row["financial_year"], row["line"]), {})
        counted = _counted(row["kind"], row["unit"], types.get(row["measure"] or ""))
        if row["measure"] is not None:
            its |= {"latest": (None, counted), "year_before": (None, counted)}
        if row["target"] is not None:
            its["target"] = None, counted
    for _, row in tables["figures"]:
        its = found.setdefault((row["financial_year"], row["line"]), {})
        its[row["name"]] = row["less"], _counted(row["statistic"], row["unit"], types.get(row["measure"] or ""))
    return found


def _counted(statistic: str | None, unit: str | None, own: MeasureType | None) -> str:
    """What a value is counted in: values of different things cannot be subtracted."""
    if statistic == "rank" or unit == "ordinal":
        return "places"
    if unit in ("percent", "points"):
        return "percent"
    if unit in MONEY or (own and own.unit == "money" and STATISTICS[statistic or ""].value == "own"):
        return "money"
    return "numbers"


def _less(asked: Asked, terms: dict[tuple, dict[str, tuple[str | None, str]]]) -> Wrong:
    """It is less a figure of its line that is counted in the same, and the chain of such figures has an end."""
    less, its = asked.row["less"], terms[asked.row["financial_year"], asked.row["line"]]
    if less is None or "less" not in asked.rule.takes:
        return
    if less not in its:
        yield "less", f"'{less}' is not a figure of line {asked.row['line']}"
        return
    own, other = its[asked.row["name"]][1], its[less][1]
    if own != other:
        yield "less", f"'{less}' is in {other}, {asked.name} in {own}: subtract a figure of the same unit"
    passed = [asked.row["name"]]
    while less in its and less not in passed:
        passed.append(less)
        less = its[less][0]
    if less in passed:
        problem = f"{' less '.join([*passed, less])}: a figure cannot be less itself; name one that ends the chain"
        yield "less", problem


def _one_of(words: list[str] | tuple[str, ...]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words) or "another measure"


RULES = (_indicators, _figures)
