"""What the audit makes of a letter beyond its rules, which the sweep holds against those of the card."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from orchestration import audit
from orchestration.audit import months, printing
from orchestration.audit.catalogue import Line
from orchestration.audit.figures import Recomputed
from orchestration.audit.letters import letters
from orchestration.audit.statistics import Inputs, recomputed
from orchestration.audit.windows import Window

AUGUST = date(2009, 8, 1)


def audited(value: float) -> set[str | None]:
    """What the audit lets a line print that optional rules judge."""
    judged = Line(
        "4d",
        kind="total",
        direction="higher_is_better",
        unit=printing.UNITS["number"],
        decimals=0,
        target=Fraction(2516),
        target_to=None,
        phased=False,
        tolerance=Fraction("0.1"),
        strict=False,
        judged_from=None,
        age_limit=1,
        not_judged=None,
        more_rules=True,
    )
    figure = Recomputed(value, None, None, AUGUST, None, None, "", suppressed=False)
    return set(letters([judged], {("4d", "latest"): figure}, months.number(AUGUST))["4d"])


def test_where_optional_rules_are_on_a_figure_that_misses_its_target_is_amber_or_red():
    assert audited(2515.0) == {"A", "R"}
    assert audited(2516.0) == {"G"}


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
