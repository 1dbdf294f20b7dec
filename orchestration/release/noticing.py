"""The notices of a release: their table, their text file, and passing on those that are new."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from orchestration import editions, months, warehouse
from orchestration.editions import digest
from orchestration.release import notifying
from orchestration.release.folder import Release
from orchestration.scorecard import comments, contracts, notices
from orchestration.warehouse import broken_rules, files

TEXT = "notices.txt"
SENTENCES = "staging.stg_commentary"
# those of the newest report month of the run, and of every card that the release prints again
_OF_THE_RUN = """
    select notices.* from {database}.notices, {database}.release
    where notices.report_month = $1 or (notices.kind = 'printed_again' and notices.release = release.release)
    order by notices.rowid
"""


def write(connection: duckdb.DuckDBPyConnection, published: bool) -> None:
    """Make the table `notices` of a release from its other tables; months outside the run stay as published."""

    def rows(query: str) -> pl.DataFrame:
        return connection.sql(query).pl()

    of_the_run = "where report_month in (from run)"
    made = notices.notices(
        [month for (month,) in connection.execute("select month from run").fetchall()],
        card=rows(
            "select report_month, financial_year, position, line, title, measure, status, status_reason from scorecard "
            "where report_month in (from run) or report_month + interval 1 month in (from run)"
        ),
        changes=rows(f"from changes {of_the_run}"),
        republished=rows(f"from republished {of_the_run}"),
        deliveries=rows("from deliveries"),
        known=rows(f"select distinct report_month, extract, month from measure_sources {of_the_run}"),
        definitions=rows("from definitions"),
        hard_coded=_hard_coded_numbers(connection),
    )
    made = broken_rules.checked("notices", contracts.ALL["notices"], made)
    if published:
        made = pl.concat([rows("from published.notices where report_month not in (from run)"), made], how="diagonal")
    connection.register("made", made.sort("report_month", maintain_order=True))
    connection.execute("create or replace table notices as from made")
    connection.unregister("made")


def _hard_coded_numbers(connection: duckdb.DuckDBPyConnection) -> dict[tuple[date, str], list[tuple[str, str]]]:
    """The hard-coded numbers in comments of the run that equal a figure; not where a person accepted them."""
    if not warehouse.columns(connection, "warehouse", SENTENCES):
        return {}
    printed: dict[tuple[date, str], dict[str, str]] = {}
    figures = (
        "select report_month, line, name, printed from warehouse.scorecard.figures where report_month in (from run)"
    )
    for month, line, name, text in connection.execute(figures).fetchall():
        printed.setdefault((month, line), {})[name] = text
    sentences = f"select delivery_month, line, sentence from warehouse.{SENTENCES} where delivery_month in (from run) "
    return {
        (month, line): comments.hard_coded_numbers(sentence, printed.get((month, line), {}))
        for month, line, sentence in connection.execute(sentences + "and accepted_reason is null").fetchall()
    }


def write_lines(connection: duckdb.DuckDBPyConnection, folder: Path, report_months: list[date]) -> None:
    """Write the notices of the run, if there are any, as text into the folder of its release."""
    if found := _notices(connection, "main", max(report_months)):
        files.write(folder / TEXT, "".join(f"{line}\n" for line in notices.lines(found)))


def notify(made: Release, before: Release | None, report_months: list[date], monthly: Iterable[str] = ()) -> str | None:
    """Hand over the notices of a release that the one before did not have; with the first of a month also `monthly`.

    That one begins with the digest of its newest card, which has most of them in other words. Returns what went wrong,
    in a sentence.
    """
    if before and made.name == before.name:
        return None
    first_of_month = before is None or before.last_month != made.last_month
    known = []
    with duckdb.connect(str(made.database), read_only=True) as connection:
        if before:  # attached: to open a database takes seven times as long
            connection.execute(f"attach {warehouse.literal(before.database)} as published (read_only)")
            known = _notices(connection, "published", max(report_months))
        new = [row for row in _notices(connection, "main", max(report_months)) if row not in known]
    message = made.folder / editions.CARDS / months.key(max(report_months)) / digest.FILE
    lines = []
    if first_of_month and message.exists():
        lines = [*message.read_text(encoding="utf-8").splitlines(), ""]
        new = [row for row in new if row["kind"] not in digest.COVERED]
    return notifying.hand_over([*lines, *notices.lines(new), *(monthly if first_of_month else ())])


def _notices(connection: duckdb.DuckDBPyConnection, database: str, report_month: date) -> list[dict]:
    if not warehouse.columns(connection, database, "notices"):
        return []
    return connection.sql(_OF_THE_RUN.format(database=database), params=[report_month]).pl().to_dicts()
