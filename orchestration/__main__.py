"""The commands behind the Makefile: `python -m orchestration scorecard | show | accept | confirm | ...`."""

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext

from orchestration import errors
from orchestration.warehouse import run_lock

INTERRUPTED = 130  # as a shell reports it


def main() -> int:
    """Run the command. A person's mistake gets one sentence and exit code 1, never a traceback."""
    given = vars(_parser().parse_args())
    command, purpose = given.pop("command"), given.pop("purpose")
    try:
        # before anything slow is imported: who comes second is told at once
        with run_lock.held(purpose(**given)) if purpose else nullcontext():
            from orchestration.cli import commands  # noqa: PLC0415

            return getattr(commands, command)(**given)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        is_sentence = isinstance(error, ValueError | FileNotFoundError)
        sentence = str(error) if is_sentence else errors.explanation(error)
        if not sentence:
            raise
        print(f"\033[1;31m{sentence}\033[0m" if sys.stderr.isatty() else sentence, file=sys.stderr)
        return run_lock.EXIT if isinstance(error, run_lock.InUse) else 1


def _parser() -> argparse.ArgumentParser:
    """The commands, each the function of that name in cli.commands, with its arguments."""
    parser = argparse.ArgumentParser(prog="scorecard", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    def command(name: str, summary: str, purpose: Callable[..., str] | None = None, /, **texts: str) -> Callable:
        """Add a command: the purpose for which it holds the warehouse, if it does, and its arguments that are texts."""
        of_command = names.add_parser(name, help=summary)
        of_command.set_defaults(purpose=purpose)
        for argument, meaning in texts.items():
            option = {"first": "from", "last": "to"}.get(argument, argument)
            of_command.add_argument(f"--{option}", dest=argument, default="", help=meaning)
        return of_command.add_argument

    command(
        "scorecard",
        "run a range of months and print the newest card",
        lambda first, last: (
            f"a run over the report months {first or 'of the first delivery'} to {last or 'the last delivered'}"
        ),
        first="first month, YYYY-MM (default: the first in raw/)",
        last="last month, YYYY-MM (default: the last in raw/)",
    )
    show = command("show", "print a published card", month="its month, YYYY-MM (default: the newest)")
    show("--letters", dest="by_month", action="store_true", help="the letters of every line, month by month")
    explain = command(
        "explain",
        "tell how a line of a card came about, or what changed on the card",
        month="the month of the card, YYYY-MM (default: the newest)",
        line="its line, as 4a (default: what changed since last month)",
    )
    explain("--json", dest="as_json", action="store_true", help="the same as JSON")
    command(
        "accept",
        "vouch for a quarantined delivery",
        lambda file, **_: f"the acceptance of {file}",
        file="the delivery, as crimes/2009-08.csv",
        reason="why; it is printed on the card",
    )
    command(
        "confirm",
        "confirm sentences whose numbers changed",
        lambda month, **_: f"the confirmation of sentences of {month}",
        month="the month of the card, YYYY-MM",
        line="its line (default: every sentence that waits)",
        reason="why the words hold; it is printed on the card",
    )
    command(
        "whatif",
        "print what another catalogue would change, and publish nothing",
        lambda **_: "a what-if",
        catalogue="folder of edited tables (default: the project's own)",
        first="first card, YYYY-MM (default: the last one requested)",
        last="last card, YYYY-MM (default: the newest)",
    )
    verify = command("verify", "prove vault, ledger, quarantine and releases from what lies on the disk")
    verify("--deep", action="store_true", help="compare every byte of the vault, not names and sizes")
    command("status", "print what waits for a person, with what to do")
    command("prepare", "make Dagster's home, and parse the dbt project for it")
    command(
        "year",
        "begin the next financial year's rows of the catalogue from this year's",
        lambda: "the beginning of a financial year",
    )
    command(
        "source",
        "draft the declaration of a source from a file of its publisher",
        file="the file, a CSV as it is published",
        name="what the source is to be called (default: as the file)",
    )
    prune = command("prune", "delete old runs from Dagster's record", lambda **_: "the deletion of old runs")
    prune("--keep", type=int, default=100, help="how many of the last runs to keep (default: 100)")
    command(
        "development",
        "copy the working database for dbt by hand",
        first="first report month to build, YYYY-MM",
        last="last one (default: the first)",
    )
    dbt = command("dbt", "run dbt on the development copy")
    dbt("arguments", nargs=argparse.REMAINDER, help="those of dbt: build --select rolling_year+")
    command("dev", "open Dagster")
    return parser


if __name__ == "__main__":
    sys.exit(main())
