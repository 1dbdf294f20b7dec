"""The report month as Dagster's partition: every asset of the pipeline has this one."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import dagster as dg

from orchestration import months, years
from orchestration.errors import UserError

# the pool of all that opens the working database: it has one writer
WAREHOUSE = "warehouse"
# the tag by which Dagster takes a run as one over a partition
PARTITION = "dagster/partition"
# the tag of a run that somebody started by a command and waits for
BY_COMMAND = {"scorecard/started_by": "command"}


@cache
def partitions() -> dg.MonthlyPartitionsDefinition:
    """One partition a report month, from the first row of the calendar to its last."""
    calendar = years.calendar()
    return dg.MonthlyPartitionsDefinition(
        start_date=months.key(calendar[0]), end_date=months.key(months.shift(calendar[-1], 1)), fmt="%Y-%m"
    )


class OutsideTheCalendar(UserError, ValueError):
    """A report month that the catalogue's calendar does not have; the message names it and what to extend."""


def report_months(tags: Mapping[str, str]) -> list[date]:
    """The report months of the run with these tags; none where it is of no partition. Raises OutsideTheCalendar.

    Dagster itself runs a partition that does not exist when it is launched through GraphQL.
    """
    if PARTITION in tags:
        first = last = months.parse(tags[PARTITION])
    elif "dagster/asset_partition_range_start" in tags:
        first = months.parse(tags["dagster/asset_partition_range_start"])
        last = months.parse(tags["dagster/asset_partition_range_end"])
    else:
        return []
    found = list(months.between(first, last))
    if beyond := [month for month in found if month not in years.calendar()]:
        raise OutsideTheCalendar(_outside(beyond))
    return found


def _outside(beyond: list[date]) -> str:
    named = ", ".join(months.key(month) for month in beyond)
    lies = "lies" if len(beyond) == 1 else "lie"
    return (
        f"{named} {lies} outside the calendar, which goes from {months.key(years.calendar()[0])} to "
        f"{months.key(years.calendar()[-1])}: begin the next year of the catalogue with `make year`."
    )


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags by which Dagster takes one run as a run over a range of partitions."""
    return {
        "dagster/asset_partition_range_start": months.key(first),
        "dagster/asset_partition_range_end": months.key(last),
    }
