"""The short version of `make soak`: what holds for some months, and that a planted mistake is found."""

import pytest

from tests.soak import small, sweep
from tests.soak.calendar import shift
from tests.soak.oracle import Oracle
from tests.soak.world import File

# what each seed meets within 18 months; `make soak` has the other events
MEETS = {
    2: (
        "corrected",
        "twice",
        "a restatement across a year's end",
        "killed before the ledger",
        "a release is completed after a kill",
    ),
    3: ("never", "a late survey in April", "damaged", "record of what landed lost"),
}
EACH = (
    "late",
    "restated",
    "in use",
    "killed while landing",
    "a year is begun by the command",
    "the targets of a new year are agreed in April",
)


@pytest.fixture(scope="module")
def compiled(sample):
    dbt = sample.warehouse / "dbt"
    return small.read(dbt / "manifest.json", dbt / "run" / "run_results.json")


@pytest.mark.slow
@pytest.mark.parametrize("seed", MEETS)
def test_for_18_months_with_late_and_damaged_deliveries_and_faults_every_card_is_the_oracles(seed, compiled):
    events = sweep.replay(seed, 18, compiled)
    assert [event for event in (*EACH, *MEETS[seed]) if not events[event]] == []
    assert events["scorecard_run succeeded"] >= 18


@pytest.mark.slow
def test_a_planted_mistake_is_found(compiled):
    # the audit judges every letter as well, before it is published
    assert "The cards differ from the deliveries" in sweep.found("amber counts as green", compiled)


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
