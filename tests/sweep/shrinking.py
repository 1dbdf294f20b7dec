"""A case on which the voices differ, made as small as it can be while they still do."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.sweep import case, checked
from tests.sweep.case import Case

# what can be left out, in this order: the first take most with them
TABLES = ("indicators", "figures", "measures", "series", "peer_groups")


def shrunk(made: Case, fails: Callable[[Case], bool], folder: Path) -> Case:
    """The smallest case found by leaving out months, lines, figures, series and rows, as long as it fails."""

    def still(smaller: Case) -> bool:
        return not checked.refusals(smaller, folder) and fails(smaller)

    before = None
    while before != _size(made):
        before = _size(made)
        made = _without("report_months", made, lambda kept, of=made: of._replace(report_months=kept), still)
        for table in TABLES:
            made = _without_rows(made, table, still)
        used = {row["series"] for row in made.tables["measures"]}
        if still(smaller := made._replace(rows=[row for row in made.rows if row.series in used])):
            made = smaller
        made = _without("rows", made, lambda kept, of=made: of._replace(rows=kept), still)
        made = _without("peers", made, lambda kept, of=made: of._replace(peers=kept), still)
    return made


def _size(made: Case) -> int:
    return sum(map(len, (made.rows, made.peers, made.report_months, *made.tables.values())))


def _without_rows(made: Case, table: str, still: Callable[[Case], bool]) -> Case:
    def with_rows(kept: list[Any]) -> Case:
        tables = dict(made.tables) | {table: kept}
        if table == "indicators":
            lines = {(row["financial_year"], row["line"]) for row in kept}
            tables["figures"] = [row for row in tables["figures"] if (row["financial_year"], row["line"]) in lines]
        if table == "measures":
            used = {row["measure"] for row in kept}
            tables["indicators"] = [row for row in tables["indicators"] if row["measure"] in used]
        used = {row["series"] for row in tables["series"]}
        return made._replace(tables=tables, rows=[row for row in made.rows if row.series in used])

    kept = _smallest(made.tables[table], lambda kept: still(with_rows(kept)))
    return with_rows(kept)


def _without(field: str, made: Case, replaced: Callable[[list], Case], still: Callable[[Case], bool]) -> Case:
    return replaced(_smallest(getattr(made, field), lambda kept: still(replaced(kept))))


def _smallest(items: Sequence[Any], fails: Callable[[list], bool]) -> list[Any]:
    """What is left of the items when ever smaller parts of them are left out, as long as it fails."""
    kept, size = list(items), max(1, len(items) // 2)
    while True:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + size :]
            if fails(fewer):
                kept = fewer
            else:
                place += size
        if size == 1:
            return kept
        size //= 2


def printed(made: Case) -> str:
    """What of the case is worth reading."""
    lines = [f"seed {made.seed}, report months {', '.join(case.text(month)[:7] for month in made.report_months)}"]
    for table in ("areas", *reversed(TABLES)):
        for row in made.tables[table]:
            lines.append(f"{table}: " + " ".join(f"{name}={cell}" for name, cell in row.items() if cell))
    lines += [
        f"{row.extract} {case.text(row.delivery)[:7]}: {row.series} {row.area} {case.text(row.month)[:7]} {row.value}"
        for row in sorted(made.rows, key=lambda row: (row.extract, row.delivery, row.month))
    ]
    return "\n".join(lines + [str(peer) for peer in made.peers])
