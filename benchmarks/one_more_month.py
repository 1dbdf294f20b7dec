"""One more report month, extracts to release, beside dbt building its models alone; and many months in one run."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import projects
from benchmarks.measuring import Row, Took, medians, same
from orchestration import months
from tests.conftest import Built, copy_of_the_project

LAST = date(2009, 8, 1)
MONTHS = 31  # the sample's
TIMES_DBT, SECONDS, TIMES_A_MONTH = 2.0, 12, 3.0


def run(number: int, tries: int, sample: Built) -> Iterator[Row]:
    """The last of that many months after the others, then all of them from nothing, in the folder `sample`."""
    first = months.shift(LAST, 1 - number)
    with TemporaryDirectory() as there:
        base = copy_of_the_project(Path(there) / "base")
        projects.scorecard(base, first, months.shift(LAST, -1))
        month, dbt = _month_and_dbt(base, tries)
    yield Row("one more report month", month, "dbt build of its models alone", dbt, TIMES_DBT, seconds=SECONDS)
    copy_of_the_project(sample.project)
    all_of_them = projects.scorecard(sample, first, LAST)
    same(month, all_of_them)
    yield Row(f"{number} months from nothing, one run", all_of_them, "one more month, above", month, TIMES_A_MONTH)


def _month_and_dbt(base: Built, tries: int) -> list[Took]:
    rounds = []
    for _ in range(tries):
        with projects.then_as_before(base):
            rounds.append([projects.scorecard(base, LAST, LAST), projects.dbt_build(base)])
    return medians(rounds)
