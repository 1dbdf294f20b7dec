"""A small part of each torture; the whole is `make torture`, whose last figures stand in docs/trust.md."""

import pytest

from tests.torture import (
    full_disk,
    half_written,
    killed_publications,
    killed_runs,
    months_taken_away,
    readers,
    rooms,
    second_runs,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base():
    with rooms.published_to_july("2009-06") as built:
        yield built


def holds(outcome) -> None:
    assert outcome.broken == []
    assert outcome.tried > 0


def test_a_run_killed_at_any_moment_leaves_a_whole_release_and_the_next_run_succeeds(base):
    holds(killed_runs.run(2, base, workers=1))


def test_a_publication_killed_at_any_moment_is_completed_or_undone(sample):
    holds(killed_publications.run(5, sample))


def test_a_second_run_is_turned_away_at_once(base):
    holds(second_runs.run(3, base))


@pytest.mark.skipif(not full_disk.possible(), reason="only root may mount a small disk to fill up")
def test_a_disk_that_fills_up_refuses_or_publishes_whole(base):
    holds(full_disk.run(2, base))


def test_readers_never_meet_an_error_a_mix_or_an_older_release(sample):
    holds(readers.run(10, sample))


def test_a_file_that_is_being_written_is_never_taken_early(monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", "set by the torture, and set back after it")
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "set by the torture, and set back after it")
    holds(half_written.run(48))


def test_without_a_delivery_no_figure_is_wrong_and_each_that_is_gone_says_why(sample):
    holds(months_taken_away.run(5, sample))
