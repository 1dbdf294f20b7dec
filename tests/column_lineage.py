"""dbt_project/column_lineage.json: which columns each column of a model is computed from; `make lineage` writes it."""

import copy
import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError
from sqlglot.lineage import lineage
from sqlglot.optimizer import build_scope
from sqlglot.optimizer.qualify import qualify

from orchestration import settings
from orchestration.dbt import project
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.extracts import EXTRACTS

# sqlglot reads every name of DuckDB but `force`, which is a word of DuckDB's own to it
DIALECTS = "duckdb", "postgres"


def digest(manifest: dict, model: dict) -> str:
    """Names what the lineage of a model follows from: its SQL with its macros, and the columns of what it reads."""
    read = [(manifest["nodes"] | manifest["sources"])[key] for key in sorted(model["depends_on"]["nodes"])]
    macros = [manifest["macros"][key]["macro_sql"] for key in sorted(_macros(manifest, model))]
    made_from = [model["raw_code"], *macros, *(f"{node['name']} {sorted(node['columns'])}" for node in (model, *read))]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:12]


def _macros(manifest: dict, node: dict) -> set[str]:
    """The macros of the project that a model or macro uses."""
    used = {key for key in node["depends_on"]["macros"] if key.startswith("macro.scorecard.")}
    return used.union(*(_macros(manifest, manifest["macros"][key]) for key in used))


def models(manifest: dict) -> dict[str, dict]:
    """The models by name, in order."""
    found = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: node for node in sorted(found, key=lambda node: node["name"])}


def changed(manifest: dict, kept: dict) -> list[str]:
    """The models that changed since their lineage was written."""
    return [name for name, model in models(manifest).items() if kept.get(name, {}).get("of") != digest(manifest, model)]


def columns(model: dict, schema: dict) -> dict[str, list[str]]:
    """The columns of tables, as schema.table.column, that each column of a compiled model is computed from."""
    for dialect in DIALECTS:
        try:
            tree = parse_one(model["compiled_code"], dialect=dialect)
            break
        except ParseError:
            if dialect == DIALECTS[-1]:
                raise
    for select in tree.find_all(exp.Select):
        _spell_out_windows(select)
    tree = qualify(tree, schema=schema, dialect=dialect, validate_qualify_columns=False, identify=False)
    for union in list(tree.find_all(exp.SetOperation)):
        if union.args.get("by_name") and not isinstance(union.parent, exp.SetOperation):
            _order(union)
    scope = build_scope(tree)
    found: dict[str, set[str]] = {name: set() for name in tree.named_selects}
    for name, read in found.items():
        for node in lineage(name, tree, schema=schema, scope=scope, dialect=dialect, copy=False).walk():
            table = node.expression.find(exp.Table)
            if table and not node.downstream:
                read.add(f"{table.db}.{table.name}.{exp.to_column(node.name).name}")
    return {name: sorted(read) for name, read in found.items()}


def _spell_out_windows(select: exp.Select) -> None:
    """Put what a named window goes by where the window is used."""
    named = {window.name: window for window in select.args.get("windows") or []}
    for window in select.find_all(exp.Window):
        if window.alias in named and window is not named[window.alias]:
            for part in ("partition_by", "order"):
                window.set(part, copy.deepcopy(named[window.alias].args.get(part)))


def _order(union: exp.SetOperation) -> None:
    """Give each part of a union by name the same columns in the same order, as what follows goes by their place."""
    parts = _parts(union)
    names = list(dict.fromkeys(name for part in parts for name in part.named_selects))
    for part in parts:
        of_part = {each.alias_or_name: each for each in part.selects}
        part.set("expressions", [of_part.get(name) or exp.alias_(exp.null(), name) for name in names])


def _parts(query: exp.Expression) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return [*_parts(query.this), *_parts(query.expression)]
    return [query.unnest()]


def schemas(manifest: dict) -> dict[str, dict[str, dict[str, str]]]:
    """The columns of every table, by schema and table, with their types."""
    found: dict[str, dict] = {"raw": {each.name: _types(raw_schema.columns(each)) for each in EXTRACTS}}
    found["raw"] |= {"deliveries": _types(raw_schema.DELIVERIES)}
    for node in (*manifest["nodes"].values(), *manifest["sources"].values()):
        if node["resource_type"] in ("model", "seed", "source") and node["columns"]:
            found.setdefault(node["schema"], {})[node["name"]] = dict.fromkeys(node["columns"], "text")
    return found


def _types(table: list[tuple[str, str, str]]) -> dict[str, str]:
    return {name: kind for name, kind, _ in table}


def compiled() -> dict:
    """The manifest with every model's SQL as dbt compiles it, without a database."""
    with tempfile.TemporaryDirectory() as folder:
        own = {project.TARGET: "dev", "SCORECARD_DEV_DATABASE": ":memory:", "DBT_LOG_PATH": folder}
        subprocess.run(
            [project.EXECUTABLE, "--quiet", "compile", "--target-path", folder],
            env=os.environ | project.environment() | own,
            check=True,
        )
        return json.loads((Path(folder) / "manifest.json").read_bytes())


def write() -> None:
    """Write the lineage of the models again, if one of them changed."""
    path = settings.COLUMN_LINEAGE
    kept = json.loads(path.read_bytes()) if path.exists() else {}
    manifest = json.loads(project.manifest().read_bytes())
    stale = changed(manifest, kept)
    if not stale and kept.keys() == models(manifest).keys():
        return
    made = compiled() if stale else manifest
    schema = schemas(made)
    found = {
        name: {"of": digest(manifest, model), "columns": columns(model, schema)} if name in stale else kept[name]
        for name, model in models(made).items()
    }
    path.write_text(_text(found), encoding="utf-8")


def _text(found: dict) -> str:
    """As JSON with a line for each column."""
    of_models = []
    for name, each in found.items():
        lines = ",\n".join(f"  {json.dumps(column)}: {json.dumps(read)}" for column, read in each["columns"].items())
        of_models.append(f'"{name}": {{"of": "{each["of"]}", "columns": {{\n{lines}\n}}}}')
    return "{\n" + ",\n".join(of_models) + "\n}\n"
