"""What Dagster's daemon does at a tick: it evaluates the schedule and the sensors, and reports the runs that failed."""

from datetime import datetime

import dagster as dg

from orchestration.defs import sensors
from orchestration.defs.schedules import monthly_scorecard
from tests.soak.calendar import between

SENSORS = ("new_deliveries", "complete_months")


class Tick(dg.ScheduleEvaluationContext):
    """An evaluation of the schedule with a record of runs in memory: from a folder each would open it anew."""

    def __init__(self, record: dg.DagsterInstance, now: datetime) -> None:
        super().__init__(
            instance_ref=None,
            scheduled_execution_time=now,
            repository_name=None,
            schedule_name=None,
            resources={},
            repository_def=None,
        )
        self.record = record

    @property
    def instance(self) -> dg.DagsterInstance:
        """The record that sensors and runs have as well."""
        return self.record


def requested(evaluated: str, instance: dg.DagsterInstance, now: datetime) -> dict[str, str] | None:
    """The tags of the run that a sensor or the schedule requests now; None where it requests none."""
    found: object
    if evaluated == "new_deliveries":
        found = sensors.new_deliveries(dg.build_sensor_context(instance=instance))
    elif evaluated == "complete_months":
        found = sensors.complete_months(dg.build_sensor_context(instance=instance))
    else:
        found = monthly_scorecard(Tick(instance, now))
    if isinstance(found, dg.SensorResult):
        (found,) = found.run_requests or []
    return dict(found.tags) if isinstance(found, dg.RunRequest) else None


def report(instance: dg.DagsterInstance, run: dg.DagsterRun, event: dg.DagsterEvent) -> bool | None:
    """Whether the failure of a run was handed over, as it was no other time before; None where the notifier failed."""
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_runs", dagster_instance=instance, dagster_run=run, dagster_event=event
    ).for_run_failure()
    try:
        return sensors.failed_runs(context) is None
    except sensors.notifying.NotHandedOver:
        return None


def months_of(tags: dict[str, str]) -> list[str]:
    """The months of a run, by its tags."""
    if "dagster/partition" in tags:
        return [tags["dagster/partition"]]
    return between(tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"])
