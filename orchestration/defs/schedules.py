"""What starts a run by the clock: the card of the month before, from the 8th working day on until it is published."""

import hashlib
from datetime import UTC, date
from pathlib import Path

import dagster as dg
import duckdb

from orchestration import months, organisation, warehouse, years
from orchestration.defs import requests
from orchestration.defs.jobs import UNASKED, job
from orchestration.defs.partitions import PARTITION, range_tags
from orchestration.errors import UserError
from orchestration.raw.files import mirror
from orchestration.raw.landing import stale_deliveries
from orchestration.release import copying, readiness
from orchestration.working_days import due_on

PATIENCE = 5  # seconds; Dagster gives an evaluation 60


@dg.schedule(
    job=job,
    cron_schedule="0 7-18 * * *",
    execution_timezone=organisation.declared().time_zone,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="The card of the month before, where it is not published by then: on the 8th working day at 7 in the "
    "morning, and again after a failure until it is published; with the months before it from the earliest whose "
    "delivery was changed since it was loaded.",
)
def monthly_scorecard(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request last month's card from the 8th working day on, and say on earlier days when that is.

    The run begins with the earliest month whose delivery was changed since it was loaded. One that is gone from raw/ is
    named and not taken in: to do without what was loaded is for a person to decide.
    """
    today = context.scheduled_execution_time.date()
    month = months.shift(today.replace(day=1), -1)
    runs_on = due_on(month)
    if today < runs_on:
        number = organisation.declared().working_day
        return dg.SkipReason(f"The card is due on working day {number}, {runs_on:%A %-d %B %Y}.")
    first, made_from, is_published = _seen(context, month)
    if is_published:
        return dg.SkipReason(f"The card of {months.key(month)} is published.")
    key = hashlib.sha256(f"{month} {made_from}".encode()).hexdigest()
    now = context.scheduled_execution_time.astimezone(UTC)
    if reason := requests.reason_not_to(context.instance, key, now):
        return dg.SkipReason(reason)
    # a run of a month outside the calendar ends with the sentence that says so, which is reported
    of_run = range_tags(first, month) if month in years.calendar() else {PARTITION: months.key(month)}
    return dg.RunRequest(tags=of_run | UNASKED | {requests.REQUEST: key})


def _seen(context: dg.ScheduleEvaluationContext, month: date) -> tuple[date, str, bool]:
    """The month to begin with, what the run would be made from, and whether its card is published, and copied.

    Where the warehouse cannot be seen the run itself then says why.
    """
    if not warehouse.exists():
        return month, "", False
    try:
        stale = _stale(mirror.raw_folder())
        found = readiness.read(PATIENCE)
    except (duckdb.Error, UserError) as error:
        context.log.warning(f"Whether deliveries were changed since they were loaded cannot be seen: {error}")
        return month, "", False
    for each in stale:
        context.log.warning(each.sentence("the last run"))
    changed = {each.month for each in stale if each.kind != "gone"} | found.out_of_date()
    first = min([each for each in changed if each in years.calendar() and each < month], default=month)
    made_from = f"{found.digest(first, month)} {'; '.join(each.sentence() for each in stale)}"
    return first, made_from, month in found.published and not copying.is_due()


def _stale(raw: Path) -> list[stale_deliveries.Stale]:
    with warehouse.reading(PATIENCE) as connection:
        return stale_deliveries.deliveries(connection, raw)
