"""The declarations of sources as files of the Open Data Contract Standard, for catalogues that read those."""

from pathlib import Path
from typing import Any

import yaml

from orchestration import organisation
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import MONTHS_BETWEEN, Extract
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.raw.sources.kinds import NUMBERS
from orchestration.warehouse import files

API = "v3.1.0"
VERSION = "1.0.0"  # of the contract: a declaration has no versions of its own, only its history in git
SUFFIX = ".odcs.yaml"
LOGICAL = {"month": "date", "count": "integer", **dict.fromkeys(("money", "percent", "measure"), "number")}


def write(folder: Path) -> list[Path]:
    """Write a file for each source into the folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for extract in EXTRACTS:
        path = folder / f"{extract.name}{SUFFIX}"
        files.write(path, yaml.safe_dump(contract(extract), sort_keys=False, allow_unicode=True, width=120).encode())
        written.append(path)
    return written


def contract(extract: Extract) -> dict[str, Any]:
    """The contract of one source: its table as it lands, its key, what its cells may hold, how often it is due."""
    found: dict[str, Any] = {
        "apiVersion": API,
        "kind": "DataContract",
        "id": extract.name,
        "name": extract.name,
        "version": VERSION,
        "status": "retired" if extract.last else "active",
        "domain": organisation.declared().name,
        "description": {"purpose": extract.title},
        "schema": [
            {
                "name": extract.name,
                "logicalType": "object",
                "physicalType": "table",
                "description": extract.title,
                "dataGranularityDescription": f"One row per {', '.join(extract.key)}.",
                "properties": [_property(extract, column) for column in extract.columns],
            }
        ],
        "slaProperties": [
            {"property": "frequency", "value": MONTHS_BETWEEN[extract.cadence], "unit": "month"},
            {"property": "generalAvailability", "value": f"{extract.first:%Y-%m}"},
        ],
    }
    if extract.last:
        found["slaProperties"].append({"property": "endOfLife", "value": f"{extract.last:%Y-%m}"})
    return found


def _property(extract: Extract, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "logicalType": LOGICAL.get(column.kind, "string"),
        "physicalType": column.stored,
        "description": column.title,
        "required": not (column.markers or column.dated),
    }
    if column.name in extract.key:
        found |= {"primaryKey": True, "primaryKeyPosition": extract.key.index(column.name) + 1}
    if column.kind in NUMBERS:
        least = column.least if column.least is not None else None if column.below_zero else 0
        most = 100 if column.kind == "percent" else column.most
        bounds = {"minimum": least, "maximum": most}
        found["logicalTypeOptions"] = {name: bound for name, bound in bounds.items() if bound is not None}
    if column.all_words:
        check = {"metric": "invalidValues", "arguments": {"validValues": [*column.all_words]}, "mustBe": 0}
        found["quality"] = [{"type": "library", **check}]
    return found
