"""docs/lineage.md: the files, tables, models and modules that a figure passes, in order; `make lineage` writes it."""

import ast
import json
from graphlib import TopologicalSorter

from orchestration import settings
from orchestration.dbt import project
from tests import column_lineage

ROOT = settings.DBT_PROJECT.parent
PAGE = ROOT / "docs" / "lineage.md"
INTRODUCTION = """\
# Lineage

What a figure passes on its way from a delivered file to a published card, in order. Written by `make lineage` and
checked by a test. The sentences are those of the models' descriptions and the modules' docstrings; Dagster shows
the same graph (`make dev`, *Lineage*).
"""
EXAMPLE = "stg_series", "figure_values"
RAW = ("files", "readers", "checks", "comparison", "landing")  # the subrooms in the order of the flow
AFTER_DBT = (
    ("Figures become a card", "scorecard"),
    ("A card becomes a release", "release"),
    ("Every figure is recomputed", "audit"),
    ("A release becomes pages and files", "editions"),
    ("A line explains itself", "explain"),
)


def page() -> str:
    """The whole page."""
    manifest = json.loads(project.manifest().read_bytes())
    models = {key: node for key, node in sorted(manifest["nodes"].items()) if node["resource_type"] == "model"}
    reads = {key: sorted(set(node["depends_on"]["nodes"])) for key, node in models.items()}
    order = [key for key in TopologicalSorter(reads).static_order() if key in models]
    parts = [INTRODUCTION, f"The longest way of a figure through dbt: {_longest(order, reads)}.\n"]
    parts += [_modules("A file becomes rows", "raw", RAW)]
    parts += ["## Rows become figures: `dbt_project/models/`\n"]
    for layer in ("staging", "measures", "aggregates"):
        parts += [f"### {layer}\n", "| model | reads | what it is |\n| --- | --- | --- |"]
        for key in (each for each in order if models[each]["fqn"][1] == layer):
            name, text = models[key]["name"], _sentence(models[key]["description"])
            parts.append(f"| `{name}` | {', '.join(map(_name, reads[key]))} | {text} |")
        parts.append("")
    parts += [_modules(heading, room, ("",)) for heading, room in AFTER_DBT]
    return "\n".join(parts)


def _longest(order: list[str], reads: dict[str, list[str]]) -> str:
    """The longest path between the two models of the example, in words."""
    first, last = EXAMPLE
    ways: dict[str, list[str]] = {}
    for key in order:
        before = max((ways[each] for each in reads[key] if each in ways), key=len, default=[])
        if before or _name(key) == first:
            ways[key] = [*before, f"`{_name(key)}`"]
        if _name(key) == last:
            return ", ".join(ways[key])
    raise LookupError(f"{last} does not read {first}")


def _name(key: str) -> str:
    """A seed stands in the catalogue, a source is a table of `raw`."""
    kind, _, *names = key.split(".")
    return {"seed": f"{names[-1]}.csv", "source": ".".join(names)}.get(kind, names[-1])


def _modules(heading: str, room: str, subrooms: tuple[str, ...]) -> str:
    """The modules of a room with the first sentence of each."""
    folder = ROOT / "orchestration" / room
    modules = [path for each in subrooms for path in sorted((folder / each).glob("*.py" if each else "**/*.py"))]
    documented = {path: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in modules}
    rows = [
        f"| `{path.relative_to(folder)}` | {_sentence(text)} |"
        for path, text in documented.items()
        if path.name != "__init__.py"
    ]
    head = [f"## {heading}: `orchestration/{room}/`", "", "| module | what it does |", "| --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _sentence(text: str) -> str:
    """The first sentence, on one line of a table."""
    first = " ".join(text.split("\n\n", maxsplit=1)[0].split()).split(". ")[0].rstrip(".")
    return first.replace("|", "\\|")


if __name__ == "__main__":
    project.prepare()
    PAGE.write_text(page(), encoding="utf-8")
    column_lineage.write()
