"""Recorded crime of all London by month: offences and sanction detections, in each view of them.

A view is what was held at a time. `first` is what was known up to March 2009, `later` what the year-end
audit of April 2009 made of it. Most serious violence and assault with injury have an `original` view too,
from before the offences reclassified in November 2008.
"""

from raw._sample import published
from raw._sample.months import MONTHS, between, shift
from raw._sample.solve import Total, noise, numerators, varied, whole

FIRST_VIEW = between("2007-02", "2009-03")
RECLASSIFIED = between("2008-04", "2008-10")
TRUE_FROM = "2008-01"

# Detections a recorded offence, %, about which the months move: before and after the published windows.
DETECTED = {
    "residential_burglary": 0.152,
    "robbery": 0.178,
    "motor_vehicle_crime": 0.074,
    "most_serious_violence_and_assault": 0.325,
    "serious_sexual_offences": 0.300,
}
OF_MOST_SERIOUS_VIOLENCE = 0.355
# Offences of serious violence and their level a month, where no true totals are held.
SEASON = (0.97, 0.92, 1.0, 0.98, 1.06, 1.05, 1.06, 1.0, 0.98, 1.02, 1.0, 0.96)
SERIOUS_SEXUAL_OFFENCES = 452
MOST_SERIOUS_VIOLENCE = 492


def seasonal(level: float) -> dict[str, float]:
    """A level with the season of violent crime laid over it."""
    return {month: level * SEASON[int(month[5:]) - 1] for month in MONTHS}


def later_offences() -> dict[str, dict[str, int]]:
    """The later view: the true months, and before them months of the same shape a year on."""
    found = {}
    for group, totals in published.LATER_OFFENCES.items():
        if group in published.LONDON:
            true = dict(zip(between(TRUE_FROM, MONTHS[-1]), published.LONDON[group], strict=True))
            shape = {month: float(true.get(month) or true[shift(month, 12)]) for month in MONTHS}
            prior = {month: value if month in true else value * 1.03 for month, value in shape.items()}
            pinned = [Total("London monthly totals", month, month, value) for month, value in true.items()]
            found[group] = whole(prior, [*totals, *pinned])
        else:
            level = MOST_SERIOUS_VIOLENCE if group == "most_serious_violence" else SERIOUS_SEXUAL_OFFENCES
            found[group] = whole(varied(seasonal(level), 0.03, group), totals)
    return found


def first_offences(later: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """The first view: burglary stood as it stands, robbery a little lower, vehicle crime a little higher."""

    def moved(series: dict[str, int], by: float, group: str) -> dict[str, float]:
        return varied({month: series[month] * by for month in FIRST_VIEW}, 0.003, "first", group)

    both = {month: later["most_serious_violence"][month] + later["assault_with_injury"][month] for month in MONTHS}
    totals = published.FIRST_OFFENCES
    combined = "most_serious_violence_and_assault"
    found = {
        "residential_burglary": {month: later["residential_burglary"][month] for month in FIRST_VIEW},
        "robbery": whole(moved(later["robbery"], 0.993, "robbery"), totals["robbery"]),
        "motor_vehicle_crime": whole(
            moved(later["motor_vehicle_crime"], 1.0085, "vehicle"), totals["motor_vehicle_crime"]
        ),
        "most_serious_violence": whole(moved(later["most_serious_violence"], 0.985, "violence")),
        "serious_sexual_offences": whole(
            moved(later["serious_sexual_offences"], 1.0, "sexual"), totals["serious_sexual_offences"]
        ),
    }
    together = whole(moved(both, 1.0025, "both"), totals[combined])
    found["assault_with_injury"] = {
        month: together[month] - found["most_serious_violence"][month] for month in FIRST_VIEW
    }
    return found


def first_detections(offences: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Sanction detections as first seen, at the published rates."""
    combined = "most_serious_violence_and_assault"
    violence = offences["most_serious_violence"]
    both = {month: violence[month] + offences["assault_with_injury"][month] for month in FIRST_VIEW}
    found = {}
    for group, shares in published.FIRST_DETECTIONS.items():
        rates = varied(dict.fromkeys(FIRST_VIEW, DETECTED[group]), 0.04, "detections", group)
        found[group] = numerators(both if group == combined else offences[group], rates, shares)
    together = found.pop(combined)
    rates = varied(dict.fromkeys(FIRST_VIEW, OF_MOST_SERIOUS_VIOLENCE), 0.05, "detections", "violence")
    found["most_serious_violence"] = numerators(violence, rates)
    found["assault_with_injury"] = {
        month: together[month] - found["most_serious_violence"][month] for month in FIRST_VIEW
    }
    return found


def later_detections(
    offences: dict[str, dict[str, int]], before: dict[str, dict[str, int]], detected: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    """Sanction detections after the audit: the rates of the first view and a few more that came late."""
    found = {}
    for group, series in offences.items():
        level = sum(detected[group].values()) / sum(before[group].values())
        rates = varied(dict.fromkeys(MONTHS, level), 0.04, "later detections", group)
        rates |= {month: 1.004 * detected[group][month] / before[group][month] for month in FIRST_VIEW}
        found[group] = numerators(series, rates, published.LATER_DETECTIONS.get(group, ()))
    return found


def reclassified(offences: dict[str, dict[str, int]]) -> dict[str, int]:
    """How many offences of each month moved from assault with injury to most serious violence."""
    violence = offences["most_serious_violence"]
    return {month: round(violence[month] * (0.075 + 0.02 * noise(month, "reclassified"))) for month in RECLASSIFIED}
