"""How often Python looks for garbage: rarely, where thousands of modules are read in and little of it is garbage."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 100_000


def collect_rarely() -> None:
    """Look for garbage in circles a hundred times less often than Python does by itself.

    With 4,000 modules each look is long: reading in the definitions takes 2.6 s instead of 3.6.
    """
    gc.set_threshold(ALLOCATIONS, 50, 100)


@contextmanager
def none_while_reading_in() -> Iterator[None]:
    """Look for none meanwhile, which is 0.2 s of reading in the definitions, and rarely from then on."""
    gc.disable()
    try:
        yield
    finally:
        collect_rarely()
        gc.enable()


def keep() -> None:
    """Leave what is read in by now out of every look to come; the last ones, when a process ends, are 1 s otherwise.

    Not where DuckDB is among it, which would tell of leaks in the end.
    """
    if "duckdb" not in sys.modules:
        gc.freeze()
