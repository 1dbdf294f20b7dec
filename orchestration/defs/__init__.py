"""What Dagster sees, one module a step of the line. Thin: the rules are in the modules above."""

from orchestration.garbage import collect_rarely

# before dagster-dbt and all else that Dagster reads in with these modules, in a command or in a process of its own
collect_rarely()
