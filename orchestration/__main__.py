"""The commands behind the Makefile: `python -m orchestration scorecard | show | dev`."""

import argparse
import os
import sys
import time
from datetime import date

import duckdb
from rich.console import Console
from rich.text import Text

from orchestration import display, months, page, release, settings


class Refused(Exception):
    """What was asked for cannot be done; the message is one sentence for the person who asked."""


def main() -> int:
    """Run the command. A person's mistake gets one sentence and exit code 1, never a traceback."""
    parser = argparse.ArgumentParser(prog="scorecard", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("scorecard", help="run a range of months and print the newest card")
    run.add_argument("--from", dest="first", default="", help="first month, YYYY-MM (default: the first in raw/)")
    run.add_argument("--to", dest="last", default="", help="last month, YYYY-MM (default: the last in raw/)")
    run.set_defaults(does=lambda given: scorecard(given.first, given.last))
    show_card = commands.add_parser("show", help="print a published card")
    show_card.add_argument("--month", default="", help="its month, YYYY-MM (default: the newest)")
    show_card.set_defaults(does=lambda given: show(given.month))
    commands.add_parser("dev", help="open Dagster").set_defaults(does=lambda _: dev())
    given = parser.parse_args()
    try:
        return given.does(given)
    except (Refused, ValueError, FileNotFoundError) as error:
        say(str(error), "bold red")
        return 1


def say(text: str, style: str = "") -> None:
    """Tell the person at the terminal. A Text shows what it is given: brackets in a file's cell are no mark-up."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text, style))


def scorecard(first: str, last: str) -> int:
    """Take the deliveries of a range of months to the release, in one run and one process."""
    range_of = _months_asked_for(first, last)
    _prepare_dagster()
    say(f"Report months {months.key(range_of[0])} to {months.key(range_of[1])}", "bold")
    began = time.monotonic()

    # only now: what follows takes seconds to import, and a mistake above should not have to wait for it
    from orchestration import catalogue, dbt_manifest  # noqa: PLC0415

    try:
        catalogue.check()
        from orchestration import running  # noqa: PLC0415

        failures = running.run(*range_of)
    except catalogue.CatalogueError as error:
        failures = [f"The catalogue does not hold together.\n{error}"]
    except dbt_manifest.DoesNotParse as error:
        failures = [str(error)]
    if failures:
        say("\n".join(failures), "bold red")
        kept = release.current()
        say("Nothing was published." + (f" {kept.name} stays the release to read." if kept else ""))
        return 1
    show("")
    print(f"\n{release.current().says}\n{settings.current() / release.DATABASE}")
    say(f"{time.monotonic() - began:.0f} s", "dim")
    return 0


def show(month: str) -> int:
    """Print a card from the release that readers see."""
    wanted = months.parse(month) if month else None
    if release.current() is None:
        raise Refused("There is no release yet: make one with `make scorecard`.")
    with duckdb.connect(str(settings.current() / release.DATABASE), read_only=True) as connection:
        published = [
            row[0] for row in connection.execute("select distinct report_month from scorecard order by 1").fetchall()
        ]
        if not published:
            raise Refused("The release holds no card yet: no month of it lies in a year of the catalogue's cards.")
        wanted = wanted or published[-1]
        if wanted not in published:
            raise Refused(
                f"There is no card for {months.key(wanted)}: cards are published "
                f"for {months.key(published[0])} to {months.key(published[-1])}."
            )
        rows = connection.sql("select * from scorecard where report_month = $1", params=[wanted]).pl()
        card = connection.execute(
            "select title, subtitle, key from cards where financial_year = ?", [rows["financial_year"][0]]
        ).fetchone()
    title, subtitle, key = card
    width = None if sys.stdout.isatty() else 80
    Console(width=width, highlight=False).print(
        page.terminal(rows, title, subtitle.format(to=display.month_label(wanted)), key)
    )
    return 0


def dev() -> int:
    """Open Dagster on this project; runs made by `make scorecard` show there too."""
    _prepare_dagster()
    os.chdir(settings.PROJECT)
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml"])


def _months_asked_for(first: str, last: str) -> tuple[date, date]:
    """The first and last report month of the run: as asked, else those that raw/ holds."""
    from orchestration.deliveries import extracts, folder  # noqa: PLC0415

    delivered = {month for extract in extracts.EXTRACTS for month in folder.deliveries(extract, settings.raw())[0]}
    if not delivered and not (first and last):
        raise Refused(f"There is no delivery in {settings.raw()}: say the months with FROM=YYYY-MM TO=YYYY-MM.")
    begin = months.parse(first) if first else min(delivered)
    end = months.parse(last) if last else max(delivered)
    if begin > end:
        raise Refused(f"The range runs backwards: {months.key(begin)} is after {months.key(end)}.")
    known = months.calendar()
    for month in (begin, end):
        if month not in known:
            raise Refused(
                f"{months.key(month)} is outside the calendar, which goes from {months.key(known[0])} "
                f"to {months.key(known[-1])}: extend dbt_project/seeds/reference/calendar.csv."
            )
    return begin, end


def _prepare_dagster() -> None:
    """Give Dagster its home inside the warehouse, where its settings and its record of runs live."""
    home = settings.warehouse() / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    wanted = (settings.PROJECT / "orchestration" / "dagster.yaml").read_bytes()
    placed = home / "dagster.yaml"
    if not placed.exists() or placed.read_bytes() != wanted:
        placed.write_bytes(wanted)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["SCORECARD_EVENT_LOG"] = str(home / "history" / "runs")


if __name__ == "__main__":
    sys.exit(main())
