"""What the commands do: run, show, accept, confirm, what if, verify, Dagster."""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console, RenderableType
from rich.text import Text

from orchestration import connect, errors, months, release, settings, spark, years
from orchestration.catalogue import check as check_catalogue
from orchestration.catalogue import next_year
from orchestration.cli import data_contracts, draft
from orchestration.cli import status as waiting
from orchestration.dbt import development as dbt_by_hand
from orchestration.dbt import project
from orchestration.explain import NoCard, card_month, of_card, of_line, of_lines, terminal, words
from orchestration.raw.files import folder, mirror
from orchestration.raw.landing import acceptance
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.release import verifying
from orchestration.scorecard import display, page
from orchestration.warehouse import file_system, files
from orchestration.whatif import changes, summary


class Refused(ValueError):
    """A command cannot be done as requested; the message is one sentence."""


def report(text: str, style: str = "") -> None:
    """Print a message to the terminal. A Text shows what it is given: brackets in a file's cell are no mark-up."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text, style))


def scorecard(first: str, last: str) -> int:
    """Take the deliveries of a range of months to the release, in one run and one process."""
    range_of = _requested_months(first, last)
    spark.check()
    prepare_dagster()
    before = release.current()
    report(f"Report months {months.key(range_of[0])} to {months.key(range_of[1])}", "bold")
    began = time.monotonic()
    if stopped := _run(*range_of):
        report("\n".join(stopped), "bold red")
        kept = release.current()
        stays = f" {kept.name} stays the release to read." if kept else ""
        report(kept.summary if kept and _is_new(kept, before) else f"Nothing was published.{stays}")
        return 1
    if now := release.current():
        print(_outcome(before, now, *range_of))
    report(f"{time.monotonic() - began:.0f} s", "dim")
    return 0


def _outcome(before: release.Release | None, now: release.Release, first: date, last: date) -> str:
    """Print the newest card of the release, if it has one. Returns what the run published, or why nothing."""
    with connect() as connection:
        of_the_run = "select count(*) filter (where report_month between ? and ?), count(*) from scorecard"
        ((lines_of_the_run, lines),) = connection.execute(of_the_run, [first, last]).fetchall()
    sentences = [now.summary if _is_new(now, before) else release.unchanged(now.name)]
    if not lines_of_the_run:
        named = months.key(first) + (f" to {months.key(last)}" if last > first else "")
        sentences.append(f"There is no card of {named}: no financial year of the catalogue's cards.csv has it.")
    if lines:
        show("")
    return "\n".join(["", *sentences, str(settings.current() / release.DATABASE)])


def _is_new(now: release.Release | None, before: release.Release | None) -> bool:
    return now is not None and (before is None or now.name != before.name)


def _run(first: date, last: date) -> list[str]:
    try:
        for repaired in release.recover():
            report(repaired, "yellow")
        check_catalogue()
        project.prepare()
        # only now: it takes seconds to import and reads the manifest, and a mistake should not have to wait for it
        from orchestration.cli import running  # noqa: PLC0415

        return running.run(first, last)
    except KeyboardInterrupt:
        return [errors.INTERRUPTED]
    except Exception as error:  # Dagster's own record of the run may meet a full disk as well
        if explained := errors.explanation(error):
            return [explained]
        raise


def accept(file: str, reason: str) -> int:
    """Vouch for a quarantined delivery, with a reason that is printed on every row of the card it enters."""
    print(acceptance.accept(file, reason))
    return 0


def confirm(month: str, line: str, reason: str) -> int:
    """Confirm what waits on a published card: sentences whose numbers changed, and what it would lose."""
    print(release.confirm(month, line, reason))
    return 0


def verify(deep: bool) -> int:
    """Prove vault, ledger, quarantine and releases from what lies on the disk: one line a proof."""
    against = 0
    for proved, found in verifying.proofs(deep=deep):
        print(f"{'FAILED' if found else 'ok':<6}  {proved}")
        for sentence in found:
            print(f"        {sentence}")
        against += bool(found)
    return 1 if against else 0


def status() -> int:
    """Print the release to read, and what waits for a person, each with what to do."""
    print(waiting.summary())
    if (shown := waiting.table()) is None:
        print("Nothing waits for a person.")
    else:
        _print(shown, piped=120)
    return 0


def whatif(catalogue: str, first: str, last: str) -> int:
    """Print what the cards would say with another catalogue: by default the newest card, or those of a range."""
    with connect() as connection:
        end = _requested_card(connection, last)
        begin, _ = _in_order(_requested_card(connection, first) if first else end, end)
    began = time.monotonic()
    outcome = changes(catalogue, begin, end)
    _print(page.changes(outcome.cells, summary(outcome.cells)))
    for text in (*outcome.bridges, *filter(None, [outcome.waits])):
        print(f"\n{text}")
    compared = f"Compared with {now.name}; nothing" if (now := release.current()) else "Nothing"
    report(f"{compared} was published. {time.monotonic() - began:.0f} s", "dim")
    return 0


def explain(month: str, line: str, as_json: bool) -> int:
    """Print the story of a line of a card, or what changed on the card, from the release that readers see."""
    wanted = months.parse(month) if month else None
    with connect() as connection:
        story = of_line(connection, wanted, line) if line else of_card(connection, wanted)
    if as_json:
        print(json.dumps(story, default=str, ensure_ascii=False, indent=2))
        return 0
    of_month = story["card"]["report_month"] if line else story["report_month"]
    shown = terminal.line(story) if line else terminal.card(story, f"Card of {display.month_label(of_month)}")
    _print(shown, piped=100)
    return 0


def show(month: str, by_month: bool = False) -> int:
    """Print a card from the release that readers see, or the letters of its year's cards by month."""
    with connect() as connection:
        wanted = _requested_card(connection, month)
        rows = connection.sql("select * from scorecard where report_month = $1", params=[wanted]).pl()
        ((title, subtitle, key),) = connection.execute(
            "select title, subtitle, key from cards where financial_year = ?", [rows["financial_year"][0]]
        ).fetchall()
        of_year = "from scorecard where financial_year = $1 and report_month <= $2"
        letters = connection.sql(of_year, params=[rows["financial_year"][0], wanted]).pl().to_dicts()
        overview: list[str] = []
        with suppress(NoCard):  # a release of an earlier version prints its card without it
            overview = words.overview(of_lines(connection, wanted))
    if by_month:
        _print(lambda width: page.letters_by_month(letters, title, width))
        return 0
    subtitle = subtitle.format(to=display.month_label(wanted))
    _print(lambda width: page.terminal(rows, title, subtitle, "\n".join([*overview, key]), width))
    return 0


