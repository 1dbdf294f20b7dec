import hashlib
import json
import os
import time
from datetime import UTC, date, datetime
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration import months
from orchestration.defs import schedules
from orchestration.defs.partitions import WAREHOUSE
from orchestration.defs.resources import Warehouse
from orchestration.defs.schedules import job, monthly_scorecard, new_deliveries
from orchestration.defs.working_days import is_working_day, working_day
from tests.deliveries import lines, month, write

NAME = "weapon_enabled_crime"


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


def test_the_eighth_working_day_always_lies_in_the_days_the_schedule_looks_at():
    every = [working_day(date(year, number, 1), 8).day for year in range(1990, 2050) for number in range(1, 13)]
    assert (min(every), max(every)) == (10, 14)
    assert monthly_scorecard.cron_schedule == "0 7 10-14 * *"


def on(day):
    at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    return monthly_scorecard(dg.build_schedule_context(scheduled_execution_time=at))


def test_on_the_eighth_working_day_the_card_of_the_month_before_is_asked_for():
    assert on(date(2009, 9, 10)).partition_key == "2009-08"


def test_on_other_days_the_schedule_says_when_it_runs():
    assert on(date(2009, 5, 12)).skip_message == (
        "The card is made on the 8th working day, next on Wednesday 13 May 2009."
    )
    assert on(date(2009, 5, 14)).skip_message.endswith("next on Wednesday 10 June 2009.")


def test_a_month_beyond_the_calendar_says_what_to_extend():
    after = months.shift(months.calendar()[-1], 1)
    said = on(working_day(months.shift(after, 1), 8)).skip_message
    assert said.startswith(f"{months.key(after)} lies outside the calendar")
    assert "extend calendar.csv" in said


