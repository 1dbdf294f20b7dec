"""All that Dagster loads: everything in defs/, and nothing else."""

import dagster as dg

from orchestration.defs import checks, dbt, dbt_graph, freshness, jobs, raw, release, schedules, scorecard, sensors
from orchestration.defs.attributes import with_owners_and_code
from orchestration.defs.partitions import WAREHOUSE
from orchestration.defs.progress import progress
from orchestration.defs.resources import Warehouse

defs = dg.Definitions(
    assets=with_owners_and_code([*raw.assets, *dbt_graph.sources, dbt.models, scorecard.scorecard, release.published]),
    asset_checks=[checks.contracts],
    jobs=[jobs.job, jobs.landing],
    schedules=[schedules.monthly_scorecard],
    sensors=[sensors.new_deliveries, sensors.complete_months, sensors.failed_runs, freshness.overdue_deliveries],
    resources={"dbt": dbt.Dbt(), WAREHOUSE: Warehouse()},
    loggers={"console": dg.colored_console_logger, "progress": progress},
    # One process: the warehouse has one writer, and a process a step would cost four times the time.
    executor=dg.in_process_executor,
)
