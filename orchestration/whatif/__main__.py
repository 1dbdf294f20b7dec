"""The run of a what-if, as a program of its own: from what is loaded to the card, in the warehouse it is given."""

import os
import sys
import threading

from orchestration import commands, dbt_manifest, months, waiting_dbt
from orchestration.dbt_of_a_run import end_with
from orchestration.garbage import collect_rarely


def main() -> int:
    """Make the cards from the first to the last month anew. Says what stopped it."""
    threading.Thread(target=end_with, args=(int(os.environ["SCORECARD_RUN_PROCESS"]),), daemon=True).start()
    first, last = (months.parse(text) for text in sys.argv[1:])
    if not {first, last} <= set(months.calendar()):
        commands.say("The calendar of this catalogue does not have all the months that are asked for.", "bold red")
        return 1
    commands.say(f"The cards of {months.key(first)} to {months.key(last)} with this catalogue", "bold")
    commands.prepare_dagster()
    try:
        with waiting_dbt.waiting():
            from orchestration import running  # noqa: PLC0415 - reads the dbt project, which may not parse

            failures = running.run(first, last, without=("raw", "release"))
    except dbt_manifest.DoesNotParse as error:
        failures = [str(error)]
    commands.say("\n".join(failures), "bold red")
    return 1 if failures else 0


if __name__ == "__main__":
    collect_rarely()
    sys.exit(main())
