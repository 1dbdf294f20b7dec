"""What watches: for deliveries that came or changed, for months that became complete, and for runs that failed."""

import hashlib
import json
import time
from datetime import UTC, date, datetime

import dagster as dg
import duckdb

from orchestration import months, settings, warehouse, years
from orchestration.defs import requests
from orchestration.defs.failures import sentences
from orchestration.defs.jobs import UNASKED, job, landing
from orchestration.defs.partitions import BY_COMMAND, PARTITION, range_tags
from orchestration.errors import UserError, explanation
from orchestration.raw.files import arrivals, mirror
from orchestration.raw.files.arrivals import Arrivals, Seen
from orchestration.raw.landing import acceptance
from orchestration.release import notifying, readiness
from orchestration.warehouse import bucket, files, run_lock

Acceptances = set[tuple[str, date, str]]  # extract, delivery month, digest


@dg.sensor(
    job=landing,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Lands what was delivered, changed or accepted, in one run over its months. Publishes nothing.",
)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request a run over the months of what came, until one succeeds: only then does it count as landed.

    What has landed is in a file: Dagster keeps a cursor with every tick, which would be 100 MB a day.
    """
    seen, landed = _landed()
    try:
        found = arrivals.since(seen, mirror.raw_folder(), time.time_ns())
    except bucket.Unusable as error:
        return dg.SkipReason(str(error))
    if found.unsettled:
        # one run for all that comes together, not one for each file
        return dg.SkipReason(f"Still being written: {', '.join(found.unsettled[:5])}.")
    accepted = set(acceptance.accepted())
    of_changes = {found.months[file] for file in found.changed} | {month for _, month, _ in accepted - landed}
    beyond = sorted(of_changes.difference(years.calendar()))
    changed = of_changes.difference(beyond)
    if not (changed or beyond):
        _remember(found, beyond, accepted)
        return dg.SkipReason("No delivery is new or changed.")
    key = hashlib.sha256(f"{found.key}\n{sorted(map(str, accepted - landed))}".encode()).hexdigest()
    if requests.succeeded(context.instance, key):
        _remember(found, beyond, accepted)
        return dg.SkipReason("What came has landed.")
    if reason := requests.reason_not_to(context.instance, key, datetime.now(UTC)):
        return dg.SkipReason(reason)
    # a run of a month outside the calendar ends with the sentence that says so, which is reported
    of_run = range_tags(min(changed), max(changed)) if changed else {PARTITION: months.key(beyond[0])}
    tags = of_run | UNASKED | {requests.REQUEST: key}
    return dg.SensorResult([dg.RunRequest(tags=tags)])


def _landed() -> tuple[Seen, Acceptances]:
    """The deliveries and acceptances that a run has landed; none where that cannot be read: they are landed again."""
    try:
        text = json.loads(settings.arrivals().read_bytes())
        accepted = {(extract, months.parse(month), sha256) for extract, month, sha256 in text["accepted"]}
        return arrivals.remembered(text["deliveries"]), accepted
    except (OSError, ValueError, KeyError, TypeError):
        return {}, set()


def _remember(found: Arrivals, beyond: list[date], accepted: Acceptances) -> None:
    """Write down what has landed; but not what lies outside the calendar, which may be extended."""
    within = {file: state for file, state in found.seen.items() if found.months[file] not in beyond}
    acceptances = sorted([extract, months.key(month), sha256] for extract, month, sha256 in accepted)
    text = json.dumps({"deliveries": arrivals.remember(within), "accepted": acceptances})
    path = settings.arrivals()
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, text)


@dg.sensor(
    job=job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Publishes the card of a month once all that is due for it is effective, and again what a later "
    "correction to a complete month changes.",
)
def complete_months(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request the earliest run over complete months whose cards are not published as they are delivered now."""
    if problem := notifying.hand_over_again():
        context.log.warning(problem)
    if run_lock.is_held():
        return dg.SkipReason("A run is under way.")
    if not warehouse.exists():
        return dg.SkipReason("Nothing was delivered yet.")
    try:
        found = readiness.read(patience=0)
        range_of = found.to_publish()
        if range_of is None:
            return dg.SkipReason(_waiting(found))
        key = found.digest(*range_of)
    except (duckdb.Error, UserError) as error:
        if not (explained := explanation(error)):
            raise
        return dg.SkipReason(explained)
    if reason := requests.reason_not_to(context.instance, key, datetime.now(UTC)):
        return dg.SkipReason(reason)
    return dg.RunRequest(tags=range_tags(*range_of) | UNASKED | {requests.REQUEST: key})


def _waiting(found: readiness.Readiness) -> str:
    waiting = [f"{months.key(month)} waits for {'; '.join(missing)}" for month, missing in found.waiting().items()]
    return ". ".join(waiting[:3]) + "." if waiting else "Every complete month is published as it was delivered."


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Hands what stopped a run to SCORECARD_NOTIFY, in the sentences that the run ended with.",
)
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Report a failure once: not the same again by a run requested again, nor what a person saw in the terminal."""
    run = context.dagster_run
    if run.tags.items() >= BY_COMMAND.items() and run.parent_run_id is None:
        return dg.SkipReason("Whoever started the run by a command was told.")
    stopped = _stopped(context.instance, run.run_id)
    request = run.tags.get(requests.REQUEST)
    before = [record.dagster_run for record in requests.runs(context.instance, request)] if request else []
    ids = [each.run_id for each in before]
    earlier = before[ids.index(run.run_id) + 1 :] if run.run_id in ids else []
    if any(_stopped(context.instance, each.run_id) == stopped for each in earlier[:1]):
        return dg.SkipReason("The same was reported when it failed before.")
    lines = [f"The run {run.run_id[:8]} ({run.job_name}) failed.", *"\n".join(stopped).splitlines()]
    if problem := notifying.hand_over(lines, f"The failure of the run {run.run_id} was not handed over"):
        raise notifying.NotHandedOver(problem)
    return None


def _stopped(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    return sentences(entry.dagster_event for entry in instance.all_logs(run_id, kinds) if entry.dagster_event)
