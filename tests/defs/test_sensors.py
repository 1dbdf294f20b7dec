"""What the sensors request: a landing of what came, a publication of what is complete; and what they report."""

import hashlib
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration import months, organisation, settings, years
from orchestration.definitions import defs
from orchestration.defs import sensors
from orchestration.defs.failures import failure
from orchestration.defs.partitions import BY_COMMAND, PARTITION, OutsideTheCalendar, range_tags, report_months
from orchestration.defs.requests import REQUEST, reason_not_to
from orchestration.defs.schedules import monthly_scorecard
from orchestration.defs.sensors import complete_months, failed_runs, new_deliveries
from tests.conftest import copied
from tests.deliveries import lines, month, write

NAME = "weapon_enabled_crime"
LATER = SimpleNamespace(time_ns=lambda: time.time_ns() + 3600 * 10**9)


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Two deliveries, looked at an hour after they were written: only the kernel sets when a file was changed."""
    folder = tmp_path / "raw"
    monkeypatch.setenv("SCORECARD_RAW", str(folder))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setattr(sensors, "time", LATER)
    deliver(folder, "2009-06")
    deliver(folder, "2009-08")
    return folder


@pytest.fixture
def instance():
    with dg.instance_for_test() as made:
        yield made


@dg.op
def nothing(): ...


@dg.job
def empty():
    nothing()


def deliver(raw, delivered_for, offences=10):
    return write(raw, NAME, delivered_for, lines(NAME, delivered_for, offences=offences))


def look(instance):
    """The request of the sensor, or why there is none."""
    found = new_deliveries(dg.build_sensor_context(instance=instance))
    return found.skip_message if isinstance(found, dg.SkipReason) else found.run_requests[0]


def range_of(request):
    return request.tags["dagster/asset_partition_range_start"], request.tags["dagster/asset_partition_range_end"]


def ran(instance, request, succeeds=True):
    run = instance.create_run_for_job(empty, tags=request.tags)
    if succeeds:
        instance.handle_run_event(
            run.run_id,
            dg.DagsterEvent(event_type_value=dg.DagsterEventType.RUN_SUCCESS.value, job_name="empty"),
        )
    else:
        instance.report_run_failed(run)
    return run


def land(instance):
    ran(instance, look(instance))
    assert look(instance) == "What came has landed."


def test_what_came_is_requested_over_all_its_months_until_a_run_succeeds(raw, instance):
    first = look(instance)
    assert (range_of(first), first.run_key) == (("2009-06", "2009-08"), None)
    run = ran(instance, first, succeeds=False)
    assert "for this failed; it is requested again from" in look(instance)
    assert reason_not_to(instance, first.tags[REQUEST], datetime.now(UTC) + timedelta(minutes=11)) is None
    instance.delete_run(run.run_id)  # the run record is pruned: nothing is forgotten
    assert look(instance).tags == first.tags
    land(instance)
    assert look(instance) == "No delivery is new or changed."


def test_a_request_under_way_is_not_repeated_and_what_comes_meanwhile_is_requested_as_well(raw, instance):
    instance.create_run_for_job(empty, tags=look(instance).tags)
    assert "is under way" in look(instance)
    deliver(raw, "2009-09")
    assert range_of(look(instance)) == ("2009-06", "2009-09")


def test_a_changed_delivery_asks_for_its_month_alone(raw, instance):
    deliver(raw, "2009-07")
    land(instance)
    deliver(raw, "2009-07", offences=20)
    assert range_of(look(instance)) == ("2009-07", "2009-07")


def test_a_file_that_was_only_touched_asks_for_nothing_and_is_not_read_twice(raw, instance, monkeypatch):
    land(instance)
    (raw / NAME / "2009-08.csv").touch()
    assert look(instance) == "No delivery is new or changed."
    monkeypatch.setattr("orchestration.raw.files.intake.complete_digest", lambda *_: pytest.fail("hashed"))
    assert look(instance) == "No delivery is new or changed."


def test_an_acceptance_has_its_month_landed(raw, instance, monkeypatch):
    land(instance)
    monkeypatch.setattr(sensors.acceptance, "accepted", lambda: {(NAME, month("2009-06"), "a" * 64): "it is right"})
    assert range_of(look(instance)) == ("2009-06", "2009-06")
    land(instance)
    assert look(instance) == "No delivery is new or changed."


def test_a_file_that_may_still_be_written_is_waited_for(raw, instance, monkeypatch):
    land(instance)
    deliver(raw, "2009-09")
    monkeypatch.setattr(sensors, "time", time)  # this moment
    assert look(instance) == f"Still being written: {NAME}/2009-09.csv."
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    assert range_of(look(instance)) == ("2009-09", "2009-09")
    monkeypatch.delenv("SCORECARD_SETTLE_SECONDS")
    monkeypatch.setattr(sensors, "time", LATER)
    assert range_of(look(instance)) == ("2009-09", "2009-09")


def test_a_file_whose_manifest_fits_is_not_waited_for_and_one_whose_manifest_does_not_is(raw, instance, monkeypatch):
    land(instance)
    path = deliver(raw, "2009-09")
    monkeypatch.setattr(sensors, "time", time)
    manifest = path.with_name("2009-09.csv.sha256")
    manifest.write_text("0" * 64)
    assert look(instance) == f"Still being written: {NAME}/2009-09.csv."
    manifest.write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    assert range_of(look(instance)) == ("2009-09", "2009-09")


def test_a_manifest_that_comes_right_asks_again(raw, instance):
    manifest = raw / NAME / "2009-08.csv.sha256"
    manifest.write_text("0" * 64)
    land(instance)
    manifest.write_text(hashlib.sha256((raw / NAME / "2009-08.csv").read_bytes()).hexdigest())
    assert range_of(look(instance)) == ("2009-08", "2009-08")


def test_a_file_that_grows_while_it_is_hashed_is_waited_for(raw, instance, monkeypatch):
    path = raw / NAME / "2009-08.csv"
    digest = hashlib.file_digest

    def growing(file, name):
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            with path.open("a") as grows:
                grows.write("x")
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", growing)
    assert look(instance) == f"Still being written: {NAME}/2009-08.csv."


def test_a_file_called_part_is_not_there_yet(raw, instance):
    (raw / NAME / "2009-09.csv.part").write_text("x")
    assert range_of(look(instance)) == ("2009-06", "2009-08")


def test_a_file_changed_back_asks_again(raw, instance):
    keys = {look(instance).tags[REQUEST]}
    land(instance)
    deliver(raw, "2009-08", offences=20)
    keys.add(look(instance).tags[REQUEST])
    land(instance)
    deliver(raw, "2009-08")
    keys.add(look(instance).tags[REQUEST])
    assert len(keys) == 3


def test_a_delivery_outside_the_calendar_is_named_and_does_not_stop_the_others(raw, instance):
    after = months.key(months.shift(years.calendar()[-1], 1))
    deliver(raw, after)
    assert range_of(look(instance)) == ("2009-06", "2009-08")
    land(instance)
    assert look(instance).tags[PARTITION] == after


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"deliveries": 1, "accepted": 1}'])
def test_a_record_of_what_landed_that_cannot_be_read_has_all_landed_again(raw, instance, text):
    land(instance)
    settings.arrivals().write_text(text)
    assert look(instance) == "What came has landed."
    assert look(instance) == "No delivery is new or changed."


# what is refused before anything is written


def test_a_month_outside_the_calendar_is_refused_by_its_tags():
    assert report_months({"dagster/partition": "2009-08"}) == [month("2009-08")]
    assert report_months(range_tags(month("2009-07"), month("2009-08"))) == [month("2009-07"), month("2009-08")]
    assert report_months({}) == []
    with pytest.raises(OutsideTheCalendar, match="2010-04 lies outside the calendar"):
        report_months({"dagster/partition": "2010-04"})


# what is reported of a run that failed


def reported(instance, tmp_path, monkeypatch, tags, sentence="The disk is full."):
    """What is handed over after a run failed with a sentence."""
    told = tmp_path / "told"
    told.unlink(missing_ok=True)
    monkeypatch.setenv("SCORECARD_NOTIFY", f"cp /dev/stdin {told}")

    @dg.asset
    def broken():
        raise failure(sentence)

    result = dg.materialize([broken], instance=instance, tags=tags, raise_on_error=False)
    event = next(event for event in result.all_events if event.is_run_failure)
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_runs", dagster_instance=instance, dagster_run=result.dagster_run, dagster_event=event
    ).for_run_failure()
    failed_runs(context)
    return told.read_text() if told.exists() else None


def test_a_run_whose_process_died_is_reported_by_what_the_daemon_says(instance, tmp_path, monkeypatch):
    told = tmp_path / "told"
    monkeypatch.setenv("SCORECARD_NOTIFY", f"cp /dev/stdin {told}")
    run = instance.create_run_for_job(empty)
    event = instance.report_run_failed(run, "The process of the run is gone.")
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_runs", dagster_instance=instance, dagster_run=run, dagster_event=event
    ).for_run_failure()
    failed_runs(context)
    assert told.read_text().splitlines()[1:] == ["The process of the run is gone."]


def test_a_run_that_fails_is_reported_once_in_its_own_sentences(instance, tmp_path, monkeypatch):
    tags = {REQUEST: "x"}
    assert reported(instance, tmp_path, monkeypatch, tags).splitlines()[1:] == ["The disk is full."]
    assert reported(instance, tmp_path, monkeypatch, tags) is None
    assert "is in use" in reported(instance, tmp_path, monkeypatch, tags, "The warehouse is in use.")
    assert "is full" in reported(instance, tmp_path, monkeypatch, {REQUEST: "another"})
    assert reported(instance, tmp_path, monkeypatch, BY_COMMAND) is None


# a whole month, from its first delivery to its card


@pytest.mark.slow
def test_a_month_is_published_once_complete_and_an_incomplete_one_not_unasked(sample, tmp_path, monkeypatch, instance):
    copy = copied(sample, tmp_path)
    monkeypatch.setenv("SCORECARD_RAW", str(copy.raw))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(copy.warehouse))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    strict = replace(organisation.declared(), incomplete="fail")
    monkeypatch.setattr(organisation, "declared", lambda: strict)

    def run(job, request):
        return defs.resolve_job_def(job).execute_in_process(instance=instance, tags=request.tags, raise_on_error=False)

    def complete():
        return complete_months(dg.build_sensor_context(instance=instance))

    def due_on(day):
        at = datetime(2009, 10, day, 7, tzinfo=UTC)
        return monthly_scorecard(dg.build_schedule_context(instance=instance, scheduled_execution_time=at))

    assert complete().skip_message == "Every complete month is published as it was delivered."
    land(instance)  # what the sample has, as if these sensors had been on
    write(copy.raw, NAME, "2009-09", lines(NAME, *(f"2009-0{number}" for number in range(1, 10)), offences=40))
    write(copy.raw, "youth_violence", "2009-09", ["no delivery"])
    landed = run("landing", new_deliveries(dg.build_sensor_context(instance=instance)).run_requests[0])
    assert landed.success
    assert {event.asset_key.path[0] for event in landed.get_asset_materialization_events()} == {
        "raw",
        "reference",
        "staging",
    }
    assert "2009-09 waits for" in complete().skip_message
    assert due_on(9).skip_message.startswith("The card is due on working day 8")
    request = due_on(12)
    assert range_of(request) == ("2009-09", "2009-09")
    failed = run("scorecard_run", request)
    stopped = "\n".join(sensors.sentences(failed.all_events))
    assert not failed.success
    assert "2009-09 is not complete:" in stopped
    assert "- recorded_crime: not delivered" in stopped
    assert copy.query("select max(report_month) from scorecard").item() == month("2009-08")
    assert "requested again from" in due_on(12).skip_message
    assert json.loads(settings.arrivals().read_text())["accepted"] == []
