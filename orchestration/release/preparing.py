"""What a release needs and takes seconds, made while dbt works: writers, the figures of the audit, what it begins as.

dbt keeps one core busy. When it ends, what makes pages is read in, here and in the processes beside, one of those has
reckoned every figure again from the deliveries, and the database and the cards of the current release are there a
second time: the next may begin as that.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from orchestration import audit, files, settings
from orchestration.release import auditing, folder

if TYPE_CHECKING:
    from orchestration.editions import Kept, Writers


class Prepared(NamedTuple):
    """Writers that are ready, the cards of the current release, a copy of its database; and the audit's figures.

    None where there is no release yet, and the figures where nothing was begun.
    """

    writers: "Writers"
    cards: "Kept | None"
    copy: Path | None
    reckoned: Callable[[], auditing.Figures] | None


_begun: list[Future[tuple[ExitStack, Prepared]]] = []


def prepare(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> None:
    """Begin, from the working database; once the deliveries are in, and before dbt has it for itself."""
    with suppress(duckdb.CatalogException):  # where nothing was ever delivered, the models say what is missing
        delivered = auditing.effective(connection)
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
        its, found = _begun.pop().result() if _begun else _made()
        stack.enter_context(its)
        yield found


def _made(
    delivered: list[audit.Delivered] | None = None, report_months: Sequence[date] = ()
) -> tuple[ExitStack, Prepared]:
    """All of it; the figures where it is known what was delivered."""
    # only now: charts, workbook and paper take a second to read in, and most of what reads a release makes none
    from orchestration import editions  # noqa: PLC0415

    with ExitStack() as stack:
        writers = stack.enter_context(editions.writers())
        reckoned = None if delivered is None else writers.beside(auditing.reckon, delivered, report_months)
        cards = copy = None
        if current := folder.current():
            copy, of_cards = (files.part_of(settings.warehouse() / name) for name in (folder.DATABASE, editions.CARDS))
            stack.callback(files.remove, copy)
            stack.callback(files.remove, of_cards)
            shutil.copyfile(current.database, copy)
            cards = editions.keep(current.folder, of_cards)
        editions.site.get_ready()
        return stack.pop_all(), Prepared(writers, cards, copy, reckoned)
