"""A small warehouse of made-up cards, for tests that publish: what it holds, and what readers see of its releases."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import editions, months, release, settings
from orchestration.dbt import project
from orchestration.editions.reading import Reading
from orchestration.raw.landing import raw_schema
from orchestration.scorecard import contracts, mart
from orchestration.warehouse import files, transaction

JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2009, month, 1) for month in (7, 8, 9, 10))
PAGE = "index.html"
FULL, VIEWS = mart.TABLES, mart.VIEWS
# one table of each sort, for the tests that need no more: publishing takes half the time; notices read the last three
OF_NOTICES = ("changes", "measure_sources", "definitions")
SMALL = {name: FULL[name] for name in ("scorecard", "rolling_year", "deliveries", *OF_NOTICES)}


def small_mart(patch: pytest.MonkeyPatch, *more: str) -> None:
    """Few tables and one small edition; the real ones have tests of their own."""
    patch.setattr(mart, "TABLES", SMALL | {name: FULL[name] for name in more})
    patch.setattr(mart, "VIEWS", {})
    patch.setattr(Reading, "card", lambda reading, report_month: (reading.release, report_month))
    patch.setattr(editions, "EDITIONS", (lambda card, folder: (folder / PAGE).write_text(f"{card}"),))
    patch.setattr(editions.os, "cpu_count", lambda: 1)  # another process would not know of any of this
    patch.setattr(editions.site, "write_front", lambda reading, folder: None)


def full_mart(patch: pytest.MonkeyPatch) -> None:
    """Every table and view, and one small edition."""
    small_mart(patch, *FULL)
    patch.setattr(mart, "VIEWS", VIEWS)


def make_empty(database: Path) -> None:
    """A working database with every table a release takes, and nothing in them but a card with two lines."""
    nodes = json.loads(project.manifest().read_bytes())["nodes"].values()
    of_dbt = {f"{node['schema']}.{node['name']}": node for node in nodes if node["resource_type"] in ("model", "seed")}
    with duckdb.connect(str(database)) as connection, transaction(connection):
        for relation in sorted({*(table.relation for table in mart.TABLES.values()), "measures.suppressed_months"}):
            if node := of_dbt.get(relation):
                types = node["config"].get("column_types", {})
                columns = [
                    # dbt finds the type of a weight by itself: a whole number where all are
                    (name, column["data_type"] or types.get(name, "integer"), column["description"])
                    for name, column in node["columns"].items()
                ]
                _create(connection, relation, node["description"], columns)
        _create(connection, "raw.deliveries", "one row per extract and month of delivery", raw_schema.DELIVERIES)
        connection.execute("create schema scorecard")
        for table in contracts.SCORECARD:
            connection.register("made", pl.DataFrame(schema=contracts.types(table, *contracts.OF_A_RELEASE)))
            connection.execute(f"create table scorecard.{table} as from made")
        connection.execute("insert into reference.cards by name select '2009/10' as financial_year, 'A card' as title")
        connection.execute(
            "insert into aggregates.indicators_as_of by name "
            "select month as report_month, '2009/10' as financial_year, position, line "
            "from unnest([date '2009-07-01', '2009-08-01']) as months(month), "
            "(values (1, '4a'), (2, '4b')) as lines(position, line)"
        )


def _create(connection: duckdb.DuckDBPyConnection, relation: str, description: str, columns: list) -> None:
    connection.execute(f"create schema if not exists {relation.partition('.')[0]}")
    connection.execute(f"create table {relation} ({', '.join(f'{name} {kind}' for name, kind, _ in columns)})")
    connection.execute(f"comment on table {relation} is {_literal(description)}")
    for name, _, about in columns:
        connection.execute(f"comment on column {relation}.{name} is {_literal(about)}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def hold(
    *report_months: date, offences: int = 100, latest: str = "-5.1%", lines: tuple[str, ...] = ("4a", "4b")
) -> None:
    """Make the warehouse hold these report months, whatever it held for them before."""
    card, figures = [], []
    for month in report_months:
        for place, line in enumerate(lines, start=1):
            card.append(
                {
                    "report_month": month,
                    "financial_year": "2009/10",
                    "position": place,
                    "line": line,
                    "section": "Safety",
                    "title": f"What {line} is about",
                    "value": -0.051 if line == "4a" else 425.0,
                    "latest": latest if line == "4a" else "425",
                    "status": "G",
                    "status_reason": f"{latest} meets the target",
                    "provisional": False,
                    "summary": f"{latest} meets the target",
                }
            )
            figures.append({"report_month": month, "line": line, "name": "latest", "printed": latest})
    made = {"scorecard": card, "figures": figures}
    gone = "where list_contains(?::date[], report_month)"
    with duckdb.connect(str(settings.database())) as connection, transaction(connection):
        for table, rows in made.items():
            connection.execute(f"delete from scorecard.{table} {gone}", [report_months])
            connection.register("made", pl.DataFrame(rows, schema=contracts.types(table, *contracts.OF_A_RELEASE)))
            connection.execute(f"insert into scorecard.{table} by name from made")
        for table in ("aggregates.rolling_year", "aggregates.year_to_date", "measures.monthly_measures"):
            connection.execute(f"delete from {table} {gone}", [report_months])
            connection.execute(
                f"insert into {table} by name select unnest(?::date[]) as report_month, 'robbery' as measure, "
                "'Barnet' as area, report_month as month, ?::decimal(18, 2) as numerator",
                [report_months, offences],
            )
        connection.execute(
            "insert into raw.deliveries by name select 'recorded_crime' as extract, month as delivery_month "
            "from (select unnest(?::date[]) as month) anti join raw.deliveries on month = delivery_month",
            [report_months],
        )


def change(*statements: str) -> None:
    """Change the warehouse by SQL."""
    with duckdb.connect(str(settings.database())) as connection:
        for sql in statements:
            connection.execute(sql)


def read(sql: str, name: str | Path = "current") -> list[tuple]:
    """What a reader sees, of the current release or of one by its name or folder."""
    with duckdb.connect(str(folder(name) / release.DATABASE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def folder(name: str | Path = "current") -> Path:
    if isinstance(name, Path):
        return name
    return settings.current() if name == "current" else settings.releases() / name


def page(month: str, name: str = "current") -> Path:
    return folder(name) / "cards" / month / PAGE


def manifest(name: str | Path = "current") -> dict:
    return json.loads((folder(name) / release.MANIFEST).read_text(encoding="utf-8"))


def names() -> list[str]:
    return sorted(folder.name for folder in settings.releases().iterdir())


def contents(name: str) -> dict[str, tuple[bytes, int]]:
    """Every file of a release, byte by byte, and when it was written."""
    return {it: ((folder(name) / it).read_bytes(), its.st_mtime_ns) for it, its in files.within(folder(name)).items()}


def assert_whole(folder: Path) -> None:
    """A release that holds what its manifest says, sealed, and nothing else."""
    said = json.loads((folder / release.MANIFEST).read_text(encoding="utf-8"))
    assert said["release"] == folder.name
    cards = [f"cards/{months.key(month)}/{PAGE}" for (month,) in read("select report_month from editions", folder.name)]
    there = files.within(folder)
    assert list(there) == sorted([*cards, release.DATABASE, release.MANIFEST, release.NOTICES])
    assert not any(its.st_mode & 0o222 for its in there.values())
    for name, digest in said["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    counted = " union all ".join(f"select '{table}', count(*) from {table}" for table in said["tables"])
    assert dict(read(counted, folder.name)) == {table: it["rows"] for table, it in said["tables"].items()}


class Stopped(BaseException):
    """Stands for whatever may go wrong: not even an Exception, as an interrupt is none."""


def stop(*_: object) -> None:
    """In the place of a step of publishing: the process dies there."""
    raise Stopped


def failing(error: Exception) -> Callable:
    """In the place of a step of publishing: it fails."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
