"""All that Dagster loads: everything in defs/, and nothing else."""

from orchestration import garbage

with garbage.none_while_reading_in():
    import dagster as dg

    from orchestration.defs import dagster_dbt_alone  # noqa: F401 - to be kept as well

    garbage.keep()

    from orchestration.defs import checks, dbt, dbt_at_work, raw, release, schedules, scorecard
    from orchestration.defs.partitions import WAREHOUSE
    from orchestration.defs.resources import Warehouse
    from orchestration.progress import progress

defs = dg.Definitions(
    assets=[*raw.assets, dbt.models, scorecard.scorecard, release.published],
    asset_checks=[checks.contracts],
    jobs=[schedules.job],
    schedules=[schedules.monthly_scorecard],
    sensors=[schedules.new_deliveries],
    resources={"dbt": dbt_at_work.dbt, WAREHOUSE: Warehouse()},
    loggers={"console": dg.colored_console_logger, "progress": progress},
    # One process: the warehouse has one writer, and a process a step would cost four times the time.
    executor=dg.in_process_executor,
)
