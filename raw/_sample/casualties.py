"""Deliveries of road casualties: three months each, raised by late submissions, final much later."""

from raw._sample import boroughs, published
from raw._sample.boroughs import BOROUGHS, spread_month
from raw._sample.months import MONTHS, between, shift
from raw._sample.solve import varied, whole

COLUMNS = ("month", "borough", "severity", "casualties", "status")
SEVERITIES = ("killed", "serious")
# The source moved to a slower publication in spring 2009.
NOT_DELIVERED = ("2009-04", "2009-05", "2009-07", "2009-08")
FINAL_2007, FINAL_2008 = "2008-06", "2009-06"
HELD = between("2007-02", "2009-03")
LAST_KNOWN_AT = "2009-01"
SEASON = (0.94, 0.88, 0.97, 0.96, 1.04, 1.05, 1.06, 0.98, 1.05, 1.06, 1.05, 0.96)
# What part of the casualties at a month's third delivery was known at its first and second.
AT_FIRST, AT_SECOND = 0.965, 0.987
# What part of the settled casualties the third delivery holds.
AT_THIRD = 0.945
KILLED_LATE_IN_2007 = ("2007-05", "2007-09", "2007-11")

Stages = list[dict[str, list[int]]]  # by first, second, third delivery and settled: severity -> boroughs


def settled_and_known() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """All casualties settled, all as known at Jan-09, and the killed settled, by month."""
    levels = {"2007": 324, "2008": 295, "2009": 245}
    prior = {month: levels[month[:4]] * SEASON[int(month[5:]) - 1] for month in HELD}
    settled = whole(varied(prior, 0.02, "casualties"), published.CASUALTIES_SETTLED)
    seen = {month: settled[month] * AT_THIRD for month in HELD if "2008-01" <= month <= LAST_KNOWN_AT}
    seen["2008-12"] *= AT_SECOND
    seen[LAST_KNOWN_AT] *= AT_FIRST
    known = whole(varied(seen, 0.006, "known"), published.CASUALTIES_KNOWN)
    killed = whole(varied(dict.fromkeys(HELD, 17.6), 0.2, "killed"), published.KILLED_SETTLED)
    return settled, known, killed


def counts_by_stage(month: str, settled: int, known: int | None, killed: int) -> list[tuple[int, int]]:
    """Killed and serious at the first, second and third delivery of a month and when settled."""
    late = month in published.KILLED_REPORTED_LATE or month in KILLED_LATE_IN_2007
    at_third = settled * AT_THIRD if known is None else known
    totals = [round(at_third * AT_FIRST), round(at_third * AT_SECOND), round(at_third), settled]
    if month == LAST_KNOWN_AT:  # known at its first delivery
        totals[:3] = [known, round(known / AT_FIRST * AT_SECOND), round(known / AT_FIRST)]
    elif month == shift(LAST_KNOWN_AT, -1):  # known at its second
        totals[:3] = [round(known / AT_SECOND * AT_FIRST), known, round(known / AT_SECOND)]
    dead = [killed - late, killed - late, killed - late, killed]
    return [(deaths, total - deaths) for total, deaths in zip(totals, dead, strict=True)]


def stages() -> dict[str, Stages]:
    """Each month's casualties by borough at every stage: what is known only grows."""
    settled, known, killed = settled_and_known()
    found = {}
    for month in HELD:
        counts = counts_by_stage(month, settled[month], known.get(month), killed[month])
        at = {severity: [0] * len(BOROUGHS) for severity in SEVERITIES}
        before = (0, 0)
        found[month] = []
        for number, now in enumerate(counts):
            for severity, grown in zip(SEVERITIES, (n - b for n, b in zip(now, before, strict=True)), strict=True):
                more = spread_month(grown, boroughs.RESIDENTS, month, f"{severity} {number}")
                at = at | {severity: [a + b for a, b in zip(at[severity], more, strict=True)]}
            found[month].append(at)
            before = now
    return found


def rows(month: str, counts: dict[str, list[int]], status: str) -> list[tuple]:
    """The month as a delivery holds it."""
    return [
        (month, borough, severity, counts[severity][i], status)
        for i, borough in enumerate(BOROUGHS)
        for severity in SEVERITIES
    ]


def deliveries() -> dict[str, list[tuple]]:
    """Every delivery of road casualties that came."""
    by_month = stages()
    found = {}
    for delivered in MONTHS:
        if delivered in NOT_DELIVERED:
            continue
        held = []
        if delivered == FINAL_2008:
            for month in between("2008-01", "2009-03"):
                held += rows(month, by_month[month][3], "final" if month < "2009" else "provisional")
        else:
            if delivered == FINAL_2007:
                for month in between("2007-02", "2007-12"):
                    held += rows(month, by_month[month][3], "final")
            for age in (2, 1, 0):
                month = shift(delivered, -age)
                if month >= HELD[0]:
                    held += rows(month, by_month[month][age], "provisional")
        found[delivered] = held
    return found
