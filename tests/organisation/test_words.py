"""Only an organisation's own folder knows its words: neither code nor models say a name that it declares."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from orchestration import organisation, settings

PROJECT = Path(__file__).parents[2]
ENGINE = ("orchestration", *(f"dbt_project/{folder}" for folder in ("models", "macros", "analyses", "tests")))
NAMES = {
    "areas": ["area"],
    "area_names": ["name"],
    "peer_organisations": ["peer"],
    "peer_groups": ["peer_group"],
    "series": ["series", "extract"],
    "measures": ["measure"],
}
# of the sample, and declared nowhere
CITY = {"London", "Metropolitan"}


def declared() -> Iterator[str]:
    """The names that the sample's organisation declares; a single word in small letters is anybody's."""
    its = organisation.declared()
    yield from (its.name, its.area.one, its.area.many)
    for table, columns in NAMES.items():
        path = settings.CATALOGUE / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        yield from (row[column] for row in rows for column in columns if not re.fullmatch("[a-z]+", row[column]))


def test_neither_code_nor_models_say_a_name_that_the_sample_declares():
    names = {name for name in declared() if name} | CITY
    assert len(names) > 150
    said = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {match[0]}"
        for folder in ENGINE
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in {".py", ".sql", ".yml", ".md", ".csv", ".html", ".j2", ".css", ".js", ".json", ".typ"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := said.search(line))
    ]
    assert found == []
