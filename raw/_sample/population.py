"""Deliveries of population: residents and the economically active by borough, once a year in April."""

from raw._sample.boroughs import BOROUGHS, MINORITY_ETHNIC, RESIDENTS, spread

COLUMNS = ("month", "borough", "population", "economically_active", "economically_active_minority_ethnic")
LONDON = {"2007-04": 7_484_900, "2008-04": 7_543_600, "2009-04": 7_604_300}
ECONOMICALLY_ACTIVE = 0.512
# about a quarter: a fifth of recruits is then 0.8 : 1 (2009-08/6b/2)
MINORITY_ETHNIC_ACTIVE = {"2007-04": 0.247, "2008-04": 0.249, "2009-04": 0.251}


def deliveries() -> dict[str, list[tuple]]:
    """Every delivery of population."""
    found = {}
    for month, residents in LONDON.items():
        people = spread(residents, RESIDENTS)
        active = spread(round(residents * ECONOMICALLY_ACTIVE), people, people)
        weights = [n * share for n, share in zip(active, MINORITY_ETHNIC, strict=True)]
        minority = spread(round(sum(active) * MINORITY_ETHNIC_ACTIVE[month]), weights, active)
        found[month] = [(month, *row) for row in zip(BOROUGHS, people, active, minority, strict=True)]
    return found


def effective(month: str) -> int:
    """London's residents as used in a month: those of the last April, or of the first one held."""
    return LONDON[max((april for april in LONDON if april <= month), default=min(LONDON))]
