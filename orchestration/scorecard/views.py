"""Views of a release: SQL files that dbt documents as analyses, created over the tables of the release beside them."""

import re
from dataclasses import dataclass

import yaml

from orchestration import settings

FOLDER = settings.DBT_PROJECT / "analyses"
TABLE = re.compile(r"\{\{ (?:ref|source)\((?:'\w+', )?'(\w+)'\) \}\}")


@dataclass(frozen=True)
class View:
    """A query over the tables of a release, its grain first, and what each of its columns holds."""

    description: str
    columns: dict[str, str]
    query: str


def _declared() -> dict[str, View]:
    declarations = yaml.safe_load((FOLDER / "views_of_a_release.yml").read_text(encoding="utf-8"))
    return {
        view["name"]: View(
            view["description"],
            {column["name"]: column["description"] for column in view["columns"]},
            TABLE.sub(r"\1", (FOLDER / f"{view['name']}.sql").read_text(encoding="utf-8")),
        )
        for view in declarations["analyses"]
    }


# By name, and in this order: a view may read those before it.
VIEWS = _declared()
