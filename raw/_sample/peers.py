"""Deliveries of peer forces: every measure at its latest window, the force's own value among them."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from raw._sample import published
from raw._sample.forces import EVERYONE, OWN, RANKS, ranked
from raw._sample.months import MONTHS, between, last_quarter_end, shift
from raw._sample.population import LONDON, effective
from raw._sample.solve import noise

COLUMNS = ("measure", "from_month", "to_month", "force", "value")
ACQUISITIVE = (
    "residential_burglary",
    "personal_robbery",
    "business_robbery",
    "theft_from_vehicle",
    "theft_or_taking_of_vehicle",
)
VIOLENCE = ("most_serious_violence",)
VIOLENCE_AND_ASSAULT = ("most_serious_violence", "assault_with_injury")
SEXUAL = ("serious_sexual_offences",)

Known = dict[str, dict[str, list[tuple]]]  # extract -> month -> its rows, as known at a report month
Value = Callable[[Known, list[str]], float]


def known_at(report_month: str, deliveries: dict[str, dict[str, list[tuple]]]) -> Known:
    """Every month's rows from the latest delivery up to the report month that holds it."""
    found = {}
    for extract, by_delivery in deliveries.items():
        months: dict[str, list[tuple]] = {}
        for delivered in sorted(d for d in by_delivery if d <= report_month):
            fresh: dict[str, list[tuple]] = {}
            for row in by_delivery[delivered]:
                fresh.setdefault(row[0], []).append(row)
            months |= fresh
        found[extract] = months
    return found


def total(held: dict[str, list[tuple]], months: list[str], column: int, by: int, names: tuple[str, ...]) -> int:
    """The sum of a column over the rows whose column `by` is one of the names; absent months add nothing."""
    return sum(row[column] for month in months for row in held.get(month, []) if not names or row[by] in names)


def crime(column: int, groups: tuple[str, ...], known: Known, months: list[str]) -> int:
    """Offences (3) or sanction detections (4) of the groups."""
    return total(known["recorded_crime"], months, column, 2, groups)


def per_thousand(groups: tuple[str, ...], known: Known, months: list[str]) -> float:
    """Offences per 1,000 residents over the window."""
    residents = sum(map(effective, months)) / len(months)
    return 1000 * crime(3, groups, known, months) / residents


def detected(groups: tuple[str, ...], known: Known, months: list[str]) -> float:
    """Sanction detections an offence."""
    return crime(4, groups, known, months) / crime(3, groups, known, months)


def agreed(question: str, known: Known, months: list[str]) -> float:
    """The share who agreed in the British Crime Survey."""
    part = partial(total, known["british_crime_survey"], months, by=1, names=(question,))
    return part(column=3) / part(column=2)


def satisfied(groups: tuple[str, ...], known: Known, months: list[str]) -> float:
    """The share of victims satisfied."""
    part = partial(total, known["user_satisfaction"], months, by=1, names=groups)
    return part(column=3) / part(column=2)


def gap(known: Known, months: list[str]) -> float:
    """White victims satisfied less BME victims satisfied."""
    return satisfied(("white",), known, months) - satisfied(("bme",), known, months)


def knives(known: Known, months: list[str]) -> float:
    """Knife crimes per 1,000 residents; a window from before the sample has the level of the first year."""
    if months[0] < min(LONDON):
        months = between("2007-04", "2008-03")
    held = known["weapon_enabled_crime"]
    months = [month for month in months if month in held]
    residents = sum(map(effective, months)) / 12
    return 1000 * total(held, months, 3, 2, ("knife",)) / residents


def recruits(known: Known, months: list[str]) -> float:
    """Minority ethnic share of recruits over that of the economically active."""
    if months[0] < min(LONDON):
        months = between("2007-04", "2008-03")
    held = [row for month in months for row in known["officer_recruitment"].get(month, [])]
    yearly = known["population"]
    people = [row for month in months for row in yearly[max(april for april in yearly if april <= month)]]
    share = sum(row[2] for row in held) / sum(row[1] for row in held)
    return share / (sum(row[4] for row in people) / sum(row[3] for row in people))


def respect(known: Known, months: list[str]) -> float:
    """The British Crime Survey's own question on respect, which the sample holds nowhere else."""
    return 0.7985 + 0.003 * noise("respect", months[-1])


