"""Deliveries landed as Parquet, a file each: the tables of schema `raw` where a cluster runs the models.

Each extract is opened in a temporary database of its own. Extracts share no file and no lock, so each may be landed by
another process, or on another machine that sees the same folder.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration import months, settings, warehouse
from orchestration.raw.landing import known_months, raw_schema, raw_tables
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.warehouse import files, run_lock

LISTS = {"deliveries": raw_schema.DELIVERIES, "quarantine": raw_schema.QUARANTINE}
# a folder without rows still needs a file with the columns
NONE = "none.parquet"


@contextmanager
def opened(extract: Extract, first: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the raw tables of one extract, as `raw_tables` expects them; write at the end what changed.

    Only the rows that deliveries from the month `first` on are first compared with are loaded; those of other months
    are a view, read for a delivery that restates one of theirs.
    Raises run_lock.InUse.
    """
    with (
        run_lock.held(f"the landing of {extract.name}", _lock(extract.name)),
        duckdb.connect(config=warehouse.limits()) as connection,
    ):
        prepare(extract)
        raw_schema.prepare(connection, extract)
        for table in LISTS:
            if _list(table, extract).exists():
                _load(connection, table, _list(table, extract))
        before = raw_tables.listed(connection, extract)
        looked_at = _looked_at(before, first)
        for month in looked_at:
            if _rows(extract, month).exists():
                _load(connection, extract.name, _rows(extract, month))
        others = [str(_rows(extract, month)) for month in before if month not in looked_at]
        _view(connection, extract, [path for path in others if Path(path).exists()])
        yield connection
        _keep(connection, extract, before)


@contextmanager
def unchanged() -> Iterator[None]:
    """Prevent the landing of deliveries while a run reads them. Raises run_lock.InUse."""
    with ExitStack() as held:
        for extract in EXTRACTS:
            held.enter_context(run_lock.held("a run on the cluster", _lock(extract.name)))
            prepare(extract)
        yield


def prepare(extract: Extract) -> None:
    """Create the folder of an extract; empty it where its contract changed."""
    for table, its in LISTS.items():
        if not _has(folder(table) / NONE, its):  # the list is kept, and written with the new columns
            _write_nothing(folder(table) / NONE, its)
    nothing = folder(extract.name) / NONE
    if _has(nothing, raw_schema.columns(extract)):
        return
    for path in (*(_list(table, extract) for table in LISTS), *folder(extract.name).glob("*.parquet")):
        path.unlink(missing_ok=True)
    _write_nothing(nothing, raw_schema.columns(extract))


def folder(table: str) -> Path:
    """The folder of the Parquet files of a raw table."""
    return settings.landed() / "raw" / table


def _keep(connection: duckdb.DuckDBPyConnection, extract: Extract, before: dict[date, dict]) -> None:
    """Write what changed: off the list first, so that a crash leaves a month not delivered, never half of each."""
    now = raw_tables.listed(connection, extract)
    changed = [month for month in {*before, *now} if _of_its_rows(before.get(month)) != _of_its_rows(now.get(month))]
    of_months = "not list_contains(?::date[], delivery_month)"
    if any(month in before for month in changed):
        _write(connection, "deliveries", _list("deliveries", extract), of_months, [changed])
    for month in changed:
        if now.get(month, {}).get("rows_loaded"):
            _write(connection, extract.name, _rows(extract, month), "delivery_month = ?", [month])
        else:
            _rows(extract, month).unlink(missing_ok=True)
    for table in reversed(LISTS):
        _write(connection, table, _list(table, extract))


def _of_its_rows(line: dict | None) -> dict | None:
    """What a line of the list records of the rows, which for most months are not loaded."""
    return line and {name: value for name, value in line.items() if name not in raw_schema.FILE_COLUMNS}


def _looked_at(listed: dict[date, dict], first: date) -> list[date]:
    """The months from the last effective one before `first`, or before an earlier one that never counted."""
    counts = {month for month, line in listed.items() if line["status"] in raw_tables.EFFECTIVE}
    judged = min([first, *(set(listed) - counts)])
    since = max((month for month in counts if month < judged), default=judged)
    return [month for month in listed if month >= since]


def _list(table: str, extract: Extract) -> Path:
    return folder(table) / f"{extract.name}.parquet"


def _rows(extract: Extract, month: date) -> Path:
    return folder(extract.name) / f"{months.key(month)}.parquet"


def _lock(name: str) -> Path:
    return settings.landed() / f"{name}.lock"


def _load(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    connection.execute(f'insert into raw."{table}" by name select * from read_parquet({warehouse.literal(path)})')


def _view(connection: duckdb.DuckDBPyConnection, extract: Extract, paths: list[str]) -> None:
    """The rows that are not loaded, as known_months reads them."""
    if paths:
        files = ", ".join(warehouse.literal(path) for path in paths)
        name = f'raw."{extract.name}{known_months.NOT_LOADED}"'
        connection.execute(f"create view {name} as select * from read_parquet([{files}])")


def _write(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, rows: str = "true", values: list | None = None
) -> None:
    with files.replacing(path) as made:
        selected = f'select * from raw."{table}" where {rows}'
        connection.execute(f"copy ({selected}) to {warehouse.literal(made)} (format parquet)", values or [])


def _write_nothing(path: Path, columns: Iterable[tuple]) -> None:
    nulls = ", ".join(f"cast(null as {kind}) as {name}" for name, kind, _ in columns)
    with duckdb.connect() as connection, files.replacing(path) as made:
        connection.execute(f"copy (select {nulls} limit 0) to {warehouse.literal(made)} (format parquet)")


def _has(path: Path, columns: Iterable[tuple[str, str, str]]) -> bool:
    """Whether a file exists and has these columns."""
    if not path.exists():
        return False
    with duckdb.connect() as connection:
        described = connection.execute(f"describe select * from read_parquet({warehouse.literal(path)})").fetchall()
    return [(name, kind) for name, kind, *_ in described] == [(name, kind) for name, kind, _ in columns]
