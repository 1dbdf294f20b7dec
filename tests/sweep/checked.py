"""What the catalogue check accepts of generated catalogues: the rest is left out of them."""

import re
import tempfile
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from orchestration import catalogue
from orchestration.scorecard.kinds import BASES, KINDS
from tests.sweep import case
from tests.sweep.case import Case
from tests.sweep.generator import SOURCES, TARGETS, Combination, Generator, financial_year


def generate(seed: int, folder: Path) -> Case:
    """The case of a seed; the catalogue check accepts its catalogue, which is left in the folder."""
    made = Generator(seed, accepted()).case()
    _leave_out_what_no_line_is_about(made)
    while refused := refusals(made, folder):
        # what may not stand on a card is left out, as long as it is a line or a figure
        for table, line in sorted(refused, key=lambda place: -place[1]):
            if table not in ("indicators", "figures"):
                raise AssertionError(f"seed {seed}: {refused[table, line]}")
            made.tables[table].pop(line - 2)
        lines = {(row["financial_year"], row["line"]) for row in made.tables["indicators"]}
        figures = made.tables["figures"]
        figures[:] = [each for each in figures if (each["financial_year"], each["line"]) in lines]
        _leave_out_what_no_line_is_about(made)
    return made


def _leave_out_what_no_line_is_about(made: Case) -> None:
    """Months of measures are most of what a case costs, and those that no figure reads are compared with nothing."""
    tables = made.tables
    rows = [*tables["indicators"], *tables["figures"]]
    read = {row.get(column) for row in rows for column in ("measure", "compare_measure")}
    tables["measures"][:] = [row for row in tables["measures"] if row["measure"] in read]
    read = {row["series"] for row in tables["measures"]}
    tables["series"][:] = [row for row in tables["series"] if row["series"] in read]
    made.rows[:] = [row for row in made.rows if row.series in read]


@cache
def accepted() -> frozenset[Combination]:
    """Every combination that the catalogue check accepts on a card."""
    generator = Generator(0)
    generator.organisation()
    generator.sources(dict.fromkeys(SOURCES))
    held = {(generator.types[name].months_covered, made_of) for name, made_of in generator.measures.items()}
    year = financial_year(generator.report_months[-1])
    offered = []
    for kind, basis, target, (covers, made_of) in product(KINDS, BASES, TARGETS, sorted(held)):
        combination = Combination(kind, basis, target, covers, made_of)
        if (line := generator.line(combination, year, len(offered) + 1)) is not None:
            offered.append(combination)
            generator.tables["indicators"].append(line)
            generator.tables["figures"] += generator.targets_of_months(line)
    made = Case(0, generator.tables, [], [], generator.report_months)
    with tempfile.TemporaryDirectory() as there:
        refused = refusals(made, Path(there))
    assert {table for table, _ in refused} <= {"indicators"}, refused
    return frozenset(each for line, each in enumerate(offered, start=2) if ("indicators", line) not in refused)


def refusals(made: Case, folder: Path) -> dict[tuple[str, int], str]:
    """What the catalogue check says, by table and line."""
    case.write(made, folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            # what the organisation's own sources make is no matter of generated ones
            patch.setattr(catalogue.sources, "RULES", ())
            catalogue.check(folder)
    except catalogue.CatalogueError as error:
        said = re.findall(r"^(\w+)\.csv line (\d+), (.*)$", str(error), re.MULTILINE)
        if not said:
            raise
        return {(table, int(line)): f"{table}.csv line {line}, {problem}" for table, line, problem in said}
    return {}
