"""When a run may be requested: once, and again after it failed, at growing intervals, until it succeeds.

A run key would be remembered by Dagster for ever, so that a run that failed could never be requested again. What a run
was requested for is therefore one of its tags, and the record of runs says what became of it.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

REQUEST = "scorecard/request"  # names what a run was requested for; another one once that changes
# from one failure to the next attempt: a lock is soon gone, a disk is emptied in an hour, a person answers in a day
INTERVALS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
LAUNCHED = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


def runs(instance: dg.DagsterInstance, key: str) -> list[dg.RunRecord]:
    """The runs that were requested for this, the newest first."""
    return list(instance.get_run_records(dg.RunsFilter(tags={REQUEST: key})))


def succeeded(instance: dg.DagsterInstance, key: str) -> bool:
    """Whether one of them succeeded."""
    return any(record.dagster_run.status is dg.DagsterRunStatus.SUCCESS for record in runs(instance, key))


def reason_not_to(instance: dg.DagsterInstance, key: str, now: datetime) -> str | None:
    """Why no run may be requested for this now; None where one may."""
    found = runs(instance, key)
    if not found:
        return None
    newest = found[0]
    run = newest.dagster_run
    name = f"The run {run.run_id[:8]}"
    if run.status in LAUNCHED:
        return f"{name} for this is under way."
    if run.status is dg.DagsterRunStatus.SUCCESS:
        return f"{name} for this succeeded."
    if run.status is dg.DagsterRunStatus.CANCELED:
        return f"{name} for this was terminated by a person; launch it again by hand, or wait for a new delivery."
    failed = [record.dagster_run for record in found if record.dagster_run.status is dg.DagsterRunStatus.FAILURE]
    failures = sum(each.parent_run_id is None for each in failed) or 1  # that Dagster tries a run again is no request
    ended = datetime.fromtimestamp(newest.end_time or newest.update_timestamp.timestamp(), UTC)
    again = ended + INTERVALS[min(failures, len(INTERVALS)) - 1]
    if now < again:
        return f"{name} for this failed; it is requested again from {again:%Y-%m-%d %H:%M} UTC on."
    return None
