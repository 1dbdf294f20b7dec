"""Rows of indicators.csv that begin within a year: which are valid, and which row a report month gets."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from orchestration import catalogue, settings
from orchestration.audit import catalogue as of_the_audit
from orchestration.audit import months
from tests.catalogue.test_catalogue import Seeds, at

AUGUST = {
    "from_month": "2009-08-01",
    "amber_tolerance": "0.2",
    "decided_by": "Performance board",
    "reason": "too strict",
}


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    return Seeds(Path(shutil.copytree(settings.CATALOGUE, tmp_path / "reference")))


def add(seeds: Seeds, **different: str) -> int:
    """Add a row of line 4a of 2009/10 from August on; returns its line in the file."""
    header, *rows = table = seeds.read("indicators")
    first = dict(zip(header, rows[seeds.line("indicators", financial_year="2009/10", line="4a") - 2], strict=True))
    seeds.write("indicators", [*table, list((first | AUGUST | different).values())])
    return len(table) + 1


def test_a_row_from_a_month_on_needs_nothing_but_the_month_who_and_why(seeds):
    add(seeds)
    add(seeds, from_month="2009-10-01")
    catalogue.check(seeds.folder)


@pytest.mark.parametrize(
    "different, column, problem",
    [
        ({"from_month": "2009-04-01"}, "from_month", "'2009-04-01' begins 2009/10: edit the row of line 4a without"),
        ({"from_month": "2010-04-01"}, "from_month", "'2010-04-01' is not a month of 2009/10, whose cards it is for"),
        ({"from_month": "2009-03-01"}, "from_month", "'2009-03-01' is not a month of 2009/10, whose cards it is for"),
        ({"from_month": "August"}, "from_month", "'August' is not the first day of a month"),
        ({"line": "4z", "position": "99"}, "from_month", "line 4z has no row from the start of 2009/10: leave it"),
        ({"position": "99"}, "position", "line 4a has the place "),
        ({"decided_by": ""}, "decided_by", "it is empty, but a row that begins within the year needs it"),
        ({"reason": ""}, "reason", "it is empty, but a row that begins within the year needs it"),
    ],
)
def test_a_dated_row_that_does_not_fit_its_line_is_refused_with_a_sentence(seeds, different, column, problem):
    line = add(seeds, **different)
    assert [it for it in seeds.problems() if it.startswith(at("indicators", line, column) + problem)]


def test_two_rows_from_the_same_month_are_refused(seeds):
    add(seeds)
    line = add(seeds, amber_tolerance="0.3")
    (found,) = seeds.problems()
    assert found == at("indicators", line, "from_month") + f"2009/10 4a 2009-08-01 stands on line {line - 1} already"


def test_the_audit_takes_the_last_row_that_begins_by_the_report_month(seeds):
    add(seeds, from_month="2009-10-01", target="-0.3")
    add(seeds, target="-0.2")
    figures = of_the_audit.read(seeds.folder, settings.ORGANISATION).figures

    def target(month: str) -> Fraction | None:
        return next(it.number for it in figures[months.parsed(month)] if (it.line, it.name) == ("4a", "target"))

    before = target("2009-04")
    assert before not in (None, Fraction("-0.2"), Fraction("-0.3"))
    found = [target(month) for month in ("2009-07", "2009-08", "2009-09", "2009-10", "2010-03")]
    assert found == [before, *[Fraction("-0.2")] * 2, *[Fraction("-0.3")] * 2]
    latest = next(it for it in figures[months.parsed("2009-08")] if (it.line, it.name) == ("4a", "latest"))
    assert latest.from_month is None  # from when its row holds is no period of the figure


def test_a_catalogue_without_dated_rows_may_lack_their_columns(seeds):
    header, *rows = seeds.read("indicators")
    kept = [place for place, column in enumerate(header) if column not in ("from_month", "decided_by", "reason")]
    seeds.write("indicators", [[row[place] for place in kept] for row in (header, *rows)])
    catalogue.check(seeds.folder)
    as_shipped = of_the_audit.read(settings.CATALOGUE, settings.ORGANISATION)
    assert of_the_audit.read(seeds.folder, settings.ORGANISATION).figures == as_shipped.figures