class Measure(NamedTuple):
    """How a peer measure is made: own value, length and lag of its window, direction, step, whole country."""

    value: Value
    length: int
    window: str  # "month", "quarter", "late quarter" or "year"
    higher_is_better: bool
    step: float
    everyone: float  # what England and Wales has less the Metropolitan Police, at the last window
    surveyed: bool = True


MEASURES = {
    "police_and_council_deal_with_asb": Measure(
        partial(agreed, "police_and_council_deal_with_asb"), 12, "late quarter", True, 0.0035, -0.021
    ),
    "local_police_do_a_good_job": Measure(
        partial(agreed, "local_police_do_a_good_job"), 12, "late quarter", True, 0.0036, -0.018
    ),
    "satisfaction_overall": Measure(partial(satisfied, ()), 12, "quarter", True, 0.0028, 0.053),
    "satisfaction_gap": Measure(gap, 12, "quarter", False, 0.0016, 0.002),
    "treat_with_respect": Measure(respect, 12, "late quarter", True, 0.0024, 0.039),
    "most_serious_violence_rate": Measure(partial(per_thousand, VIOLENCE), 3, "month", False, 0.0035, -0.061),
    "most_serious_violence_and_assault_rate": Measure(
        partial(per_thousand, VIOLENCE_AND_ASSAULT), 3, "month", False, 0.026, -0.46
    ),
    "knife_crime_rate": Measure(knives, 12, "year", False, 0.034, -0.95),
    "most_serious_violence_detection_rate": Measure(partial(detected, VIOLENCE), 12, "month", True, 0.0055, 0.11),
    "serious_sexual_offence_detection_rate": Measure(partial(detected, SEXUAL), 12, "month", True, 0.0042, 0.012),
    "serious_acquisitive_crime_rate": Measure(partial(per_thousand, ACQUISITIVE), 12, "month", False, 0.42, -9.6),
    "minority_ethnic_recruits_ratio": Measure(recruits, 12, "year", True, 0.024, 0.29, surveyed=False),
}


def window(report_month: str, measure: Measure) -> list[str]:
    """The months a delivery of the measure covers."""
    late = shift(report_month, -3)
    ends = {
        "month": shift(report_month, -1),
        "quarter": last_quarter_end(shift(report_month, -1)),
        "late quarter": last_quarter_end(late),
        "year": shift(late, -((int(late[5:]) - 3) % 12)),
    }
    last = ends[measure.window]
    return between(shift(last, 1 - measure.length), last)


def delivered(report_month: str, deliveries: dict[str, dict[str, list[tuple]]]) -> list[tuple]:
    """One delivery: the ranks of the last one, from which every force's value wanders in earlier windows."""
    known, known_last = known_at(report_month, deliveries), known_at(MONTHS[-1], deliveries)
    rows = []
    for name, measure in MEASURES.items():
        months, last = window(report_month, measure), window(MONTHS[-1], measure)
        own, own_last = measure.value(known, months), measure.value(known_last, last)
        own_rank, fixed = RANKS[name]
        sign = 1 if measure.higher_is_better else -1
        wandering = 0.0 if months == last else 1.3 * measure.step

        def written(force: str, value: float, held: tuple = (name, months[0], months[-1])) -> tuple:
            return (*held, force, f"{value:.6f}")

        for force, rank in ranked(name, own_rank, fixed, measure.surveyed).items():
            if force == OWN:
                rows.append(written(force, own))
                continue
            ahead = sign * measure.step * (own_rank - rank + 0.3 * noise(name, force, "ahead"))
            base = own_last + 0.6 * (own - own_last) * (wandering > 0)
            rows.append(written(force, base + ahead + wandering * noise(name, force, months[-1])))
        everyone = own_last + measure.everyone
        if name == "satisfaction_gap" and months == last:
            everyone = published.GAP_ACROSS_ENGLAND_AND_WALES
        rows.append(written(EVERYONE, everyone + 0.4 * wandering * noise(name, months[-1])))
    return rows


def deliveries(others: dict[str, dict[str, list[tuple]]]) -> dict[str, list[tuple]]:
    """Every delivery of peer forces, from the other extracts' own deliveries."""
    return {month: delivered(month, others) for month in between("2008-04", MONTHS[-1])}
