"""A small pipeline for the soak: three extracts, five lines of a card, and the models' own SQL without dbt."""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest

from orchestration import editions, settings, warehouse, years
from orchestration.catalogue import sources as of_series
from orchestration.dbt import project
from orchestration.defs.partitions import partitions
from orchestration.raw.checks import contracts
from orchestration.raw.files import arrivals, folder
from orchestration.raw.landing import raw_schema, stale_deliveries
from orchestration.raw.sources import extracts
from orchestration.release import readiness
from orchestration.scorecard import mart
from orchestration.warehouse.versions import validation_version
from tests.rebuilt import ordered_models
from tests.release.releases import small_mart

NAMES = ("class_a_trafficking", "criminal_networks", "public_attitude_survey")
LINES = ("2c", "4b", "4d", "4d cocaine", "4d heroin")
YEAR = "2009/10"
EXTRACTS = tuple(extracts.BY_NAME[name] for name in NAMES)
TABLES = ("republished", "figures")
# the small catalogue has no peers, and no threshold under which counts are suppressed
EMPTY = ("peers_as_of", "peer_periods", "peer_ranks", "peers", "suppressed_months")


class Compiled(NamedTuple):
    """The dbt project as dbt compiles it: once, for every seed."""

    seeds: dict[str, dict[str, str]]  # the types of the columns of each table of the catalogue
    models: list[tuple[str, str, str]]  # relation, how it is kept, query: in the order of reading
    columns: dict[str, str]  # of each relation, with their types


def set_up(patch: pytest.MonkeyPatch, there: Path, everything: bool) -> None:
    """Point the project at a folder of its own, with the small catalogue and few extracts.

    And with few tables of a release and one small edition of a card, unless it writes `everything`.
    """
    patch.setenv("SCORECARD_RAW", str(there / "raw"))
    patch.setenv("SCORECARD_WAREHOUSE", str(there / "warehouse"))
    patch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    patch.setenv("SCORECARD_WAIT_SECONDS", "0")
    (there / "raw").mkdir(parents=True)
    for module in (arrivals, folder, readiness, stale_deliveries, of_series):
        patch.setattr(module, "EXTRACTS", EXTRACTS)
    limits = warehouse.limits()
    patch.setattr(warehouse, "limits", lambda: limits | {"threads": 1})  # tables of a few rows
    if everything:
        patch.setattr(editions.os, "cpu_count", lambda: 1)  # another process would not know of any of this
    else:
        small_mart(patch, *(name for name in TABLES if name in mart.TABLES))
        # a sixth of what writing a release costs; tests/release has what they say
        patch.setattr(warehouse, "comment_on", lambda *_, **__: None)
    _catalogue(settings.CATALOGUE, there / "reference")
    patch.setattr(settings, "CATALOGUE", there / "reference")
    as_in_a_new_process()


def as_in_a_new_process() -> None:
    """What a process knows of the catalogue from its start on is read again."""
    for known in (years.calendar, partitions, contracts.text_contract, contracts.typed_contract, validation_version):
        known.cache_clear()


