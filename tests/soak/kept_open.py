"""The databases that sensors and checks read, kept open between runs: to open one takes 35 ms of CPU."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration import settings, warehouse
from orchestration.reading import connect


class KeptOpen:
    """The working database and the current release, open for reading with the options of those who read them."""

    def __init__(self) -> None:
        self.working: list[duckdb.DuckDBPyConnection] = []
        self.releases: dict[str, duckdb.DuckDBPyConnection] = {}

    def open(self) -> None:
        """Keep open what there is; nothing where it is open already."""
        if not self.working and warehouse.exists():
            self.working.append(warehouse.reading())
        if settings.current().is_symlink() and (current := str(settings.current().resolve())) not in self.releases:
            self._close_releases()
            self.releases[current] = connect()

    @contextmanager
    def closed(self, releases: bool = True) -> Iterator[None]:
        """Meanwhile a run opens the working database for writing; people and checks also move and open `releases`."""
        while self.working:
            self.working.pop().close()
        if releases:
            self._close_releases()
        yield

    def _close_releases(self) -> None:
        while self.releases:
            self.releases.popitem()[1].close()
