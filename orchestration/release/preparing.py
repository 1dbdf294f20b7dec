"""What a release needs and takes seconds, made while dbt works: writers of editions, and the figures of the audit.

dbt keeps one core busy. When it ends, what makes pages is read in, here and in the processes beside, and one of those
has reckoned every figure again from the deliveries.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from orchestration import audit
from orchestration.release import auditing

if TYPE_CHECKING:
    from orchestration.editions import Writers


class Prepared(NamedTuple):
    """Writers that are ready, and the figures as the audit reckons them; None where it has to reckon them itself."""

    writers: "Writers"
    reckoned: Callable[[], auditing.Figures] | None


_begun: list[Future[tuple[ExitStack, Prepared]]] = []


def prepare(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> None:
    """Begin, from the working database; once the deliveries are in, and before dbt has it for itself."""
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
            found = Prepared(stack.enter_context(_writers()), None)
        yield found


def _made(delivered: list[audit.Delivered], report_months: list[date]) -> tuple[ExitStack, Prepared]:
    with ExitStack() as stack:
        writers = stack.enter_context(_writers())
        reckoned = writers.beside(auditing.reckon, delivered, report_months)
        return stack.pop_all(), Prepared(writers, reckoned)


def _writers():
    # only now: charts, workbook and paper take a second to read in, and most of what reads a release makes none
    from orchestration import editions  # noqa: PLC0415

    return editions.writers()