def _catalogue(live: Path, small: Path) -> None:
    """The rows of the live catalogue that the lines need."""
    shutil.copytree(live, small)

    def keep(table: str, wanted: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
        rows = read_table(small, table)
        kept = [row for row in rows if wanted(row)]
        write_table(small, table, kept, list(rows[0]) if rows else [])
        return kept

    def of_lines(row: dict[str, str]) -> bool:
        return row["financial_year"] == YEAR and row["line"] in LINES and not row.get("peer_group")

    lines = keep("indicators", of_lines)
    for position, row in enumerate(lines, start=1):
        row["position"] = str(position)
    write_table(small, "indicators", lines, list(lines[0]))
    keep("figures", of_lines)
    keep("cards", lambda row: row["financial_year"] == YEAR)
    measures = {row["measure"] for row in lines}
    series = {row["series"] for row in keep("measures", lambda row: row["measure"] in measures)}
    keep("series", lambda row: row["series"] in series)
    for table in ("breaks", "definitions"):
        keep(table, lambda row: row["measure"] in measures)
    keep("definitions", lambda row: row["measure"] in measures)


def read_table(catalogue: Path, table: str) -> list[dict[str, str]]:
    with (catalogue / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(catalogue: Path, table: str, rows: list[dict[str, str]], header: list[str]) -> None:
    if header:
        with (catalogue / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def compiled(into: Path) -> Compiled:
    """Have dbt compile the project into a folder."""
    project.prepare()  # which writes what the declared sources are to dbt
    # the stem of the file is the name of the database in the SQL
    own = {
        "SCORECARD_DATABASE": str(into / "performance.duckdb"),
        "DBT_TARGET_PATH": str(into),
        "DBT_LOG_PATH": str(into / "logs"),
    }
    subprocess.run([project.EXECUTABLE, "--quiet", "compile"], env=os.environ | project.environment() | own, check=True)
    return read(into / "manifest.json", into / "run_results.json")


def read(manifest: Path, results: Path) -> Compiled:
    """What dbt has compiled."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    seeds = {node["name"]: node["config"]["column_types"] for node in nodes if node["resource_type"] == "seed"}
    columns = {
        node["relation_name"]: ", ".join(f"{name} {column['data_type']}" for name, column in node["columns"].items())
        for node in nodes
        if node["resource_type"] == "model"
    }
    return Compiled(seeds, ordered_models(manifest, results), columns)


def load_the_catalogue(connection: duckdb.DuckDBPyConnection, compiled: Compiled) -> None:
    """The tables of schema `reference`, as dbt makes them of the catalogue."""
    for schema in ("reference", "staging", "measures", "aggregates"):
        connection.execute(f"create schema if not exists {schema}")
    for table, types in compiled.seeds.items():
        if table == "calendar":
            connection.register("months", pl.DataFrame([years.row(month) for month in years.calendar()]))
            connection.execute("create or replace table reference.calendar as from months")
            continue
        file = settings.CATALOGUE / f"{table}.csv"
        with file.open(encoding="utf-8") as rows:
            header = next(csv.reader(rows))
        # an optional column may be missing; dbt finds the type of weights by itself, whole numbers here
        columns = json.dumps({column: types.get(column, "integer") for column in header})
        query = f"from read_csv({warehouse.literal(file)}, header = true, columns = {columns}, nullstr = '')"
        connection.execute(f"create or replace table reference.{table} as {query}")


def build(connection: duckdb.DuckDBPyConnection, compiled: Compiled, report_months: list[date]) -> None:
    """Make every model of the report months, as dbt would.

    But a view of report months is made as a table of these: views upon views take DuckDB longer to plan than to run.
    """
    warehouse.set_report_months(connection, report_months)
    if not warehouse.columns(connection, "raw", extracts.EXTRACTS[0].name):
        for extract in extracts.EXTRACTS:
            raw_schema.prepare(connection, extract)
    of_run = "report_month in (select month from run.report_months)"
    with warehouse.transaction(connection):
        for relation, kept, sql in compiled.models:
            if kept == "incremental" or relation.split('"')[-2] in EMPTY:
                connection.execute(f"create table if not exists {relation} ({compiled.columns[relation]})")
            if relation.split('"')[-2] in EMPTY:
                continue
            if kept == "incremental":
                connection.execute(f"delete from {relation} where {of_run}")
                connection.execute(f"insert into {relation} by name {sql}")
            elif kept == "view" and "report_month " in compiled.columns[relation]:
                connection.execute(f"create or replace table {relation} as from ({sql}) where {of_run}")
            elif kept == "view":
                connection.execute(f"create or replace view {relation} as {sql}")
            else:
                connection.execute(f"create or replace table {relation} as {sql}")
