"""Rules for the rows of indicators.csv that begin within a year: from which month on, who decided it, and why."""

from collections.abc import Iterator

from orchestration import years
from orchestration.catalogue.cells import month
from orchestration.catalogue.tables import Problems, Row, Tables

WHO_AND_WHY = ("decided_by", "reason")


def rows_of_lines(tables: Tables) -> dict[tuple[str, str], list[Row]]:
    """The rows of each line of a financial year, in their order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for _, row in tables["indicators"]:
        found.setdefault((row["financial_year"], row["line"]), []).append(row)
    return found


def _dated(tables: Tables) -> Problems:
    of_lines = rows_of_lines(tables)
    for line, row in tables["indicators"]:
        first = next((it for it in of_lines[row["financial_year"], row["line"]] if it["from_month"] is None), None)
        for column, problem in _problems(row, first):
            yield "indicators", line, column, problem


def _problems(row: Row, first: Row | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a row; `first` is the row of its line that holds from the year's start, if there is one."""
    here, year = month(row["from_month"]), row["financial_year"]
    if row["from_month"] is None:
        return
    if first is None:
        yield "from_month", f"line {row['line']} has no row from the start of {year}: leave it empty in its first one"
    elif row["position"] != first["position"]:
        yield "position", f"line {row['line']} has the place {first['position']} of {year}: it keeps it all year"
    if here and year and years.of_month(here) != year:
        yield "from_month", f"'{here}' is not a month of {year}, whose cards it is for"
    elif here and year and here == years.start(year):
        yield "from_month", f"'{here}' begins {year}: edit the row of line {row['line']} without from_month instead"
    for column in WHO_AND_WHY:
        if row[column] is None:
            yield column, f"it is empty, but a row that begins within the year needs it: the card from {here} names it"


RULES = (_dated,)
