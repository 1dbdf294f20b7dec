"""Where the force stands among its peers, and what a peer has."""

from fractions import Fraction
from typing import NamedTuple

from orchestration.audit.catalogue import Catalogue, Definition
from orchestration.audit.series import Periods


class Standing(NamedTuple):
    """A value with the period it is of; for a rank, among how many."""

    value: Fraction | None = None
    out_of: int | None = None
    first: int | None = None
    last: int | None = None


def rank(catalogue: Catalogue, known: Periods, definition: Definition, report_month: int) -> Standing:
    """The force's rank in its group, within the latest period that any force has a value for."""
    periods = [period for period in known if period[0] == definition.measure and period[2] <= report_month]
    if not periods:
        return Standing()
    measure, first, last = max(periods, key=lambda period: period[2])
    members = {
        member.force
        for member in catalogue.groups.get(definition.peer_group, [])
        if (member.first is None or member.first <= last) and (member.last is None or member.last >= last)
    }
    values = {force: value for force, value in known[measure, first, last].items() if force in members}
    if catalogue.force not in values:
        return Standing()
    own = values[catalogue.force]
    if definition.direction == "higher_is_better":
        better = sum(value > own for value in values.values())
    else:
        better = sum(value < own for value in values.values())
    return Standing(Fraction(better + 1), len(values), first, last)


def peer_value(known: Periods, definition: Definition, report_month: int) -> Standing:
    """The latest value of one peer, such as England and Wales as a whole."""
    periods = [
        period
        for period, values in known.items()
        if period[0] == definition.measure and period[2] <= report_month and definition.peer_group in values
    ]
    if not periods:
        return Standing()
    latest = max(periods, key=lambda period: period[2])
    return Standing(Fraction(known[latest][definition.peer_group]), None, *latest[1:])
