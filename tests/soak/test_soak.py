"""The short version of `make soak`: what holds for some months, and that a planted mistake is found."""

import pytest

from tests.soak import small, sweep
from tests.soak.calendar import shift
from tests.soak.oracle import Oracle
from tests.soak.world import File


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    return small.compiled(tmp_path_factory.mktemp("dbt"))


@pytest.mark.slow
def test_for_five_months_with_late_and_damaged_deliveries_and_faults_every_card_is_the_oracles(compiled):
    events = sweep.replay(1, 5, compiled)
    assert events["a year is begun by the command"] == 1
    assert events["scorecard_run succeeded"] >= 5


@pytest.mark.slow
def test_a_planted_mistake_is_found(compiled):
    assert "letter='G'" in sweep.found("amber counts as green", [1], 1, compiled)[1]


def test_the_oracle_takes_the_last_delivery_up_to_the_report_month_and_never_a_damaged_one():
    oracle = Oracle()

    def file(delivered, *figures, sound=True):
        rows = {(shift(delivered, -back), ""): (figure,) for back, figure in enumerate(figures)}
        return File("criminal_networks", delivered, (), rows, sound=sound)

    there = {
        "2009-01": file("2009-01", 10),
        "2009-02": file("2009-02", 20, 11),
        "2009-03": file("2009-03", 30, sound=False),
    }
    oracle.land("criminal_networks", "2009-01", "2009-03", there, held=set())
    january, march = (oracle.months("criminal_networks_disrupted", month) for month in ("2009-01", "2009-03"))
    assert january == {"2009-01": (10, 1)}
    assert march == {"2009-01": (11, 1), "2009-02": (20, 1)}
