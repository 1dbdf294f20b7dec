"""Deliveries of the surveys: victims' satisfaction, public attitudes, the British Crime Survey."""

from collections.abc import Sequence

from raw._sample import published
from raw._sample.boroughs import spread
from raw._sample.months import MONTHS, QUARTER_ENDS, between, shift
from raw._sample.solve import Share, noise, numerators, varied, whole

SATISFACTION_COLUMNS = ("month", "victim_group", "respondents", "satisfied")
QUESTION_COLUMNS = ("month", "question", "respondents", "agreed")

# White and BME respondents a quarter, 12,400 a year: a margin of error of 1.6 points (2009-08/2b/3).
RESPONDENTS = {"white": 2_050, "bme": 1_050, "not_stated": 150}
DELIVERED_LATE = {"2008-09": "2008-10"}
BRITISH_CRIME_SURVEY_LAG = 3


def quarter(ending: str) -> list[str]:
    """The months of a quarter that the sample holds."""
    return [month for month in between(shift(ending, -2), ending) if month in MONTHS]


def satisfied_in_quarter(ending: str, respondents: dict[str, int]) -> dict[str, int]:
    """How many of each group were satisfied: the whole people that come nearest to the overall and the gap."""
    overall, gap = (figure / 100 for figure in published.SATISFACTION[ending])
    white, bme, other = (respondents[group] for group in RESPONDENTS)
    of_other = round((overall - 0.02) * other)
    middle = round(overall * (white + bme + other))

    def distance(candidate: tuple[int, int]) -> tuple[float, int, int]:
        of_white, of_bme = candidate
        missed = (of_white + of_bme + of_other) / (white + bme + other) - overall
        return (round(abs(of_white / white - of_bme / bme - gap) + abs(missed), 12), of_white, of_bme)

    of_bme = round((overall - gap * white / (white + bme)) * bme)
    candidates = [
        (total - of_other - fewer, fewer)
        for total in range(middle - 1, middle + 2)
        for fewer in range(of_bme - 5, of_bme + 6)
    ]
    best = min(candidates, key=distance)
    return {"white": best[0], "bme": best[1], "not_stated": of_other}


def satisfaction() -> dict[str, list[tuple]]:
    """Every delivery of user satisfaction; the quarter to Sep-08 comes a month late."""
    found = {}
    for ending in QUARTER_ENDS:
        months = quarter(ending)
        asked = {
            group: round(n * len(months) / 3 * (1 + 0.02 * noise(ending, group))) for group, n in RESPONDENTS.items()
        }
        satisfied = satisfied_in_quarter(ending, asked)
        rows = {month: [] for month in months}
        for group, number in asked.items():
            weights = [1 + 0.05 * noise(month, group, "asked") for month in months]
            by_month = spread(number, weights)
            happy = spread(satisfied[group], by_month, by_month)
            for month, people, content in zip(months, by_month, happy, strict=True):
                rows[month].append((month, group, people, content))
        found[DELIVERED_LATE.get(ending, ending)] = [row for month in months for row in rows[month]]
    return found


def question(name: str, asked: int, rate: float, shares: Sequence[Share]) -> dict[str, tuple]:
    """The monthly rows of one survey question."""
    respondents = whole(varied(dict.fromkeys(MONTHS, float(asked)), 0.04, name, "asked"))
    rates = varied(dict.fromkeys(MONTHS, rate), 0.02, name)
    agreed = numerators(respondents, rates, shares)
    return {month: (month, name, respondents[month], agreed[month]) for month in MONTHS}


def public_attitudes() -> dict[str, list[tuple]]:
    """Every delivery of the public attitude survey, in the month its quarter ends."""
    rows = question("treat_with_respect", 1_670, 0.765, published.RESPECT)
    return {ending: [rows[month] for month in quarter(ending)] for ending in QUARTER_ENDS}


def british_crime_survey() -> dict[str, list[tuple]]:
    """Every delivery of the British Crime Survey, a quarter after the one it holds."""
    questions = (
        question("local_police_do_a_good_job", 310, 0.535, published.GOOD_JOB),
        question("police_and_council_deal_with_asb", 310, 0.47, published.ANTISOCIAL_BEHAVIOUR),
    )
    return {
        shift(ending, BRITISH_CRIME_SURVEY_LAG): [rows[month] for month in quarter(ending) for rows in questions]
        for ending in QUARTER_ENDS
        if shift(ending, BRITISH_CRIME_SURVEY_LAG) in MONTHS
    }
