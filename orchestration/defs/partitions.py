"""The report month as Dagster's partition: every asset of the pipeline has this one."""

from datetime import date
from functools import cache

import dagster as dg

from orchestration import months

# the pool of all that opens the working database: it has one writer
WAREHOUSE = "warehouse"
# the tag of a run that somebody started by a command and waits for
BY_COMMAND = {"scorecard/started_by": "command"}


@cache
def partitions() -> dg.MonthlyPartitionsDefinition:
    """One partition a report month, from the first row of the calendar to its last."""
    calendar = months.calendar()
    return dg.MonthlyPartitionsDefinition(
        start_date=months.key(calendar[0]), end_date=months.key(months.shift(calendar[-1], 1)), fmt="%Y-%m"
    )


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags by which Dagster takes one run as a run over a range of partitions."""
    return {
        "dagster/asset_partition_range_start": months.key(first),
        "dagster/asset_partition_range_end": months.key(last),
    }
