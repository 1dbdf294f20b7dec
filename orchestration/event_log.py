"""Dagster's record of events in SQLite, with one engine a file instead of one an event. Nothing of ours is in it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool


class EventLog(SqliteEventLogStorage):
    """A run over a range records an event for each asset and month: 1,900 for the 31 sample months.

    Dagster makes a new engine for each of them, which compiles each statement anew. Kept engines take the
    sample's run from 78 s to 41 s (2 cores).
    """

    def __init__(self, base_dir: str, inst_data=None) -> None:
        self._engines: dict[str, Engine] = {}
        self._open: dict[str, Connection] = {}
        self._last: dict[str, EventLogEntry] | None = None
        super().__init__(base_dir, inst_data)
        self._db_lock = threading.RLock()  # held for a batch, and asked for by each event of it

    @classmethod
    def from_config_value(cls, inst_data, config_value) -> "EventLog":
        """Made from dagster.yaml, as the class it extends."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard in self._open:
                yield self._open[shard]
                return
            if shard not in self._engines:
                self._engines[shard] = self._engine(shard)
            with self._engines[shard].connect() as connection, connection.begin():
                yield connection

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the months of an asset in one transaction a file, and of its last month that it is the last."""
        self._last = {self._asset(event): event for event in events}
        with self._db_lock, ExitStack() as transactions:
            try:
                for shard in {events[0].run_id, INDEX_SHARD_NAME}:
                    self._open[shard] = transactions.enter_context(self._connect(shard))
                for event in events:
                    self.store_event(event)
            finally:
                self._open, self._last = {}, None

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        if self._last is None or self._last[self._asset(event)] is event:
            super()._store_asset_event(conn, event, event_id)

    @staticmethod
    def _asset(event: EventLogEntry) -> str:
        return str(event.dagster_event and event.dagster_event.asset_key)

    def _engine(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        self._initdb(engine)
        # in WAL mode this syncs at checkpoints: a crash of the machine may lose the last events, never the file
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
        return engine
