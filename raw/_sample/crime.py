"""Deliveries of recorded crime: the London months spread over boroughs and groups, and restated twice."""

from raw._sample import boroughs, london, published
from raw._sample.boroughs import BOROUGHS, spread, spread_month
from raw._sample.months import MONTHS
from raw._sample.solve import noise

COLUMNS = ("month", "borough", "offence_group", "offences", "sanction_detections")
RECLASSIFICATION, AUDIT, CORRECTION = "2008-11", "2009-04", "2009-05"
WEIGHTS = {
    "residential_burglary": boroughs.BURGLARY,
    "personal_robbery": boroughs.STREET,
    "business_robbery": boroughs.VEHICLE,
    "theft_from_vehicle": boroughs.VEHICLE,
    "theft_or_taking_of_vehicle": boroughs.VEHICLE,
    "most_serious_violence": boroughs.VIOLENCE,
    "assault_with_injury": boroughs.VIOLENCE,
    "serious_sexual_offences": boroughs.VIOLENCE,
}
# What part of a London total the second group of a pair is, of offences and of detections.
PAIRS = {
    "robbery": ("personal_robbery", "business_robbery", 0.11, 0.15),
    "motor_vehicle_crime": ("theft_from_vehicle", "theft_or_taking_of_vehicle", 0.285, 0.40),
}

Counts = dict[str, tuple[list[int], list[int]]]  # offences and detections by borough, by offence group


def in_groups(month: str, totals: dict[str, int], detected: dict[str, int]) -> dict[str, tuple[int, int]]:
    """London totals of the month by offence group, the pairs taken apart."""
    found = {}
    for group, total in totals.items():
        if group in PAIRS:
            first, second, part, detected_part = PAIRS[group]
            moved = 1 + 0.06 * noise(month, second)
            offences = round(total * part * moved)
            detections = round(detected[group] * detected_part * moved)
            found[first] = (total - offences, detected[group] - detections)
            found[second] = (offences, detections)
        else:
            found[group] = (total, detected[group])
    return found


def by_borough(month: str, totals: dict[str, int], detected: dict[str, int]) -> Counts:
    """The month by offence group and borough; never more detections than offences."""
    found = {}
    for group, (offences, detections) in in_groups(month, totals, detected).items():
        committed = spread_month(offences, WEIGHTS[group], month, group)
        weights = [n * (1 + 0.1 * noise(b, group)) for n, b in zip(committed, BOROUGHS, strict=True)]
        solved = spread_month(detections, weights, month, f"{group} detections", committed)
        found[group] = (committed, solved)
    return found


def before_reclassification(month: str, counts: Counts, moved: int) -> Counts:
    """The month with the moved offences, and their detections, still under assault with injury."""
    violence, violence_detected = counts["most_serious_violence"]
    assault, assault_detected = counts["assault_with_injury"]
    back = spread(moved, violence, violence)
    # a moved offence takes its detection along, as many as leave both groups with detections within offences
    most = [min(m, d) for m, d in zip(back, violence_detected, strict=True)]
    least = [max(0, d - (v - m)) for m, d, v in zip(back, violence_detected, violence, strict=True)]
    detections = max(round(moved * london.OF_MOST_SERIOUS_VIOLENCE), sum(least))
    extra = spread(min(detections, sum(most)) - sum(least), most, [a - b for a, b in zip(most, least, strict=True)])
    found = [a + b for a, b in zip(least, extra, strict=True)]

    def less(values: list[int], by: list[int]) -> list[int]:
        return [value - n for value, n in zip(values, by, strict=True)]

    def more(values: list[int], by: list[int]) -> list[int]:
        return [value + n for value, n in zip(values, by, strict=True)]

    return counts | {
        "most_serious_violence": (less(violence, back), less(violence_detected, found)),
        "assault_with_injury": (more(assault, back), more(assault_detected, found)),
    }


def rows(month: str, counts: Counts) -> list[tuple]:
    """The month as a delivery holds it: every borough, every group."""
    return [
        (month, borough, group, counts[group][0][i], counts[group][1][i])
        for i, borough in enumerate(BOROUGHS)
        for group in WEIGHTS
    ]


def views() -> dict[str, dict[str, Counts]]:
    """Each view of each month: `original`, `first`, `later`, and `april` for its month as first delivered."""
    later = london.later_offences()
    first = london.first_offences(later)
    first_detected = london.first_detections(first)
    later_detected = london.later_detections(later, first, first_detected)

    def counted(offences: dict, detected: dict, month: str) -> Counts:
        return by_borough(month, {g: offences[g][month] for g in offences}, {g: detected[g][month] for g in offences})

    found = {
        "later": {month: counted(later, later_detected, month) for month in MONTHS},
        "first": {month: counted(first, first_detected, month) for month in london.FIRST_VIEW},
    }
    moved = london.reclassified(first)
    found["original"] = {month: before_reclassification(month, found["first"][month], n) for month, n in moved.items()}
    april = {group: series[AUDIT] for group, series in later.items()}
    april["motor_vehicle_crime"] += published.VEHICLE_CRIME_FIRST_SEEN_IN_APRIL_2009
    found["april"] = {AUDIT: by_borough(AUDIT, april, {g: later_detected[g][AUDIT] for g in april})}
    return found


def deliveries() -> dict[str, list[tuple]]:
    """Every delivery of recorded crime, by the month it was delivered for."""
    view = views()
    found = {}
    for month in MONTHS:
        own = next(name for name in ("april", "original", "first", "later") if month in view[name])
        restated = []
        if month == RECLASSIFICATION:
            restated = [(earlier, "first") for earlier in london.RECLASSIFIED]
        elif month == AUDIT:
            restated = [(earlier, "later") for earlier in london.FIRST_VIEW]
        elif month == CORRECTION:
            restated = [(AUDIT, "later")]
        found[month] = [row for each, name in [*restated, (month, own)] for row in rows(each, view[name][each])]
    return found
