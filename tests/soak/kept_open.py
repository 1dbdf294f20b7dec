"""The databases that sensors and checks read, kept open between runs: to open one takes 35 ms of CPU."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration import settings, warehouse
from orchestration.reading import connect


class KeptOpen:
    """The working database and the current release, open for reading with the options of those who read them."""

    def __init__(self) -> None:
        self.connections: list[duckdb.DuckDBPyConnection] = []

    def open(self) -> None:
        """Keep open what there is; nothing where it is open already."""
        if not self.connections and warehouse.exists():
            self.connections.append(warehouse.reading())
            if settings.current().is_symlink():
                self.connections.append(connect())

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Meanwhile a run or a person opens them otherwise, or moves them."""
        while self.connections:
            self.connections.pop().close()
        yield
