"""The line of arrows, asserted on the graph that Dagster loads."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs import dbt, dbt_graph, raw, release, scorecard
from orchestration.defs.attributes import NoOwner, with_owners_and_code
from orchestration.defs.partitions import partitions

LINE = ["raw", "reference", "staging", "measures", "aggregates", "scorecard", "release"]
GRAPH = defs.resolve_asset_graph()
ASSETS = sorted(GRAPH.materializable_asset_keys, key=str)


def test_a_layer_reads_only_from_layers_before_it_or_its_own():
    def layer(key: dg.AssetKey) -> int:
        return LINE.index(GRAPH.get(key).group_name)

    reads = [(key, parent) for key in ASSETS for parent in GRAPH.get(key).parent_keys]
    assert [f"{key} reads {parent}" for key, parent in reads if layer(parent) > layer(key)] == []


def test_every_asset_is_described_and_nothing_that_one_reads_is_a_stub():
    for key in GRAPH.get_all_asset_keys():
        assert GRAPH.get(key).description, key
        assert GRAPH.get(key).group_name in LINE, key


def test_a_run_covers_a_range_of_report_months():
    """All but the catalogue and staging, which hold every delivery and go by no month, are partitioned."""
    for key in ASSETS:
        node = GRAPH.get(key)
        assert node.partitions_def == (None if node.group_name in ("reference", "staging") else partitions()), key
        assert node.backfill_policy == dg.BackfillPolicy.single_run(), key


def test_nothing_but_staging_reads_a_raw_table_and_only_the_release_its_list_of_deliveries():
    readers = {key for key in ASSETS for parent in GRAPH.get(key).parent_keys if GRAPH.get(parent).group_name == "raw"}
    assert {GRAPH.get(key).group_name for key in readers} == {"staging"}


def test_a_model_s_folder_is_its_group_and_its_schema():
    for key in ASSETS:
        if GRAPH.get(key).group_name not in ("raw", "release"):
            assert key.path[0] == GRAPH.get(key).group_name


def with_settings(monkeypatch, **settings) -> dict[dg.AssetKey, dg.AssetSpec]:
    for name, value in settings.items():
        monkeypatch.setenv(f"SCORECARD_{name}", value)
    assets = with_owners_and_code([*raw.assets, *dbt_graph.sources, dbt.models, scorecard.scorecard, release.published])
    specs = [spec for asset in assets for spec in ([asset] if isinstance(asset, dg.AssetSpec) else asset.specs)]
    return {spec.key: spec for spec in specs}


def test_every_asset_has_the_owners_of_the_settings(monkeypatch):
    specs = with_settings(monkeypatch, OWNERS="team:performance, analyst@force.uk")
    assert {tuple(spec.owners) for spec in specs.values()} == {("team:performance", "analyst@force.uk")}
    assert specs.keys() == GRAPH.get_all_asset_keys()


@pytest.mark.parametrize("owner", ["performance", "team:", "@force.uk", "analyst@"])
def test_an_owner_that_is_neither_an_address_nor_a_team_is_refused(monkeypatch, owner):
    with pytest.raises(NoOwner, match=f"SCORECARD_OWNERS: '{owner}' is neither"):
        with_settings(monkeypatch, OWNERS=f"team:performance,{owner}")


def references(metadata):
    return [each.source for each in metadata["dagster/code_references"].code_references]


def test_every_asset_refers_to_the_code_that_makes_it():
    for key in ASSETS:
        files = [Path(source.partition(":")[0]) for source in references(GRAPH.get(key).metadata)]
        assert files and all(file.is_file() for file in files), key
        of_dbt = [file.stem for file in files if file.suffix in (".sql", ".csv")]
        assert of_dbt == ([key.path[-1]] if key in dbt_graph.NODES else []), key


def test_each_column_of_a_model_names_the_columns_of_assets_that_it_is_computed_from():
    for key in dbt_graph.NODES:
        if key.path[0] == "reference":
            continue
        columns = GRAPH.get(key).metadata["dagster/column_lineage"].deps_by_column
        assert {dep.asset_key for deps in columns.values() for dep in deps} <= GRAPH.get(key).parent_keys, key
        assert any(columns.values()), key


def test_with_a_repository_the_references_are_its_pages(monkeypatch):
    specs = with_settings(monkeypatch, REPOSITORY="https://github.com/force/scorecard", BRANCH="v1")
    page = "https://github.com/force/scorecard/tree/v1/"
    assert references(specs[dg.AssetKey(["reference", "areas"])].metadata)[0] == (
        f"{page}tests/golden/catalogue/areas.csv"
    )
    for key in ASSETS:
        assert all(source.startswith(page) for source in references(specs[key].metadata)), key


def test_the_partitions_are_the_months_of_the_calendar():
    keys = partitions().get_partition_keys()
    assert (keys[0], keys[-1], len(keys)) == ("2007-02", "2010-03", 38)


def test_every_table_that_leaves_dbt_for_the_card_has_a_blocking_contract():
    blocking = {key.asset_key.path[-1] for key in GRAPH.asset_check_keys if key.name == "contract"}
    assert blocking == {"rolling_year", "year_to_date", "quarter", "figure_values"}
    assert all(GRAPH.get(key).blocking for key in GRAPH.asset_check_keys if key.name == "contract")
