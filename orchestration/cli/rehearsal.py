"""The run of a what-if, as a program of its own: from what is loaded to the card, in the warehouse it is given."""

import sys

from orchestration import months, years
from orchestration.cli import commands
from orchestration.dbt import project
from orchestration.processes import end_with_parent


def main() -> int:
    """Make the cards from the first to the last month again. Prints what stopped it."""
    end_with_parent(int(sys.argv[1]))
    first, last = (months.parse(text) for text in sys.argv[2:])
    if not {first, last} <= set(years.calendar()):
        commands.report("The calendar of this catalogue does not have all the months that are requested.", "bold red")
        return 1
    commands.report(f"The cards of {months.key(first)} to {months.key(last)} with this catalogue", "bold")
    commands.prepare_dagster()
    try:
        project.prepare()
        from orchestration.cli import running  # noqa: PLC0415 - reads the manifest

        failures = running.run(first, last, without=("raw", "release"))
    except project.DoesNotParse as error:
        failures = [str(error)]
    commands.report("\n".join(failures), "bold red")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
