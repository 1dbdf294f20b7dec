"""Deliveries of weapon-enabled crime, domestic violence and young victims of violence."""

from raw._sample import boroughs, published
from raw._sample.boroughs import BOROUGHS, spread, spread_month
from raw._sample.london import seasonal
from raw._sample.months import MONTHS, between, shift
from raw._sample.population import effective
from raw._sample.solve import Total, numerators, varied, whole

WEAPON_COLUMNS = ("month", "borough", "weapon", "offences")
DOMESTIC_COLUMNS = ("month", "borough", "offences", "arrests")
YOUTH_COLUMNS = ("month", "borough", "offence_class", "victims_under_20")

GUNS = {"handgun": 0.49, "shotgun": 0.07, "imitation_firearm": 0.19, "air_weapon": 0.14, "other_firearm": 0.11}
YOUTH = {"most_serious_violence": 0.11, "weapon_enabled_crime": 0.36, "actual_bodily_harm": 0.53}


def falling(start: float, end: float, season: bool = True) -> dict[str, float]:
    """A level that goes evenly from the first month of the sample to the last."""
    shape = seasonal(1.0) if season else dict.fromkeys(MONTHS, 1.0)
    step = (end - start) / (len(MONTHS) - 1)
    return {month: (start + i * step) * shape[month] for i, month in enumerate(MONTHS)}


def knife_crime_last_year() -> Total:
    """The last twelve months' knife crime: what the printed fall of the rate leaves of the base."""
    base = published.KNIFE_CRIME_BASE
    before = sum(map(effective, between(base.first, base.last)))
    after = sum(map(effective, between(shift(base.first, 12), shift(base.last, 12))))
    count = round(base.total * (1 + published.KNIFE_CRIME_RATE_CHANGE) * after / before)
    return Total(base.figure, shift(base.first, 12), shift(base.last, 12), count)


def weapons() -> dict[str, list[tuple]]:
    """Every delivery of weapon-enabled crime."""
    guns = whole(varied(falling(255, 180, season=False), 0.05, "gun"), published.GUN_CRIME)
    gas = whole(varied(falling(62, 44, season=False), 0.15, "gas"))
    knives = whole(varied(falling(1200, 990), 0.02, "knife"), [*published.KNIFE_CRIME, knife_crime_last_year()])
    found = {}
    for month in MONTHS:
        parts = spread(guns[month], list(varied(GUNS, 0.1, month).values()))
        totals = dict(zip(GUNS, parts, strict=True))
        totals |= {"cs_gas_or_pepper_spray": gas[month], "knife": knives[month]}
        by_weapon = {w: spread_month(n, boroughs.STREET, month, w) for w, n in totals.items()}
        found[month] = [
            (month, borough, weapon, counts[i])
            for i, borough in enumerate(BOROUGHS)
            for weapon, counts in by_weapon.items()
        ]
    return found


def domestic() -> dict[str, list[tuple]]:
    """Every delivery of domestic violence: the arrest rate rose with the year 2008/09."""
    offences = whole(varied(seasonal(4_420), 0.03, "domestic"))
    rates = {month: 0.575 if month < "2008-02" else 0.62 if month < "2008-04" else 0.72 for month in MONTHS}
    arrests = numerators(offences, varied(rates, 0.02, "arrests"), published.DOMESTIC_VIOLENCE_ARRESTS)
    found = {}
    for month in MONTHS:
        committed = spread_month(offences[month], boroughs.VIOLENCE, month, "domestic")
        arrested = spread_month(arrests[month], committed, month, "arrests", committed)
        found[month] = [(month, *row) for row in zip(BOROUGHS, committed, arrested, strict=True)]
    return found


def youth() -> dict[str, list[tuple]]:
    """Every delivery of victims of violence under twenty."""
    victims = whole(varied(falling(1_960, 1_640), 0.03, "youth"), published.YOUTH_VICTIMS)
    found = {}
    for month in MONTHS:
        parts = spread(victims[month], list(varied(YOUTH, 0.05, month).values()))
        weights = {"weapon_enabled_crime": boroughs.STREET}
        by_class = {
            name: spread_month(n, weights.get(name, boroughs.VIOLENCE), month, f"youth {name}")
            for name, n in zip(YOUTH, parts, strict=True)
        }
        found[month] = [
            (month, borough, name, counts[i]) for i, borough in enumerate(BOROUGHS) for name, counts in by_class.items()
        ]
    return found
