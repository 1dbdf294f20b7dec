"""dbt_project/organisations/source.schema.json, by which editors complete and check the declaration of a source."""

import json

from orchestration import settings
from orchestration.raw.sources import declared_files

FILE = settings.SOURCES.parents[1] / "source.schema.json"

if __name__ == "__main__":
    FILE.write_text(json.dumps(declared_files.schema(), indent=2) + "\n", encoding="utf-8")
