"""The commands behind the Makefile: `python -m orchestration scorecard | show | accept | confirm | ...`."""

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from orchestration.warehouse import run_lock

INTERRUPTED = 130  # as a shell reports it


def main() -> int:
    """Run the command. A person's mistake gets one sentence and exit code 1, never a traceback."""
    given = _parser().parse_args()
    try:
        # before anything slow is imported: who comes second is told at once
        with given.holding(given):
            from orchestration.cli import commands  # noqa: PLC0415

            try:
                return given.does(commands, given)
            except (ValueError, FileNotFoundError) as error:
                commands.say(str(error), "bold red")
                return 1
            except Exception as error:
                from orchestration import errors  # noqa: PLC0415

                if not (explained := errors.explanation(error)):
                    raise
                commands.say(explained, "bold red")
                return 1
    except run_lock.InUse as error:
        print(error, file=sys.stderr)
        return run_lock.EXIT
    except PermissionError as error:
        print(f"{error.filename}: {error.strerror}. Give the pipeline's user the right to it.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scorecard", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, says: str, does: Callable, holding: Callable[..., AbstractContextManager]
    ) -> argparse.ArgumentParser:
        made = names.add_parser(name, help=says)
        made.set_defaults(does=does, holding=holding)
        return made

    run = command(
        "scorecard",
        "run a range of months and print the newest card",
        lambda commands, given: commands.scorecard(given.first, given.last),
        lambda given: run_lock.held(f"a run over {_months(given.first, given.last)}"),
    )
    run.add_argument("--from", dest="first", default="", help="first month, YYYY-MM (default: the first in raw/)")
    run.add_argument("--to", dest="last", default="", help="last month, YYYY-MM (default: the last in raw/)")
    show = command("show", "print a published card", lambda commands, given: commands.show(given.month), _nothing)
    show.add_argument("--month", default="", help="its month, YYYY-MM (default: the newest)")
    explain = command(
        "explain",
        "tell how a line of a card came about, or what changed on the card",
        lambda commands, given: commands.explain(given.month, given.line, given.json),
        _nothing,
    )
    explain.add_argument("--month", default="", help="the month of the card, YYYY-MM (default: the newest)")
    explain.add_argument("--line", default="", help="its line, as 4a (default: what changed since last month)")
    explain.add_argument("--json", action="store_true", help="the same as JSON")
    accept = command(
        "accept",
        "vouch for a quarantined delivery",
        lambda commands, given: commands.accept(given.file, given.reason),
        lambda given: run_lock.held(f"the acceptance of {given.file}"),
    )
    accept.add_argument("--file", default="", help="the delivery, as recorded_crime/2009-08.csv")
    accept.add_argument("--reason", default="", help="why; it is printed on the card")
    confirm = command(
        "confirm",
        "confirm sentences whose numbers changed",
        lambda commands, given: commands.confirm(given.month, given.line, given.reason),
        lambda given: run_lock.held(f"the confirmation of sentences of {given.month}"),
    )
    confirm.add_argument("--month", default="", help="the month of the card, YYYY-MM")
    confirm.add_argument("--line", default="", help="its line (default: every sentence that waits)")
    confirm.add_argument("--reason", default="", help="why the words hold; it is printed on the card")
    whatif = command(
        "whatif",
        "print what another catalogue would change, and publish nothing",
        lambda commands, given: commands.whatif(given.catalogue, given.first, given.last),
        lambda given: run_lock.held("a what-if"),
    )
    whatif.add_argument("--catalogue", default="", help="folder of edited tables (default: the project's own)")
    whatif.add_argument(
        "--from", dest="first", default="", help="first card, YYYY-MM (default: the last one asked for)"
    )
    whatif.add_argument("--to", dest="last", default="", help="last card, YYYY-MM (default: the newest)")
    verify = command(
        "verify",
        "prove vault, ledger, quarantine and releases from what lies on the disk",
        lambda commands, given: commands.verify(given.deep),
        _nothing,
    )
    verify.add_argument("--deep", action="store_true", help="compare every byte of the vault, not names and sizes")
    command("prepare", "parse the dbt project for Dagster", lambda commands, _: commands.prepare(), _nothing)
    command("dev", "open Dagster", lambda commands, _: commands.dev(), _nothing)
    return parser


def _months(first: str, last: str) -> str:
    return f"the report months {first or 'of the first delivery'} to {last or 'the last delivered'}"


def _nothing(_: argparse.Namespace) -> AbstractContextManager:
    """What only reads holds nothing."""
    return nullcontext()


if __name__ == "__main__":
    sys.exit(main())
