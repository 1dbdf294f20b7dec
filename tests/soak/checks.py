"""What holds after every tick, whatever came before: cards, releases, ledger, and what is said of each change."""

import json
import time
from datetime import date
from fractions import Fraction
from math import isclose
from pathlib import Path
from statistics import fmean, linear_regression
from typing import NamedTuple

from orchestration import editions, months, settings
from orchestration.reading import connect
from orchestration.release import folder, verifying
from orchestration.warehouse import ledger
from tests.conftest import Built
from tests.editions import printed
from tests.soak.oracle import Cell, Oracle
from tests.torture.rooms import damage

CELLS = "select report_month, line, value, data_to, status from scorecard"
Printed = dict[tuple[date, str], tuple]  # cells by card and line
WARMING_UP, CLIMB = 24, 0.01
PRINTED = ("latest", "status", "target_text", "period", "comment", "status_reason")


class Cost(NamedTuple):
    """What a simulated month took, and what it left."""

    descriptors: float
    bytes: float  # in all
    seconds: float  # of CPU
    seconds_in_all: float

    @classmethod
    def now(cls, before: list["Cost"], there: Path) -> "Cost":
        """The cost of the month that ends now."""
        size = sum(path.lstat().st_size for path in (there / "warehouse").rglob("*") if path.is_file())
        seconds = time.process_time()
        return cls(_descriptors(), size, seconds - (before[-1].seconds_in_all if before else seconds), seconds)


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Broken(AssertionError):
    """Something that must hold does not; the message says what."""


def require(holds: bool, what: str) -> None:
    """Raise Broken where it does not hold."""
    if not holds:
        raise Broken(what)


def costs_do_not_climb(costs: list[Cost]) -> None:
    """Descriptors, bytes and seconds of a month: after two years, the fitted slope is below 1% of their mean.

    By then as many releases are kept as ever will be.
    """
    settled = costs[WARMING_UP:]
    if len(settled) < WARMING_UP:
        return
    for name in ("descriptors", "bytes", "seconds"):
        found = [getattr(cost, name) for cost in settled]
        slope, mean = linear_regression(range(len(found)), found).slope, fmean(found)
        print(f"       {name}: {mean:,.1f} on average, {slope / mean:+.2%} a month", flush=True)
        require(slope <= CLIMB * mean, f"{name} climb by {slope / mean:.1%} of their mean a month: {found}")


def cards_are_the_oracles(oracle: Oracle) -> None:
    """Every published card, the newest and all before it, prints what the oracle says."""
    if not settings.current().is_symlink():
        require(not oracle.published, f"no release, but {sorted(oracle.published)} were published")
        return
    with connect() as connection:
        rows = connection.execute(CELLS).fetchall()
    found: dict[str, dict[str, tuple]] = {}
    for month, line, *cell in rows:
        found.setdefault(months.key(month), {})[line] = tuple(cell)
    require(found.keys() == oracle.published.keys(), f"cards of {sorted(found)}, not of {sorted(oracle.published)}")
    for month, lines in found.items():
        for line, (value, data_to, letter) in lines.items():
            expected = oracle.published[month][line]
            printed = Cell(None if value is None else Fraction(value), data_to and months.key(data_to), letter)
            require(_same(printed, expected), f"the card of {month}, line {line}: {printed}, the oracle has {expected}")


def _same(printed: Cell, expected: Cell) -> bool:
    if (printed.value is None) != (expected.value is None) or printed.letter != expected.letter:
        return False
    if printed.value is None:
        return True
    return printed.data_to == expected.data_to and isclose(printed.value, expected.value, rel_tol=1e-9)


def the_year_ends_as_a_rolling_year() -> None:
    """The average of the months of a year to date in March, times twelve, is the rolling year."""
    query = """
        select report_month, line,
            max(value) filter (where name = 'latest'), max(value) filter (where name = 'year_to_date_average')
        from figures where month(report_month) = 3 and month(data_to) = 3 and data_to = report_month group by all
    """
    with connect() as connection:
        for month, line, total, average in connection.execute(query).fetchall():
            if total is not None and average is not None:
                require(isclose(total, 12 * average, rel_tol=1e-9), f"{month:%Y-%m}, line {line}: {total}, {average}")


def every_change_is_listed(before: Printed, now: Printed, release: str) -> None:
    """Each printed cell that differs from the release before is in its list of changes, and nothing else is."""
    with connect() as connection:
        listed = connection.execute(
            "select report_month, line, card_column from republished where release = ?", [release]
        ).fetchall()
    changed = {
        (month, line, column)
        for (month, line), cells in before.items()
        for column, was, is_now in zip(PRINTED, cells, now.get((month, line), (None,) * len(PRINTED)), strict=True)
        if was != is_now
    }
    listed_here = {each for each in listed if each[2] in PRINTED}
    require(changed == listed_here, f"{release}: changed {sorted(changed)}, listed {sorted(listed_here)}")


def every_edition_says_the_same() -> None:
    """Each card that the current release has written prints the same cells on its page, in PDF, workbook, CSV, JSON."""
    with connect() as connection:
        written = "select report_month from editions where release = (select release from release)"
        for (month,) in connection.execute(written).fetchall():
            rows = connection.sql("from scorecard where report_month = $1 order by position", params=[month]).pl()
            expected = [printed.of_row(row) for row in rows.to_dicts()]
            card = settings.current() / editions.CARDS / months.key(month)
            for read in (printed.of_json, printed.of_csv, printed.of_workbook, printed.of_page):
                require((found := read(card)) == expected, f"{card}, {read.__name__}: {found}, not {expected}")
            found = printed.printed_in_the_pdf(card, expected)
            require(found == expected, f"{card}, in the PDF: {found}, not {expected}")


def printed_cells() -> Printed:
    """What the current release prints, by card and line."""
    if not settings.current().is_symlink():
        return {}
    with connect() as connection:
        rows = connection.execute(f"select report_month, line, {', '.join(PRINTED)} from scorecard").fetchall()
    return {(month, line): tuple(cells) for month, line, *cells in rows}


def the_release_is_whole(there: Path) -> None:
    """The files that readers see are those of the manifest."""
    if settings.current().is_symlink():
        require(not (wrong := damage(Built(there))), f"the current release is damaged: {wrong}")


def the_ledger_is_whole(seen: set[str | None]) -> None:
    """The chain has no gap, and every release that is entered was one that readers had."""
    ledger.check()
    unseen = {body["release"] for body in folder.published()} - seen
    require(not unseen, f"the ledger has releases that no reader had: {sorted(unseen)}")


def everything_verifies() -> None:
    """`make verify` finds nothing, but for what raw/ holds since the last run."""
    found = {name: wrong for name, wrong in verifying.proofs() if wrong and not name.startswith("raw/ holds")}
    require(not found, f"make verify: {json.dumps(found)}")


def no_damaged_delivery_counts(damaged: set[str]) -> None:
    """No file that its sender damaged is effective, whatever else happened."""
    with connect() as connection:
        query = "select file, sha256 from deliveries where status in ('loaded', 'partly loaded', 'accepted')"
        found = [file for file, sha256 in connection.execute(query).fetchall() if sha256 in damaged]
    require(not found, f"damaged deliveries count: {found}")
