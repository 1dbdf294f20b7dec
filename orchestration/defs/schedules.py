"""What starts a run by itself: the calendar on the 8th working day, and a delivery that came or changed."""

import time
from datetime import date

import dagster as dg
import duckdb

from orchestration import months, settings, warehouse
from orchestration.defs.partitions import range_tags
from orchestration.defs.working_days import working_day
from orchestration.raw.files import arrivals, folder
from orchestration.raw.landing import stale_deliveries
from orchestration.warehouse import ledger

WORKING_DAY = 8

job = dg.define_asset_job(
    "scorecard_run",
    selection=dg.AssetSelection.all(),
    description="Everything from the deliveries to the release, for a month or a range of months.",
)


@dg.schedule(
    job=job,
    # the 8th working day falls on the 10th to the 14th. No weekday here: cron runs on either, not on both
    cron_schedule="0 7 10-14 * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="The scorecard of the month before, on the 8th working day of each month at 7 in the morning; "
    "with the months before it from the earliest whose delivery was changed since it was loaded.",
)
def monthly_scorecard(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for last month's card on the 8th working day, and say on other days when that is.

    The run begins with the earliest month whose delivery was changed since it was loaded. One that is gone from raw/ is
    named and not taken in: to do without what was loaded is for a person to decide.
    """
    today = context.scheduled_execution_time.date()
    runs_on = working_day(today, WORKING_DAY)
    if today > runs_on:
        runs_on = working_day(months.shift(today.replace(day=1), 1), WORKING_DAY)
    if today != runs_on:
        return dg.SkipReason(f"The card is made on the 8th working day, next on {runs_on:%A %-d %B %Y}.")
    month = months.shift(today.replace(day=1), -1)
    if month not in months.calendar():
        return dg.SkipReason(_outside([month]))
    return _with_what_changed(context, month)


def _with_what_changed(context: dg.ScheduleEvaluationContext, month: date) -> dg.RunRequest:
    key = months.key(month)
    stale = _stale(context)
    for each in stale:
        context.log.warning(each.sentence("the last run"))
    first = min(
        (each.month for each in stale if each.kind != "gone" and each.month in months.calendar()), default=month
    )
    if first >= month:
        return dg.RunRequest(run_key=key, partition_key=key)
    return _request(key, first, month)


def _stale(context: dg.ScheduleEvaluationContext) -> list[stale_deliveries.Stale]:
    """What raw/ holds otherwise than it was loaded; nothing where that cannot be seen: the run itself then says it."""
    if not warehouse.exists():
        return []
    try:
        with warehouse.reading() as connection:
            return stale_deliveries.deliveries(connection, settings.raw())
    except (duckdb.Error, folder.NoFolder, ledger.LedgerBroken) as error:
        context.log.warning(f"Whether deliveries were changed since they were loaded cannot be seen: {error}")
        return []


@dg.sensor(
    job=job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="One run for the months that change, when a delivery came or its content changed.",
)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for the months from the earliest changed delivery to the last delivery there is."""
    found = arrivals.since(arrivals.remembered(context.cursor), settings.raw(), time.time_ns())
    if found.unsettled:
        # one run for all that comes together, not one for each file: nothing is remembered yet
        return dg.SkipReason(f"Still being written: {', '.join(found.unsettled[:5])}.")
    known = months.calendar()
    changed = [found.months[file] for file in found.changed if found.months[file] in known]
    outside = sorted({found.months[file] for file in found.changed} - set(known))
    cursor = arrivals.remember({file: state for file, state in found.seen.items() if found.months[file] not in outside})
    if not changed:
        reason = _outside(outside) if outside else "No delivery is new or changed."
        return dg.SensorResult(skip_reason=reason, cursor=cursor)
    if outside:
        context.log.warning(_outside(outside))
    last = max(month for month in found.months.values() if month in known)
    return dg.SensorResult([_request(found.key, min(changed), last)], cursor=cursor)


def _request(key: str, first: date, last: date) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=key,
        tags=range_tags(first, last),
    )


def _outside(outside: list[date]) -> str:
    named = ", ".join(months.key(month) for month in outside)
    return (
        f"{named} lies outside the calendar, which goes from {months.key(months.calendar()[0])} to "
        f"{months.key(months.calendar()[-1])}: extend calendar.csv of the catalogue."
    )
