"""Each delivery taken away in turn: what rested on it has no value and says why, or ends earlier; nothing is wrong.

The models' own SQL runs on a copy of the sample's warehouse, and the audit reckons each card again from the deliveries.
"""

import json
import random
import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import audit, card, settings
from orchestration.raw import vault
from orchestration.release import auditing
from tests.conftest import Built
from tests.torture.rooms import Outcome

CARDS = (date(2009, 1, 1), date(2009, 8, 1))
FIGURES = "select * from aggregates.figure_values where report_month in (select month from run.report_months)"
WINDOW = ("data_from", "data_to", "against_from", "against_to")
BUILT = {"report_months", "table"}
SEED = 2009


def run(times: int, sample: Built) -> Outcome:
    """Take so many deliveries away, each alone (all of them where there are fewer), and look at two cards."""
    with tempfile.TemporaryDirectory() as there:
        database = Path(there) / "performance.duckdb"  # the models name their database
        shutil.copy(sample.warehouse / "performance.duckdb", database)
        with duckdb.connect(str(database)) as connection, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
            models = _models(sample)
            base = _figures(connection, models)
            query = "select extract, delivery_month from raw.deliveries where status = 'loaded' order by all"
            deliveries = connection.execute(query).fetchall()
            random.Random(SEED).shuffle(deliveries)
            broken, moved = [], 0
            for extract, month in deliveries[:times]:
                found, wrong = _without(connection, models, base, extract, month)
                moved += found
                broken += [f"without {extract} {month:%Y-%m}: {says}" for says in wrong]
    tried = min(times, len(deliveries))
    return Outcome("each delivery taken away in turn", tried, broken, f"{moved:,} figures of two cards without a value")


def _models(sample: Built) -> list[tuple[str, str, str]]:
    """The tables that dbt builds, how, and their SQL, in the order in which they read each other."""
    dbt = sample.warehouse / "dbt"
    nodes = json.loads((dbt / "manifest.json").read_bytes())["nodes"]
    results = json.loads((dbt / "run" / "run_results.json").read_bytes())["results"]
    ran = {result["unique_id"]: result["compiled_code"] for result in results}
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
    built = [key for key in ordered if models[key]["config"]["materialized"] in BUILT]
    assert {models[key]["config"]["materialized"] for key in built} == BUILT
    return [(models[key]["relation_name"], models[key]["config"]["materialized"], ran[key]) for key in built]


def _figures(connection: duckdb.DuckDBPyConnection, models: list[tuple[str, str, str]]) -> pl.DataFrame:
    connection.execute("create or replace table run.report_months (month date)")
    connection.execute("insert into run.report_months select unnest(?::date[])", [list(CARDS)])
    for relation, kept, sql in models:
        of_these = "" if kept == "table" else "where report_month in (select month from run.report_months)"
        connection.execute(f"delete from {relation} {of_these}")
        connection.execute(f"insert into {relation} by name {sql}")
    return card.printed_figures(connection.sql(FIGURES).pl())


def _without(
    connection: duckdb.DuckDBPyConnection,
    models: list[tuple[str, str, str]],
    base: pl.DataFrame,
    extract: str,
    month: date,
) -> tuple[int, list[str]]:
    """How many figures lost their value, and what is wrong with the cards."""
    gone = "update raw.deliveries set status = ? where extract = ? and delivery_month = ?"
    connection.execute(gone, ["no delivery", extract, month])
    try:
        figures = _figures(connection, models)
        recomputed = audit.recompute(auditing.effective(connection), vault.content, list(CARDS), settings.CATALOGUE)
    finally:
        connection.execute(gone, ["loaded", extract, month])
    wrong = audit.differences(recomputed, figures.to_dicts())
    both = base.join(figures, on=["report_month", "line", "name"], suffix="_now")
    lost = 0
    for row in both.iter_rows(named=True):
        if row["value_now"] is None:
            lost += row["value"] is not None
            if not row["missing_reason_now"]:
                wrong.append(f"{row['line']} {row['name']} has no value and does not say why")
        elif row["value_now"] != row["value"] and row["report_month"] < month:
            wrong.append(f"{row['line']} {row['name']} of {row['report_month']:%Y-%m} changed, which came before")
    return lost, wrong
