"""The declarations of sources as files of the Open Data Contract Standard."""

import json
from importlib import resources

import jsonschema
import pytest
import yaml

from orchestration.cli import data_contracts
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS


@pytest.fixture(scope="module")
def schema() -> dict:
    """The schema of the standard as it is published."""
    return json.loads((resources.files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))


def test_every_source_is_a_contract_by_the_standard_s_own_schema(tmp_path, schema):
    written = data_contracts.write(tmp_path / "contracts")
    assert [path.name for path in written] == [f"{extract.name}.odcs.yaml" for extract in EXTRACTS]
    for path in written:
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert contract["apiVersion"] in schema["properties"]["apiVersion"]["enum"]
        jsonschema.validate(contract, schema, format_checker=jsonschema.FormatChecker())


def test_a_contract_has_the_key_the_words_and_the_bounds_that_are_declared():
    (table,) = data_contracts.contract(BY_NAME["weapon_enabled_crime"])["schema"]
    columns = {it["name"]: it for it in table["properties"]}
    assert {name: it.get("primaryKeyPosition") for name, it in columns.items()} == {
        "month": 1,
        "borough": 2,
        "weapon": 3,
        "offences": None,
    }
    assert columns["offences"]["logicalTypeOptions"] == {"minimum": 0, "maximum": 1000}
    (words,) = columns["weapon"]["quality"]
    assert words["arguments"]["validValues"] == [*BY_NAME["weapon_enabled_crime"].column("weapon").all_words]
