import json

import pytest

from orchestration import settings
from orchestration.dbt import project
from tests import column_lineage, lineage, reference

SCHEMA = {"raw": {"a": {"place": "text", "month": "date", "value": "int"}, "b": {"value": "int", "place": "text"}}}
COLUMNS = {
    "a column by another name": ("select value as v from raw.a", {"v": ["raw.a.value"]}),
    "through a step": (
        "with step as (select * from raw.a) select value + 1 as v, 1 as one from step",
        {"v": ["raw.a.value"], "one": []},
    ),
    "a union by name": (
        "with both as (select value, place from raw.b union all by name select place from raw.a) "
        "select both.place, both.value from both",
        {"place": ["raw.a.place", "raw.b.place"], "value": ["raw.b.value"]},
    ),
    "a named window": (
        "select rank() over ranked as r from raw.a window ranked as (partition by place order by value)",
        {"r": ["raw.a.place", "raw.a.value"]},
    ),
    "a word of DuckDB's own": ("select place as force from raw.a where 1 = 1", {"force": ["raw.a.place"]}),
}


def test_the_page_of_the_lineage_is_current():
    project.prepare()

    assert lineage.PAGE.read_text(encoding="utf-8") == lineage.page(), "run make lineage"


def test_the_reference_by_example_is_current():
    there = {path.name: path.read_text(encoding="utf-8") for path in reference.FOLDER.iterdir()}
    assert there == reference.pages(), "run make reference"


@pytest.mark.parametrize(("sql", "read"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_is_computed_from(sql, read):
    assert column_lineage.columns({"compiled_code": sql}, SCHEMA) == read


def test_the_lineage_of_columns_is_that_of_the_models_as_they_are():
    project.prepare()
    manifest = json.loads(project.manifest().read_bytes())
    kept = json.loads(settings.COLUMN_LINEAGE.read_bytes())
    assert column_lineage.changed(manifest, kept) == [], "run make lineage"
    schemas = column_lineage.schemas(manifest)
    for name, model in column_lineage.models(manifest).items():
        columns = kept[name]["columns"]
        assert columns.keys() >= model["columns"].keys(), name
        for read in (each.split(".") for found in columns.values() for each in found):
            assert read[2] in schemas[read[0]][read[1]], f"{name} reads {read}"
