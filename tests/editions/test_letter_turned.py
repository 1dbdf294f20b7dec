"""Which lines read as having another letter than last month, on every edition that tells what changed."""

import pytest

from orchestration.explain import words

CHANGE = {"printed_before": "-3%", "printed": "-3%", "value_before": -0.03, "status_before": "G", "status": "G"}
TURNED = [
    ({}, False),
    ({"status": "A"}, True),
    ({"status": None}, True),  # it lost its letter
    ({"status_before": None, "value_before": None}, True),  # there was no figure, now there is one with a letter
    ({"status_before": None}, False),  # the figure before ended before this card's target applied
    ({"status_before": None, "status": None}, False),
]


@pytest.mark.parametrize(("change", "turned"), TURNED)
def test_a_letter_turned_where_the_figure_before_could_be_judged_by_this_card(change, turned):
    assert words.letter_changed(CHANGE | change) == turned
    assert words.differs(CHANGE | change) == turned


def test_a_line_differs_where_it_prints_another_figure_whatever_its_letter():
    assert words.differs(CHANGE | {"printed": "-4%"})
