"""The line of arrows, asserted on the graph that Dagster loads."""

import dagster as dg

from orchestration.definitions import defs
from orchestration.defs.partitions import partitions

LINE = ["run", "raw", "reference", "staging", "measures", "aggregates", "scorecard", "release"]
LISTED = [dg.AssetKey(["raw", name]) for name in ("deliveries", "quarantine")]
GRAPH = defs.resolve_asset_graph()
ASSETS = sorted(GRAPH.materializable_asset_keys, key=str)


def test_a_layer_reads_only_from_layers_before_it_or_its_own():
    def layer(key: dg.AssetKey) -> int:
        # the report months of the run and the lists of deliveries and problems are no assets: they are written beside
        return LINE.index(key.path[0] if key.path[0] == "run" or key in LISTED else GRAPH.get(key).group_name)

    reads = [(key, parent) for key in ASSETS for parent in GRAPH.get(key).parent_keys]
    assert [f"{key} reads {parent}" for key, parent in reads if layer(parent) > layer(key)] == []


def test_every_asset_says_what_it_is_and_runs_a_range_of_report_months_in_one_run():
    """All but the catalogue and staging, which hold every delivery and go by no month, are partitioned."""
    for key in ASSETS:
        node = GRAPH.get(key)
        assert node.partitions_def == (None if node.group_name in ("reference", "staging") else partitions()), key
        assert node.backfill_policy == dg.BackfillPolicy.single_run(), key
        assert node.description, key


def test_nothing_but_staging_reads_a_raw_table_and_only_the_release_its_list_of_deliveries():
    readers = {key for key in ASSETS for parent in GRAPH.get(key).parent_keys if GRAPH.get(parent).group_name == "raw"}
    assert {GRAPH.get(key).group_name for key in readers} == {"staging"}


def test_a_model_s_folder_is_its_group_and_its_schema():
    for key in ASSETS:
        if GRAPH.get(key).group_name not in ("raw", "release"):
            assert key.path[0] == GRAPH.get(key).group_name


def test_the_partitions_are_the_months_of_the_calendar():
    keys = partitions().get_partition_keys()
    assert (keys[0], keys[-1], len(keys)) == ("2007-02", "2010-03", 38)


def test_every_table_that_leaves_dbt_for_the_card_has_a_blocking_contract():
    blocking = {key.asset_key.path[-1] for key in GRAPH.asset_check_keys if key.name == "contract"}
    assert blocking == {"rolling_year", "year_to_date", "quarter", "figure_values"}
    assert all(GRAPH.get(key).blocking for key in GRAPH.asset_check_keys if key.name == "contract")
