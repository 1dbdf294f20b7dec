"""One more month after a long history, beside the same month of the year after a short one."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import projects, shifted_years
from benchmarks.measuring import Row, Took, by_turns, same
from orchestration import months
from tests.conftest import Built, copy_of_the_project

SHORT, LONG = 24, 240
TIMES = 1.2


def run(short: int, long: int, tries: int) -> Iterator[Row]:
    """Histories of so many months, each built in one run."""
    with TemporaryDirectory() as there:
        built = [_built(Path(there) / str(number), number) for number in (short, long)]
        little, much = by_turns(tries, *(lambda one=one: _next(*one) for one in built))
        same(little, much)
        yield Row(f"one more month after {long}", much, f"after {short} months", little, TIMES, TIMES)


def _built(folder: Path, number: int) -> tuple[Built, int]:
    built = copy_of_the_project(folder)
    last = months.shift(shifted_years.FIRST, number)
    shifted_years.lengthen(built, last)
    projects.scorecard(built, shifted_years.FIRST, months.shift(last, -1))
    return built, number


def _next(base: Built, number: int) -> Took:
    month = months.shift(shifted_years.FIRST, number)
    with projects.then_as_before(base):
        took = projects.scorecard(base, month, month)
        lines = base.query("select line from scorecard where report_month = $1 order by position", month)
    return took._replace(answer=lines.rows())
