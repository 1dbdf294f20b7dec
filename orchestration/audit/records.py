"""Single records that count once across the deliveries of a source: each as the newest delivery has it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from orchestration.audit import months
from orchestration.audit.files import Row
from orchestration.audit.published import RECORD
from orchestration.audit.sources import Source


class Records(NamedTuple):
    """What the deliveries so far hold: the row of each record, and by month those that nothing tells from others."""

    known: dict[tuple[str, ...], Row]
    others: dict[str, list[Row]]


def after(source: Source, held: Records, delivered: Iterable[Row], first: int) -> Iterator[Row]:
    """The rows of every month that a delivery adds records to or takes some from; `held` learns what it has.

    `first` is the month before which a delivery has no say. Where a record stood before, a row counts 0.
    """
    changed: dict[str, list[Row]] = {}
    names = (*source.columns, RECORD)
    for each in delivered:
        row = {name: each.get(name, "") for name in names}
        row["month"] = months.written(months.parsed(row["month"]))
        if months.parsed(row["month"]) < first:
            continue
        changed.setdefault(row["month"], [])
        if row[RECORD] is None:
            held.others.setdefault(row["month"], []).append(row)
            continue
        if before := held.known.get(row[RECORD]):
            changed.setdefault(before["month"], []).append({**before, source.figure: "0"})
        held.known[row[RECORD]] = row
    for row in held.known.values():
        if row["month"] in changed:
            changed[row["month"]].append(row)
    for month, its in changed.items():
        yield from (*its, *held.others.get(month, ()))
