"""What Dagster sees, one module a step of the line. Thin: the rules are in the modules above."""

from orchestration.defs import dagster_dbt_alone  # noqa: F401 - before any module that would read dbt in with it
