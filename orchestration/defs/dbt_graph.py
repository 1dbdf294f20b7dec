"""The dbt project as Dagster's assets and checks: a model one asset, a data test one check."""

import json
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration import settings
from orchestration.dbt import project
from orchestration.defs.attributes import code_reference
from orchestration.defs.partitions import partitions
from orchestration.raw.sources.extracts import EXTRACTS

OF_NO_MONTH = ("reference", "staging")
OF_THE_RUN = "run"  # the schema that is written for dbt at the beginning of each run: none of its tables is an asset
MANIFEST = json.loads(project.manifest().read_bytes())
COLUMN_LINEAGE = json.loads(settings.COLUMN_LINEAGE.read_bytes())


class ByFolder(DagsterDbtTranslator):
    """A folder of the dbt project is a group of assets."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The asset of a model, seed or source, with its file and what each of its columns is computed from."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        path = settings.DBT_PROJECT / self.get_resource_props(manifest, unique_id)["original_file_path"]
        return spec.replace_attributes(
            deps=[dep for dep in spec.deps if dep.asset_key.path[0] != OF_THE_RUN],
            metadata={**spec.metadata, "dagster/code_references": code_reference(path), **_lineage(spec.key)},
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the folder right under models/, or the schema of the catalogue's tables."""
        return _layer(dbt_resource_props)

    def get_partitions_def(self, dbt_resource_props: Mapping[str, Any]) -> dg.PartitionsDefinition | None:
        """The report month; none for the catalogue and for staging, which hold every delivery."""
        return None if _layer(dbt_resource_props) in OF_NO_MONTH else partitions()


def _layer(node: Mapping[str, Any]) -> str:
    return node["schema"] if node["resource_type"] == "seed" else node["fqn"][1]


def _lineage(key: dg.AssetKey) -> dict[str, dg.TableColumnLineage]:
    """The columns that each column of a model is computed from; nothing for a seed or source.

    Known with the definition: working it out takes longer than building most models.
    """
    if key.path[-1] not in COLUMN_LINEAGE:
        return {}
    columns = {
        column: [dep for each in read if (dep := _column(each)).asset_key.path[0] != OF_THE_RUN]
        for column, read in COLUMN_LINEAGE[key.path[-1]]["columns"].items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(columns)}


def _column(name: str) -> dg.TableColumnDep:
    *table, column = name.split(".")
    return dg.TableColumnDep(dg.AssetKey(table), column)


# The sources of dbt that no asset makes alone: the lists to which each raw asset adds its deliveries and problems.
sources = [
    dg.AssetSpec(
        ByFolder().get_asset_key(source),
        deps=[dg.AssetKey(["raw", extract.name]) for extract in EXTRACTS],
        description=source["description"],
        group_name="raw",
        kinds={"duckdb"},
    )
    for source in MANIFEST["sources"].values()
    if source["source_name"] == "raw" and source["name"] not in {extract.name for extract in EXTRACTS}
]
# The model or seed of dbt behind each asset.
NODES = {
    ByFolder().get_asset_key(node): unique_id
    for unique_id, node in MANIFEST["nodes"].items()
    if node["resource_type"] in ("model", "seed")
}
# The test of dbt behind each check, as dagster-dbt names them: by the model that the test is attached to.
CHECKS = {
    dg.AssetCheckKey(ByFolder().get_asset_key(MANIFEST["nodes"][node["attached_node"]]), node["name"]): unique_id
    for unique_id, node in MANIFEST["nodes"].items()
    if node["resource_type"] == "test" and node.get("attached_node") in MANIFEST["nodes"]
}
