"""Which lines read as having another letter than last month, in every edition that shows what changed."""

from datetime import date

import pytest

from orchestration.explain import words

CHANGE = {"printed_before": "-3%", "printed": "-3%", "value_before": -0.03, "status_before": "G", "status": "G"}
APRIL, JULY = date(2009, 4, 1), date(2009, 7, 1)
TURNED = [
    ({}, JULY, False),
    ({"status": "A"}, JULY, True),
    ({"status": "A"}, APRIL, True),
    ({"status": None}, JULY, True),  # it lost its letter
    ({"status_before": None, "value_before": None}, JULY, True),  # there was no figure, now there is one with a letter
    ({"status_before": None}, JULY, True),  # the target did not apply to the figure before
    ({"status_before": None}, APRIL, False),  # so of every line of the first card of a year
    ({"status_before": None, "value_before": None}, APRIL, True),
    ({"status_before": None, "status": None}, JULY, False),
]


@pytest.mark.parametrize(("change", "report_month", "turned"), TURNED)
def test_every_difference_in_a_letter_counts_but_for_new_targets_of_a_new_year(change, report_month, turned):
    assert words.letter_changed(CHANGE | change, report_month) == turned
    assert words.differs(CHANGE | change, report_month) == turned


def test_a_line_differs_where_it_prints_another_figure_whatever_its_letter():
    assert words.differs(CHANGE | {"printed": "-4%"}, JULY)
