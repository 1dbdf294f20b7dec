"""What a release needs and takes seconds, made while dbt works: writers, the figures of the audit, a copy to add to.

dbt keeps one core busy. When it ends, what makes pages is read in, here and in the processes beside, one of those has
reckoned every figure again from the deliveries, and the database of the current release is copied: the next may begin
as that.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from orchestration import audit, files, settings
from orchestration.release import auditing, folder

if TYPE_CHECKING:
    from orchestration.editions import Writers


class Prepared(NamedTuple):
    """Writers that are ready; the audit's figures and a copy of the current database, None where there is none yet."""

    writers: "Writers"
    reckoned: Callable[[], auditing.Figures] | None = None
    copy: Path | None = None


_begun: list[Future[tuple[ExitStack, Prepared]]] = []


def prepare(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> None:
    """Begin, from the working database; once the deliveries are in, and before dbt has it for itself."""
    with suppress(duckdb.CatalogException):  # where nothing was ever delivered, the models say what is missing
        delivered = auditing.in_force(connection)
        _begun.append(ThreadPoolExecutor(1).submit(_made, delivered, report_months))


@contextmanager
def preparations() -> Iterator[None]:
    """What is begun within and not needed ends with it."""
    try:
        yield
    finally:
        while _begun:
            with suppress(Exception):
                unused, _ = _begun.pop().result()
                unused.close()


@contextmanager
def prepared() -> Iterator[Prepared]:
    """What was begun, or else the same made now; gone afterwards."""
    with ExitStack() as stack:
        if _begun:
            its, found = _begun.pop().result()
            stack.enter_context(its)
        else:
            found = Prepared(stack.enter_context(_writers()))
        yield found


def _made(delivered: list[audit.Delivered], report_months: list[date]) -> tuple[ExitStack, Prepared]:
    with ExitStack() as stack:
        writers = stack.enter_context(_writers())
        reckoned = writers.beside(auditing.reckon, delivered, report_months)
        copy = None
        if current := folder.current():
            copy = files.part_of(settings.warehouse() / folder.DATABASE)
            stack.callback(files.remove, copy)
            shutil.copyfile(current.database, copy)
        return stack.pop_all(), Prepared(writers, reckoned, copy)


def _writers():
    # only now: charts, workbook and paper take a second to read in, and most of what reads a release makes none
    from orchestration import editions  # noqa: PLC0415

    return editions.writers()
