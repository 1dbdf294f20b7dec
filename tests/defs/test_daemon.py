"""Dagster's own daemon on a real clock: what the monthly schedule requests at a tick is launched as a run."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.jobs import UNASKED
from orchestration.defs.partitions import PARTITION
from tests.conftest import PROJECT, environment

# The schedule of the project at a tick a minute, and on the 28th whatever the day is: on the first days of a month no
# card is due.
EVERY_MINUTE = """
import dagster as dg
from orchestration.definitions import defs as of_the_project
from orchestration.defs.jobs import job
from orchestration.defs.schedules import monthly_scorecard

@dg.schedule(job=job, cron_schedule="* * * * *", default_status=dg.DefaultScheduleStatus.RUNNING)
def every_minute(context):
    day = context.scheduled_execution_time.replace(day=28)
    return monthly_scorecard(dg.build_schedule_context(instance=context.instance, scheduled_execution_time=day))

defs = dg.Definitions.merge(of_the_project, dg.Definitions(schedules=[every_minute]))
"""


@pytest.mark.slow
def test_a_tick_of_the_monthly_schedule_launches_a_run_of_the_month_before(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(PROJECT / "orchestration" / "dagster.yaml", home)
    (tmp_path / "every_minute.py").write_text(EVERY_MINUTE)
    own = {"DAGSTER_HOME": str(home), "SCORECARD_WAREHOUSE": str(tmp_path / "warehouse")}
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    program = [Path(sys.prefix) / "bin" / "dagster-daemon", "run", "-f", tmp_path / "every_minute.py"]
    ended = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE])
    with dg.DagsterInstance.get() as instance, (tmp_path / "log").open("w") as log:  # which makes Dagster's record
        daemon = subprocess.Popen(program, cwd=tmp_path, env=environment() | own, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 400
            while not instance.get_runs_count(ended) and time.monotonic() < until:
                time.sleep(1)
        finally:
            daemon.terminate()
            daemon.wait(120)
        (record,) = instance.get_run_records(ended)
        failures = instance.all_logs(record.dagster_run.run_id, dg.DagsterEventType.STEP_FAILURE)
    run = record.dagster_run
    assert (run.job_name, run.tags["dagster/schedule_name"]) == ("scorecard_run", "every_minute")
    assert run.tags.items() >= UNASKED.items()
    # today's month before is none that the sample's catalogue has a card for, so that this run makes none
    assert f"{run.tags[PARTITION]} lies outside the calendar" in str(failures)