LATER = SimpleNamespace(time_ns=lambda: time.time_ns() + 3600 * 10**9)


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Two deliveries, looked at an hour after they were written: only the kernel sets when a file was changed."""
    monkeypatch.setenv("SCORECARD_RAW", str(tmp_path))
    monkeypatch.setattr(schedules, "time", LATER)
    deliver(tmp_path, "2009-06")
    deliver(tmp_path, "2009-08")
    return tmp_path


def deliver(raw, delivered_for, offences=10):
    return write(raw, NAME, delivered_for, lines(NAME, delivered_for, offences=offences))


def look(cursor=None):
    found = new_deliveries(dg.build_sensor_context(cursor=cursor))
    if isinstance(found, dg.SkipReason):
        return found.skip_message, None, cursor
    if found.skip_reason:
        return found.skip_reason.skip_message, None, found.cursor
    (request,) = found.run_requests
    return request, _range(request), found.cursor


def _range(request):
    return request.tags["dagster/asset_partition_range_start"], request.tags["dagster/asset_partition_range_end"]


def test_new_deliveries_ask_for_one_run_over_all_of_them(raw):
    _, range_, cursor = look()
    assert range_ == ("2009-06", "2009-08")
    assert set(json.loads(cursor)) == {f"{NAME}/2009-06.csv", f"{NAME}/2009-08.csv"}


def test_nothing_new_asks_for_nothing(raw):
    _, _, cursor = look()
    said, range_, after = look(cursor)
    assert (said, range_, after) == ("No delivery is new or changed.", None, cursor)


def test_a_changed_delivery_asks_for_its_month_and_all_after_it(raw):
    deliver(raw, "2009-07")
    _, _, cursor = look()
    deliver(raw, "2009-07", offences=20)
    _, range_, _ = look(cursor)
    assert range_ == ("2009-07", "2009-08")


def test_a_file_that_was_only_touched_asks_for_nothing_and_is_not_read_twice(raw):
    _, _, cursor = look()
    (raw / NAME / "2009-08.csv").touch()
    said, _, after = look(cursor)
    assert said == "No delivery is new or changed."
    assert after != cursor


def test_unchanged_files_are_not_hashed_again(raw, monkeypatch):
    _, _, cursor = look()
    monkeypatch.setattr("orchestration.raw.files.intake.complete_digest", lambda *_: pytest.fail("hashed"))
    assert look(cursor)[0] == "No delivery is new or changed."


def test_a_file_that_may_still_be_written_is_waited_for(raw, monkeypatch):
    _, _, cursor = look()
    deliver(raw, "2009-09")
    monkeypatch.setattr(schedules, "time", time)  # this moment
    said, _, after = look(cursor)
    assert (said, after) == (f"Still being written: {NAME}/2009-09.csv.", cursor)
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    assert look(cursor)[1] == ("2009-09", "2009-09")
    monkeypatch.delenv("SCORECARD_SETTLE_SECONDS")
    monkeypatch.setattr(schedules, "time", LATER)
    assert look(cursor)[1] == ("2009-09", "2009-09")


def test_a_file_whose_manifest_fits_is_not_waited_for_and_one_whose_manifest_does_not_is(raw, monkeypatch):
    _, _, cursor = look()
    path = deliver(raw, "2009-09")
    monkeypatch.setattr(schedules, "time", time)
    manifest = path.with_name("2009-09.csv.sha256")
    manifest.write_text("0" * 64)
    assert look(cursor)[0] == f"Still being written: {NAME}/2009-09.csv."
    manifest.write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    assert look(cursor)[1] == ("2009-09", "2009-09")


def test_a_manifest_that_comes_right_asks_again(raw):
    manifest = raw / NAME / "2009-08.csv.sha256"
    manifest.write_text("0" * 64)
    _, _, cursor = look()
    assert look(cursor)[0] == "No delivery is new or changed."
    manifest.write_text(hashlib.sha256((raw / NAME / "2009-08.csv").read_bytes()).hexdigest())
    assert look(cursor)[1] == ("2009-08", "2009-08")


def test_a_file_that_grows_while_it_is_hashed_is_waited_for(raw, monkeypatch):
    path = raw / NAME / "2009-08.csv"
    digest = hashlib.file_digest

    def growing(file, name):
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            with path.open("a") as grows:
                grows.write("x")
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", growing)
    assert look()[0] == f"Still being written: {NAME}/2009-08.csv."


def test_a_file_called_part_is_not_there_yet(raw):
    (raw / NAME / "2009-09.csv.part").write_text("x")
    assert look()[1] == ("2009-06", "2009-08")


def test_a_file_changed_back_asks_again(raw):
    first, _, cursor = look()
    deliver(raw, "2009-08", offences=20)
    second, _, cursor = look(cursor)
    deliver(raw, "2009-08")
    third, _, cursor = look(cursor)
    assert len({first.run_key, second.run_key, third.run_key}) == 3


def test_the_same_change_seen_again_has_the_same_run_key(raw):
    assert look()[0].run_key == look()[0].run_key


def test_a_delivery_outside_the_calendar_is_named_and_does_not_stop_the_others(raw):
    after = months.key(months.shift(months.calendar()[-1], 1))
    deliver(raw, after)
    _, range_, cursor = look()
    assert range_ == ("2009-06", "2009-08")
    assert f"{after} lies outside the calendar" in look(cursor)[0]


def test_a_cursor_that_cannot_be_read_makes_the_sensor_look_anew(raw):
    for cursor in ("", "{", "[]", '{"a": 1}'):
        assert look(cursor)[1] == ("2009-06", "2009-08")


def test_the_request_of_the_sensor_is_a_run_over_its_months(raw, tmp_path, monkeypatch):
    from orchestration.defs import raw as raw_assets

    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "_warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    definitions = dg.Definitions(
        assets=raw_assets.assets, jobs=[job], sensors=[new_deliveries], resources={WAREHOUSE: Warehouse()}
    )
    with dg.DagsterInstance.ephemeral() as instance:
        evaluated = new_deliveries.evaluate_tick(
            dg.build_sensor_context(instance=instance, definitions=definitions, sensor_name="new_deliveries")
        )
        (request,) = evaluated.run_requests
        result = definitions.resolve_job_def("scorecard_run").execute_in_process(instance=instance, tags=request.tags)
    assert result.success
    materialised = result.asset_materializations_for_node(f"raw__{NAME}")
    assert [each.partition for each in materialised] == ["2009-06", "2009-07", "2009-08"]


def test_both_start_switched_off():
    assert monthly_scorecard.default_status == dg.DefaultScheduleStatus.STOPPED
    assert new_deliveries.default_status == dg.DefaultSensorStatus.STOPPED
