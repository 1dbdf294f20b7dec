"""What the dbt project says of itself: every model, seed and column in words, and who reads them."""

import json
import shutil
from pathlib import Path

import pytest

from orchestration.catalogue.tables import MAY_LACK
from orchestration.scorecard import mart
from tests.conftest import Built

FILES = {"release_database", "card_page", "card_workbook", "card_document", "release_tables", "notices"}


@pytest.fixture(scope="module")
def docs(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the documentation that `dbt docs generate` makes of the project and a copy of the sample."""
    folder = tmp_path_factory.mktemp("docs")
    database = folder / "performance.duckdb"
    shutil.copy(sample.warehouse / "performance.duckdb", database)
    done = sample.dbt(database, folder, "docs", "generate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "index.html").stat().st_size > 100_000
    return folder


@pytest.fixture(scope="module")
def manifest(docs: Path) -> dict:
    return json.loads((docs / "manifest.json").read_bytes())


@pytest.fixture(scope="module")
def tables(docs: Path) -> dict[str, dict]:
    """What the database has: by unique id, each model and seed with its columns and comments."""
    return json.loads((docs / "catalog.json").read_bytes())["nodes"]


def test_the_docs_show_every_model_and_seed(manifest: dict, tables: dict):
    nodes = {key for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    assert nodes == set(tables)
    assert len(nodes) > 40


def test_every_model_and_seed_and_each_of_their_columns_is_described(manifest: dict, tables: dict):
    for key, table in tables.items():
        said = manifest["nodes"][key]
        assert said["description"], key
        may_lack = MAY_LACK.get(said["name"], set()) if said["resource_type"] == "seed" else set()
        assert set(said["columns"]) - may_lack <= set(table["columns"]) <= set(said["columns"]), key
        assert [name for name, column in said["columns"].items() if not column["description"]] == [], key


def test_what_the_project_says_stands_in_the_database(manifest: dict, tables: dict):
    for key, table in tables.items():
        said = manifest["nodes"][key]
        assert table["metadata"]["comment"] == said["description"], key
        for name, column in table["columns"].items():
            assert column["comment"] == said["columns"][name]["description"], f"{key}, {name}"


def test_there_is_an_exposure_for_every_sort_of_file_of_a_release_and_each_says_whose_it_is(manifest: dict):
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert set(exposures) == FILES
    for exposure in exposures.values():
        assert exposure["description"]
        assert exposure["label"]
        assert exposure["owner"]["name"]
        assert exposure["maturity"] in ("high", "medium", "low")


def test_an_exposure_depends_on_exactly_what_the_release_copies(manifest: dict):
    known = manifest["nodes"] | manifest["sources"]
    # the card's own tables are made in Python, of these and of models that stay in the warehouse
    copied = {table.relation for table in mart.TABLES.values() if not table.relation.startswith("scorecard.")}
    assert len(copied) > 10
    for exposure in manifest["exposures"].values():
        of_dbt = [known[key] for key in exposure["depends_on"]["nodes"]]
        assert {f"{node['schema']}.{node['name']}" for node in of_dbt} == copied
