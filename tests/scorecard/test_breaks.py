"""Counting rules that changed: no month before them has a say in what the months left must bring, or will."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some
from polars.testing import assert_frame_equal

from orchestration import months
from orchestration.scorecard import contracts
from orchestration.scorecard.explanations import outturns, run_rates, years
from tests.years_in_months import REPORT, YEAR, indicators, monthly

FIRST, HELD = date(2006, 4, 1), 34  # months, to January 2009
COUNTS = some.lists(some.integers(0, 50), min_size=HELD, max_size=HELD)
LINES = ({}, {"kind": "percentage_change", "unit": "percent", "decimals": 1, "target": -0.1})
FIGURES = pl.DataFrame(schema=contracts.types("figures"))


@settings(deadline=None, max_examples=50)
@given(counts=COUNTS, others=COUNTS, before=some.integers(1, HELD - 1), line=some.sampled_from(LINES))
def test_what_was_counted_by_other_rules_changes_no_run_rate_and_no_outturn(
    counts: list[int], others: list[int], before: int, line: dict
):
    changed = pl.DataFrame({"measure": ["networks"], "from_month": [months.shift(FIRST, before)], "reason": ["anew"]})
    cards, catalogue = [(REPORT, YEAR)], indicators(line)

    def explained(values: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
        known = years.since_breaks(monthly(FIRST, values).drop("since"), changed)
        return run_rates.run_rates(catalogue, known, cards), outturns.outturns(catalogue, known, FIGURES, cards)

    this_year = min(before, 24)  # what the year brought so far counts towards its target by whichever rules
    for found, expected in zip(explained(others[:this_year] + counts[this_year:]), explained(counts), strict=True):
        assert_frame_equal(found, expected)