def _requested_card(connection: duckdb.DuckDBPyConnection, month: str) -> date:
    """The month of a published card: the requested one, else the newest."""
    return card_month(connection, months.parse(month) if month else None)


def _in_order(begin: date, end: date) -> tuple[date, date]:
    """The first and last month of a range."""
    if begin > end:
        raise Refused(f"The range runs backwards: {months.key(begin)} is after {months.key(end)}.")
    return begin, end


def _print(shown: RenderableType | Callable[[int], RenderableType], piped: int = 80) -> None:
    """Print to a terminal as wide as it is, or as COLUMNS says; elsewhere without colours, that many columns wide."""
    as_it_is = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    console = Console(width=None if as_it_is else piped, highlight=False)
    shown = shown(console.width) if callable(shown) else shown
    console.print(page.without_trailing_spaces(shown, console), end="")


def prepare() -> int:
    """Make Dagster's home, and parse the dbt project where it changed, so that Dagster finds its manifest."""
    prepare_dagster()
    project.prepare()
    return 0


def year() -> int:
    """Begin the next financial year's rows of the catalogue, for a person to edit."""
    print(next_year.begin())
    return 0


def development(first: str, last: str) -> int:
    """Copy the working database for dbt by hand, with the report months that dbt is to build there."""
    if last and not first:
        raise Refused("Which months is dbt to build up to that one? Name the first as well: FROM=YYYY-MM.")
    report_months = list(months.between(*_in_order(months.parse(first), months.parse(last or first)))) if first else []
    dbt_by_hand.fill(report_months)
    which = f"{months.key(report_months[0])} to {months.key(report_months[-1])}" if report_months else "of the last run"
    print(f"{dbt_by_hand.database()} is a copy of the working database; dbt builds the report months {which} in it.")
    return 0


def dbt(arguments: list[str]) -> int:
    """Run dbt by hand on the development copy."""
    return dbt_by_hand.run(arguments)


def source(file: str, name: str) -> int:
    """Draft the declaration of a source from a file of its publisher."""
    path, rows = draft.write(Path(file), name)
    print(f"{path}\nis a draft: read it, and give each of its series a row in series.csv. Its first rows:\n\n{rows}")
    return 0


def contracts(into: str) -> int:
    """Write the declarations of sources as files of the Open Data Contract Standard."""
    written = data_contracts.write(Path(into) if into else settings.warehouse() / "contracts")
    print(*written, sep="\n")
    return 0


def prune(keep: int) -> int:
    """Delete all but the last `keep` runs from Dagster's record; cards, releases and the ledger are not touched."""
    from dagster import DagsterInstance, DagsterRunStatus, RunsFilter  # noqa: PLC0415

    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    prepare_dagster()
    with DagsterInstance.get() as instance:
        old = instance.get_run_records(RunsFilter(statuses=ended))[keep:]
        for record in old:
            instance.delete_run(record.dagster_run.run_id)
            instance.compute_log_manager.delete_logs(prefix=[record.dagster_run.run_id])
    print(f"{len(old)} runs were deleted from Dagster's record, the last {keep} are kept.")
    return 0


def dev() -> int:
    """Open Dagster on this project; runs made by `make scorecard` show there too."""
    spark.chosen()
    prepare()
    os.chdir(settings.PROJECT)
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml"])


def _requested_months(first: str, last: str) -> tuple[date, date]:
    """The first and last report month of the run: as requested, else those that raw/ holds."""
    raw = mirror.raw_folder()
    delivered = {month for extract in EXTRACTS for month in folder.deliveries(extract, raw)[0]}
    if not delivered and not (first and last):
        raise Refused(f"There is no delivery in {raw}: put some there, or name months with FROM=YYYY-MM TO=YYYY-MM.")
    begin, end = _in_order(
        months.parse(first) if first else min(delivered), months.parse(last) if last else max(delivered)
    )
    known = years.calendar()
    for month in (begin, end):
        if month not in known:
            raise Refused(
                f"{months.key(month)} is outside the calendar, which goes from {months.key(known[0])} "
                f"to {months.key(known[-1])}: begin the next year of the catalogue with `make year`."
            )
    return begin, end


def prepare_dagster() -> None:
    """Give Dagster its home, with its settings and its record of runs: in the warehouse, if a service has no other."""
    home = settings.dagster_home()
    file_system.check(home)
    if os.environ.get("DAGSTER_HOME"):
        if not home.is_dir():
            raise Refused(f"DAGSTER_HOME is {home}, which is not a folder: make it, or leave the variable out.")
        return
    home.mkdir(parents=True, exist_ok=True)
    wanted = (settings.PROJECT / "orchestration" / "dagster.yaml").read_bytes()
    placed = home / "dagster.yaml"
    if not placed.exists() or placed.read_bytes() != wanted:
        files.write(placed, wanted)
    os.environ["DAGSTER_HOME"] = str(home)
