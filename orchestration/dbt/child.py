"""dbt as a program of its own: imports dbt, parses the project, waits for one command and runs it.

    python -m orchestration.dbt.child PARENT

PARENT is the process of the run, without which this one ends. The command comes as one line of JSON on standard input:
the arguments of dbt. The exit code is 0 where dbt succeeded, and 1 where it did not or was given no command.
"""

import json
import sys

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.processes import end_with_parent


def main() -> int:
    """Get ready, then run the command."""
    end_with_parent(int(sys.argv[1]))
    # a project that does not parse is reported by the command
    parsed = dbtRunner().invoke(["--quiet", "--no-write-json", "parse"]).result
    command = sys.stdin.readline()
    if not command:
        return 1
    outcome = dbtRunner(manifest=parsed if isinstance(parsed, Manifest) else None).invoke(json.loads(command))
    if outcome.exception:
        print(outcome.exception)
    return 0 if outcome.success else 1


if __name__ == "__main__":
    sys.exit(main())
