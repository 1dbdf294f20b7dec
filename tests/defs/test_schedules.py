"""The monthly schedule: when it requests a card, which months with it, and when it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from orchestration import months, organisation, years
from orchestration.definitions import defs
from orchestration.defs import schedules
from orchestration.defs.partitions import PARTITION, OutsideTheCalendar, report_months
from orchestration.defs.requests import REQUEST
from orchestration.defs.schedules import monthly_scorecard
from orchestration.release.made_from import by_month
from orchestration.release.readiness import Readiness
from orchestration.working_days import is_working_day, working_day
from tests.deliveries import month


@pytest.mark.parametrize(
    "of, falls_on",
    [
        ("2009-05", date(2009, 5, 13)),  # May Day is on the 4th
        ("2010-01", date(2010, 1, 13)),  # New Year's Day on a Friday
        ("2009-04", date(2009, 4, 14)),  # Good Friday and Easter Monday on the 10th and 13th
        ("2009-06", date(2009, 6, 10)),  # begins with a Monday
        ("2009-08", date(2009, 8, 12)),  # begins with a Saturday
        ("2012-06", date(2012, 6, 14)),  # two days off for the Diamond Jubilee
    ],
)
def test_the_eighth_working_day_leaves_weekends_and_bank_holidays_out(of, falls_on):
    assert working_day(month(of), 8) == falls_on


def test_the_two_bank_holidays_of_may_are_no_working_days():
    assert not is_working_day(date(2009, 5, 4))
    assert not is_working_day(date(2009, 5, 25))
    assert working_day(month("2009-05"), 16) == date(2009, 5, 26)


def test_a_month_has_no_thirtieth_working_day():
    with pytest.raises(ValueError, match="2009-05 has 19 working days"):
        working_day(month("2009-05"), 30)


@pytest.fixture
def instance():
    with dg.instance_for_test() as made:
        yield made


@pytest.fixture(autouse=True)
def no_warehouse(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))


def on(day, instance=None, hour=7):
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return monthly_scorecard(dg.build_schedule_context(instance=instance, scheduled_execution_time=at))


def range_of(request):
    return request.tags["dagster/asset_partition_range_start"], request.tags["dagster/asset_partition_range_end"]


def test_from_the_eighth_working_day_on_the_card_of_the_month_before_is_requested(instance):
    for day in (date(2009, 9, 10), date(2009, 9, 30)):
        assert range_of(on(day, instance)) == ("2009-08", "2009-08")


def test_on_earlier_days_the_schedule_says_when_the_card_is_due(monkeypatch):
    assert on(date(2009, 5, 12)).skip_message == "The card is due on working day 8, Wednesday 13 May 2009."
    earlier = replace(organisation.declared(), working_day=5)
    monkeypatch.setattr(organisation, "declared", lambda: earlier)
    assert on(date(2009, 5, 7)).skip_message == "The card is due on working day 5, Friday 8 May 2009."


def test_a_month_beyond_the_calendar_is_requested_for_its_run_to_fail_with_a_sentence_that_is_reported(instance):
    after = months.shift(years.calendar()[-1], 1)
    request = on(working_day(months.shift(after, 1), 8), instance)
    assert request.tags[PARTITION] == months.key(after)
    with pytest.raises(OutsideTheCalendar, match="begin the next year of the catalogue with `make year`"):
        report_months(request.tags)


def test_a_month_that_is_published_is_not_requested_unless_its_release_is_still_to_be_copied(instance, monkeypatch):
    august = month("2009-08")
    monkeypatch.setattr(schedules.warehouse, "exists", lambda: True)
    monkeypatch.setattr(schedules, "_stale", lambda _: [])
    monkeypatch.setattr(
        schedules.readiness, "read", lambda _: Readiness({}, {}, by_month({}, [august]), frozenset([august]))
    )
    assert on(date(2009, 9, 10), instance).skip_message == "The card of 2009-08 is published."
    monkeypatch.setattr(schedules.copying, "is_due", lambda: True)
    assert range_of(on(date(2009, 9, 10), instance)) == ("2009-08", "2009-08")  # to be copied


def test_a_month_whose_run_failed_is_requested_again_and_one_that_was_terminated_is_not(instance):
    request = on(date(2009, 9, 10), instance)
    assert request.run_key is None
    run = instance.create_run_for_job(job_def(), tags=request.tags)
    assert "is under way" in on(date(2009, 9, 10), instance).skip_message
    instance.report_run_failed(run)
    failed = instance.get_run_record_by_id(run.run_id).end_time
    soon, later = (datetime.fromtimestamp(failed + seconds, UTC) for seconds in (60, 3600))
    assert "requested again from" in requests_reason(instance, request, soon)
    assert requests_reason(instance, request, later) is None
    instance.report_run_canceled(instance.create_run_for_job(job_def(), tags=request.tags))
    assert "was terminated by a person" in requests_reason(instance, request, later)


def test_a_run_that_dagster_itself_tried_again_is_requested_again_as_soon_as_one_that_it_did_not(instance):
    request = on(date(2009, 9, 10), instance)
    first = instance.create_run_for_job(job_def(), tags=request.tags)
    instance.report_run_failed(first)
    ids = {"parent_run_id": first.run_id, "root_run_id": first.run_id}
    again = instance.create_run_for_job(job_def(), tags=request.tags, **ids)
    instance.report_run_failed(again)
    failed = instance.get_run_record_by_id(again.run_id).end_time
    assert requests_reason(instance, request, datetime.fromtimestamp(failed + 660, UTC)) is None


def requests_reason(instance, request, now):
    return schedules.requests.reason_not_to(instance, request.tags[REQUEST], now)


def job_def():
    @dg.op
    def nothing(): ...

    @dg.job
    def empty():
        nothing()

    return empty


def test_all_start_switched_off():
    assert {schedule.default_status for schedule in defs.schedules} == {dg.DefaultScheduleStatus.STOPPED}
    assert {sensor.default_status for sensor in defs.sensors} == {dg.DefaultSensorStatus.STOPPED}
