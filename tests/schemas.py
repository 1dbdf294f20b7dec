"""The JSON Schemas in dbt_project/organisations/, by which editors complete and check what is declared there."""

import json

from orchestration import organisation, settings
from orchestration.raw.sources import declared_files

SCHEMAS = {"source.schema.json": declared_files.schema, "organisation.schema.json": organisation.schema}

if __name__ == "__main__":
    for name, schema in SCHEMAS.items():
        (settings.ORGANISATIONS / name).write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
