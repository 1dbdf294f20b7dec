"""The rank of the whole among its peers, and the value of a peer."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from orchestration.audit.catalogue import Catalogue, Definition
from orchestration.audit.series import Period, Periods


class Standing(NamedTuple):
    """A value with the period it is of; for a rank, among how many."""

    value: Fraction | None = None
    out_of: int | None = None
    first: int | None = None
    last: int | None = None


def rank(catalogue: Catalogue, known: Periods, definition: Definition, report_month: int) -> Standing:
    """The whole's rank in its group, within the latest period that any peer has a value for."""
    latest = _latest(period for period in known if _applies(catalogue, period, definition, report_month))
    if latest is None:
        return Standing()
    measure, first, last = latest
    members = {member.name for member in catalogue.groups.get(definition.peer_group or "", []) if member.holds_in(last)}
    values = {peer: value for peer, value in known[measure, first, last].items() if peer in members}
    if catalogue.whole not in values:
        return Standing()
    own = values[catalogue.whole]
    if definition.direction == "higher_is_better":
        better = sum(value > own for value in values.values())
    else:
        better = sum(value < own for value in values.values())
    return Standing(Fraction(better + 1), len(values), first, last)


def peer_value(catalogue: Catalogue, known: Periods, definition: Definition, report_month: int) -> Standing:
    """The latest value of one peer, such as England and Wales as a whole."""
    peer = definition.peer_group or ""
    latest = _latest(
        period
        for period, values in known.items()
        if peer in values and _applies(catalogue, period, definition, report_month)
    )
    if latest is None:
        return Standing()
    return Standing(Fraction(known[latest][peer]), None, *latest[1:])


def _applies(catalogue: Catalogue, period: Period, definition: Definition, report_month: int) -> bool:
    """Whether a period belongs to the figure's measure, has ended, and has the declared length, if there is one."""
    measure, first, last = period
    length, of_the_year = last - first + 1, first == catalogue.organisation.year_start(first)
    lengths = {
        None: True,
        "rolling_year": length == 12,
        "quarter": length == 3,
        "latest": length == 1,
        "financial_year": length == 12 and of_the_year,
        "year_to_date": length <= 12 and of_the_year,
    }
    return measure == definition.measure and last <= report_month and lengths[definition.basis]


def _latest(periods: Iterable[Period]) -> Period | None:
    """The period that ends last; None where there is none, or several of different lengths."""
    ending: dict[int, list[Period]] = {}
    for period in periods:
        ending.setdefault(period[2], []).append(period)
    last = ending[max(ending)] if ending else []
    return last[0] if len(last) == 1 else None
