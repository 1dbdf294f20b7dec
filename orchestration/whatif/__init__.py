"""What-if: the cards under an edited catalogue, compared with those published. Publishes nothing."""

import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from orchestration import catalogue, connect, months, release, settings
from orchestration.catalogue.cells import unknown
from orchestration.release import bridging, renamed, rule_changes
from orchestration.scorecard import display
from orchestration.whatif import comparison, scratch
from orchestration.whatif.comparison import summary
from orchestration.whatif.scratch import CannotRehearse

__all__ = ["CannotRehearse", "Outcome", "changes", "summary"]

READ = {
    "scorecard": "select * from {0}scorecard where report_month between ? and ?",
    "figures": "select report_month, line, name, printed from {0}figures where report_month between ? and ?",
}


class CannotPropose(ValueError):
    """The folder holds no tables of a catalogue; the message gives the reason."""


class Outcome(NamedTuple):
    """What the cards would print differently, a row a cell; the bridges they would carry; what a run would wait for."""

    cells: pl.DataFrame
    bridges: list[str]
    waits: str | None


def changes(edited: str, first: date, last: date) -> Outcome:
    """What the cards from first to last would print differently with this catalogue.

    `edited` is a folder with edited tables, empty for those of the project as they are. The caller holds the run
    lock. Raises CannotPropose, CatalogueError, CannotRehearse.
    """
    with connect() as connection:
        published = _read(connection, "", first, last)
    with scratch.warehouse() as place:
        _propose(edited, scratch.catalogue(place))
        scratch.run(place, first, last)
        with duckdb.connect(str(place / settings.database().name), read_only=True) as connection:
            would_be = _read(connection, "scorecard.", first, last)
            bridges, waits = _rules(connection, list(months.between(first, last)))
    return Outcome(comparison.changes(published, would_be), bridges, waits)


def _rules(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> tuple[list[str], str | None]:
    """The bridges that the cards in a scratch warehouse would carry, and what a run would wait for."""
    before = release.current()
    if before is None:
        return [], None
    renamed.attach(connection, before.database)
    found = bridging.of_run(connection, report_months)
    waiting = rule_changes.of_cards(connection, report_months)
    shown = [f"{display.month_label(it.report_month)}, line {it.line}: {it.explanation}" for it in found]
    return shown, rule_changes.message(waiting) if waiting else None


def _read(connection: duckdb.DuckDBPyConnection, schema: str, first: date, last: date) -> comparison.Cards:
    return {table: connection.sql(query.format(schema), params=[first, last]).pl() for table, query in READ.items()}


def _propose(folder: str, into: Path) -> None:
    """Write the proposed catalogue, every table that is not edited as the project has it, and check it."""
    edited = _tables(Path(folder).expanduser()) if folder else []
    shutil.copytree(settings.CATALOGUE, into)
    for path in edited:
        shutil.copy2(path, into / path.name)
    catalogue.check(into)


def _tables(folder: Path) -> list[Path]:
    """The edited tables in the folder."""
    if not folder.is_dir():
        raise CannotPropose(f"There is no folder {folder}: name that of the edited tables with CATALOGUE=<folder>.")
    found = sorted(folder.glob("*.csv"))
    if not found:
        names = ", ".join(f"{table}.csv" for table in catalogue.TABLES)
        raise CannotPropose(f"{folder} holds no table of the catalogue: put at least one of {names} there.")
    for path in found:
        if path.stem not in catalogue.TABLES:
            raise CannotPropose(f"{path}: {unknown(path.stem, list(catalogue.TABLES), 'a table of the catalogue')}")
    return found
