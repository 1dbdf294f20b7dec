"""The models' own SQL on a copy of the sample's warehouse, for the tests that change what it holds."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest

from orchestration import audit, settings
from orchestration.raw.files import vault
from orchestration.release import auditing
from orchestration.scorecard import contracts, scoring
from tests.conftest import Built

BUILT = {"incremental", "table"}


class Rebuilt(NamedTuple):
    """A copy of the warehouse, open, and the tables that dbt builds: how, and their SQL, in the order of reading."""

    connection: duckdb.DuckDBPyConnection
    models: list[tuple[str, str, str]]
    catalogue: Path

    def scored(self, report_months: Sequence[date]) -> dict[str, pl.DataFrame]:
        """The tables that a run would publish of these cards, each as its contract allows it."""
        self.connection.execute("create or replace table run.report_months (month date)")
        self.connection.execute("insert into run.report_months select unnest(?::date[])", [list(report_months)])
        for relation, kept, sql in self.models:
            of_these = "" if kept == "table" else "where report_month in (select month from run.report_months)"
            self.connection.execute(f"delete from {relation} {of_these}")
            self.connection.execute(f"insert into {relation} by name {sql}")
        made = scoring.tables({name: self.connection.sql(query).pl() for name, query in scoring.INPUTS.items()}, {})
        for table, frame in made.items():
            schema = contracts.SCORECARD[table]
            schema = schema.remove_columns([name for name in contracts.OF_A_RELEASE if name in schema.columns])
            schema.validate(frame.select(list(schema.columns)), lazy=True)
        return made

    def recomputed(
        self,
        report_months: Sequence[date],
        content: Callable[[str], bytes] = vault.content,
        catalogue: Path | None = None,
    ) -> dict:
        """Every figure of these cards as the audit has it, from the deliveries in the vault."""
        effective = auditing.effective(self.connection)
        catalogue = catalogue or self.catalogue
        return audit.recompute(effective, content, list(report_months), catalogue, settings.ORGANISATION).figures

    @contextmanager
    def without(self, where: str) -> Iterator[None]:
        """As if the deliveries that an SQL condition names had not come."""
        query = f"select extract, delivery_month, status from raw.deliveries where status = 'loaded' and ({where})"
        gone = self.connection.execute(query).fetchall()
        set_status = "update raw.deliveries set status = ? where extract = ? and delivery_month = ?"
        for extract, month, _ in gone:
            self.connection.execute(set_status, ["no delivery", extract, month])
        try:
            yield
        finally:
            for extract, month, status in gone:
                self.connection.execute(set_status, [status, extract, month])


@contextmanager
def rebuilt(sample: Built) -> Iterator[Rebuilt]:
    """A copy of the sample's warehouse, gone afterwards; its vault is the sample's."""
    with tempfile.TemporaryDirectory() as there:
        database = Path(there) / "performance.duckdb"  # the models name their database
        shutil.copy(sample.warehouse / "performance.duckdb", database)
        with duckdb.connect(str(database)) as connection, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
            yield Rebuilt(connection, models_of(sample), sample.catalogue)


def models_of(sample: Built) -> list[tuple[str, str, str]]:
    dbt = sample.warehouse / "dbt"
    models = ordered_models(dbt / "manifest.json", dbt / "run" / "run_results.json")
    built = [model for model in models if model[1] in BUILT]
    assert {kept for _, kept, _ in built} == BUILT
    return built


def ordered_models(manifest: Path, results: Path) -> list[tuple[str, str, str]]:
    """Every model of a dbt project that dbt ran or compiled, in the order of reading: relation, how it is kept, SQL."""
    nodes = json.loads(manifest.read_bytes())["nodes"]
    compiled = {result["unique_id"]: result["compiled_code"] for result in json.loads(results.read_bytes())["results"]}
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    ordered: list[str] = []

    def put(key: str) -> None:
        for before in models[key]["depends_on"]["nodes"]:
            if before in models and before not in ordered:
                put(before)
        if key not in ordered:
            ordered.append(key)

    for key in models:
        put(key)
    return [
        (models[key]["relation_name"], models[key]["config"]["materialized"], compiled.get(key) or "")
        for key in ordered
    ]
