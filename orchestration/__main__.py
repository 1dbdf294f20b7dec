"""The commands behind the Makefile: `python -m orchestration scorecard | show | accept | confirm | ...`."""

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from orchestration import errors
from orchestration.warehouse import run_lock

INTERRUPTED = 130  # as a shell reports it


def main() -> int:
    """Run the command. A person's mistake gets one sentence and exit code 1, never a traceback."""
    given = _parser().parse_args()
    try:
        # before anything slow is imported: who comes second is told at once
        with given.holding(given):
            from orchestration.cli import commands  # noqa: PLC0415

            return given.does(commands, given)
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
    parser = argparse.ArgumentParser(prog="scorecard", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, summary: str, does: Callable, holding: Callable[..., AbstractContextManager]
    ) -> argparse.ArgumentParser:
        parser_of_command = names.add_parser(name, help=summary)
        parser_of_command.set_defaults(does=does, holding=holding)
        return parser_of_command

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
        "--from", dest="first", default="", help="first card, YYYY-MM (default: the last one requested)"
    )
    whatif.add_argument("--to", dest="last", default="", help="last card, YYYY-MM (default: the newest)")
    verify = command(
        "verify",
        "prove vault, ledger, quarantine and releases from what lies on the disk",
        lambda commands, given: commands.verify(given.deep),
        _nothing,
    )
    verify.add_argument("--deep", action="store_true", help="compare every byte of the vault, not names and sizes")
    command(
        "prepare",
        "make Dagster's home, and parse the dbt project for it",
        lambda commands, _: commands.prepare(),
        _nothing,
    )
    command(
        "year",
        "begin the next financial year's rows of the catalogue from this year's",
        lambda commands, _: commands.begin_year(),
        lambda _: run_lock.held("the beginning of a financial year"),
    )
    prune = command(
        "prune",
        "delete old runs from Dagster's record",
        lambda commands, given: commands.prune(given.keep),
        lambda given: run_lock.held("the deletion of old runs"),
    )
    prune.add_argument("--keep", type=int, default=100, help="how many of the last runs to keep (default: 100)")
    development = command(
        "development",
        "copy the working database for dbt by hand",
        lambda commands, given: commands.development(given.first, given.last),
        _nothing,
    )
    development.add_argument("--from", dest="first", default="", help="first report month to build, YYYY-MM")
    development.add_argument("--to", dest="last", default="", help="last one (default: the first)")
    by_hand = command(
        "dbt",
        "run dbt on the development copy",
        lambda commands, given: commands.dbt(given.arguments),
        _nothing,
    )
    by_hand.add_argument("arguments", nargs=argparse.REMAINDER, help="those of dbt: build --select rolling_year+")
    command("dev", "open Dagster", lambda commands, _: commands.dev(), _nothing)
    return parser


def _months(first: str, last: str) -> str:
    return f"the report months {first or 'of the first delivery'} to {last or 'the last delivered'}"


def _nothing(_: argparse.Namespace) -> AbstractContextManager:
    """What only reads holds nothing."""
    return nullcontext()


if __name__ == "__main__":
    sys.exit(main())
