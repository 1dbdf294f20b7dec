"""The audit gives every letter by rules of its own, and they are those of the card."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from orchestration import audit
from orchestration.audit import months, printing
from orchestration.audit.catalogue import Line
from orchestration.audit.figures import Recomputed
from orchestration.audit.letters import letters
from orchestration.audit.statistics import Inputs, recomputed
from orchestration.audit.windows import Window
from orchestration.scorecard import status

AUGUST = date(2009, 8, 1)
LINE = {
    "line": "4d",
    "kind": "total",
    "direction": "higher_is_better",
    "unit": "number",
    "decimals": 0,
    "target": 2516.0,
    "target_to": None,
    "phasing": None,
    "amber_tolerance": 0.1,
    "strict": None,
    "judged_from": None,
    "age_limit": 1,
    "not_judged": None,
}


def audited(
    line: dict, value: float | None, data_to: date = AUGUST, *, more_rules: bool = False, due: float | None = None
) -> set[str | None]:
    """What the audit lets a line of August print."""
    judged = Line(
        *(line[name] for name in ("line", "kind", "direction")),
        printing.UNITS[line["unit"]],
        line["decimals"],
        None if line["target"] is None else Fraction(repr(line["target"])),
        None if line["target_to"] is None else Fraction(repr(line["target_to"])),
        line["phasing"] is not None,
        Fraction(repr(line["amber_tolerance"])),
        line["strict"] == "yes",
        line["judged_from"] and months.number(line["judged_from"]),
        line["age_limit"],
        line["not_judged"],
        more_rules,
    )
    figure = Recomputed(value, None, None, data_to, None, None, "", suppressed=False)
    figures = {("4d", "latest"): figure, ("4d", "phased_target"): replace(figure, value=due)}
    return set(letters([judged], figures, months.number(AUGUST))["4d"])


REACHED = {"wide": 1, "tolerance": 0.1, "age": 0, "judged_from": None}
KINDS = some.sampled_from(
    [("total", "number", 0), ("percentage", "percent", 1), ("percentage_change", "percent", 1), ("gap", "points", 1)]
)


@given(
    kind=KINDS,
    direction=some.sampled_from(["higher_is_better", "lower_is_better", "in_range_is_better"]),
    target=some.integers(-20, 20),
    wide=some.integers(1, 10),
    value=some.integers(-40, 40),
    tolerance=some.sampled_from([0.0, 0.05, 0.1]),
    strict=some.sampled_from([None, "yes"]),
    age=some.integers(0, 3),
    judged_from=some.sampled_from([None, date(2009, 7, 1)]),
)
@example(**REACHED, kind=("total", "number", 0), direction="higher_is_better", target=10, value=20, strict="yes")
@example(**REACHED, kind=("gap", "points", 1), direction="lower_is_better", target=2, value=-4, strict=None)
def test_the_audit_and_the_card_give_the_same_letter(
    *, kind, direction, target, wide, value, tolerance, strict, age, judged_from
):
    steps = 1 if kind[1] == "number" else 100
    line = LINE | dict(zip(("kind", "unit", "decimals"), kind, strict=True)) | {"direction": direction}
    to = (target + wide) / steps if direction == "in_range_is_better" else None
    line |= {
        "target": target / steps,
        "target_to": to,
        "amber_tolerance": tolerance,
        "strict": strict,
        "judged_from": judged_from,
    }
    data_to = months.first_day(months.number(AUGUST) - age)
    latest = {"value": value / (2 * steps), "data_to": data_to, "missing_reason": None}
    given_letter = status.judge(line | {"sign": None, "report_month": AUGUST}, latest).letter
    assert audited(line, latest["value"], data_to) == {given_letter}


def test_where_optional_rules_are_on_a_figure_that_misses_its_target_is_amber_or_red():
    assert audited(LINE, 2515.0, more_rules=True) == {"A", "R"}
    assert audited(LINE, 2516.0, more_rules=True) == {"G"}


@pytest.mark.parametrize("different", [{"not_judged": "baseline year"}, {"target": None}])
def test_a_line_that_is_not_to_be_judged_has_no_letter(different):
    assert audited(LINE | different, 2516.0) == {None}


def test_a_phased_target_is_judged_by_what_is_due_of_it():
    phased = LINE | {"phasing": "linear", "target": 9000.0}
    assert audited(phased, 7859.0, due=7500.0) == {"G"}
    assert audited(phased, 7000.0, due=7500.0) == {"A"}
    assert audited(phased, 7859.0) == {None}


@given(some.lists(some.integers(0, 1000), min_size=12, max_size=12), some.integers(1, 10_000))
def test_what_is_due_of_a_phased_target_adds_up_to_the_year_and_never_falls(last_year, target):
    april = months.number(date(2008, 4, 1))
    whole = window(april, last_year)
    for statistic in ("phased_linear", *(["phased_as_before"] if any(last_year) else [])):
        due = [
            recomputed(
                statistic,
                Inputs(window(april + 12, [1] * gone), window(april, last_year[:gone]), None, target, None, whole),
            )
            for gone in range(1, 13)
        ]
        assert due[-1] == target
        assert due == sorted(due)
        of_months = [after - before for before, after in pairwise([Fraction(0), *due])]
        assert sum(of_months) == target


def window(first: int, values: list[int]) -> Window:
    """The window of a count with these months."""
    long = len(values)
    return Window(first, first + long - 1, long, long, Fraction(sum(values)), None, [])


def test_a_letter_that_the_figure_does_not_get_is_named():
    right = {(AUGUST, "4d"): frozenset("A"), (AUGUST, "4e"): frozenset("AR")}
    published = [(AUGUST, "4d", "G"), (AUGUST, "4e", "R"), (AUGUST, "5a", None), (AUGUST, "9", "G")]
    assert audit.differences_in_letters(right, published) == [
        "2009-08, line 4d: the card has 'G'; its figure gets 'A'",
        "2009-08, line 9: the card has 'G'; its figure gets none",
    ]
