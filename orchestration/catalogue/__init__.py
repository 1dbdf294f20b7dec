"""Rules of the catalogue: its tables are complete, the code knows every word in them, every name is defined."""

from pathlib import Path

from orchestration import settings
from orchestration.catalogue import (
    areas,
    cells,
    dated,
    definitions,
    judging,
    meaning,
    measure_types,
    sense,
    sources,
    tables,
    targets,
)
from orchestration.catalogue.cells import KEYS, NAMES, WORDS
from orchestration.catalogue.tables import TABLES
from orchestration.errors import UserError

__all__ = ["KEYS", "NAMES", "TABLES", "WORDS", "CatalogueError", "check"]


class CatalogueError(UserError):
    """The catalogue contradicts itself or the code; the message has one line for each problem."""

    heading = "The catalogue does not hold together.\n"


def check(folder: Path = settings.CATALOGUE) -> None:
    """Raise CatalogueError with every problem of the catalogue's tables, each with its file, line and column."""
    read, problems = tables.read(folder)
    # an incomplete table would only be misread
    if not problems:
        problems = [
            f"{table}.csv line {line}, column {column}: {problem}"
            for rules in (cells, areas, measure_types, sense, dated, meaning, targets, judging, definitions, sources)
            for rule in rules.RULES
            for table, line, column, problem in rule(read)
        ]
    if problems:
        raise CatalogueError("\n".join(problems))
