"""A catalogue cannot ask for what means nothing: each such row is refused, with the cell and what to write instead."""

import shutil
from pathlib import Path

import pytest

from orchestration import catalogue, settings
from tests.catalogue.test_catalogue import Seeds, at

YEAR = "2009/10"
# columns of a row that is added, with what most of them leave empty
INDICATOR = {
    "financial_year": YEAR,
    "position": "99",
    "line": "9z",
    "section": "Safety",
    "title": "A line that is tried",
    "basis": "rolling_year",
    "direction": "higher_is_better",
    "amber_tolerance": "0.1",
    "decimals": "0",
    "latest_text": "{latest}",
}
FIGURE = {"financial_year": YEAR, "name": "tried", "basis": "rolling_year", "decimals": "0"}


def indicator(kind: str, measure: str, unit: str = "number", **cells: str) -> tuple[str, dict]:
    text = {"target_text": "{target}" if "target" in cells else "Tracking"}
    return "indicators", INDICATOR | text | {"kind": kind, "measure": measure, "unit": unit} | cells


def figure(line: str, statistic: str, measure: str, unit: str = "number", **cells: str) -> tuple[str, dict]:
    return "figures", FIGURE | {"line": line, "statistic": statistic, "measure": measure, "unit": unit} | cells


def part(measure: str, name: str, series: str, weight: str = "1") -> tuple[str, dict]:
    return "measures", {"measure": measure, "part": name, "series": series, "weight": weight}


def one(name: str, extract: str, **cells: str) -> tuple[str, dict]:
    typed = {"level": "whole", "unit": "count", "counts": "systems", "months_covered": "1", "over_time": "sum"}
    return "series", {"series": name, "extract": extract} | typed | cells


def added(seeds: Seeds, *rows: tuple[str, dict]) -> None:
    for table, cells in rows:
        header, *old = seeds.read(table)
        assert cells.keys() <= set(header)
        seeds.write(table, [header, *old, [cells.get(column, "") for column in header]])


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    return Seeds(Path(shutil.copytree(settings.CATALOGUE, tmp_path / "reference")))


RATE = "most_serious_violence_detection_rate"
SYSTEMS = "ict_systems_on_target"
# by what it would mean: the rows that are added, the column of the last of them, what is wrong and what to write
NONSENSE: dict[str, tuple[list[tuple[str, dict]], str, str]] = {
    "one month sold as the year": (
        [indicator("total", "criminal_networks_disrupted", basis="financial_year")],
        "basis",
        "a total over the financial_year is not defined: the financial year is known when it is over, and only a "
        "forecast is of it before; write year_to_date, rolling_year, quarter or latest",
    ),
    "k of n added up over a year": (
        [indicator("k_of_n", SYSTEMS, "of", target="8")],
        "basis",
        "a k_of_n over the rolling_year is not defined: ict_systems_on_target is so many of a whole at one time, so "
        "that values of several months are not combined; write quarter or latest",
    ),
    "k of n in per cent": (
        [indicator("k_of_n", SYSTEMS, "percent", basis="latest")],
        "unit",
        "a k_of_n of ict_systems_on_target is not printed as percent: write of or number",
    ),
    "k of n of what adds up": (
        [indicator("k_of_n", RATE, "of")],
        "kind",
        "k of n counts how many of all there are, at",
    ),
    "half a system": (
        [indicator("k_of_n", SYSTEMS, "of", basis="latest", decimals="1")],
        "decimals",
        "a k_of_n is a whole number: write 0",
    ),
    "twelve forecasts added up": (
        [indicator("total", "efficiency_gains_one_year", "pounds_millions")],
        "basis",
        "a total over the rolling_year is not defined: efficiency_gains_one_year is a state or a forecast, of which "
        "only the last value counts, so that values of several months are not combined; write latest",
    ),
    "a forecast of what was counted": (
        [indicator("forecast", "robbery", basis="financial_year")],
        "kind",
        "a forecast is supplied for the year, and the latest one counts, but robbery is counts or amounts of its "
        "months, which add up: write total, monthly_average or percentage_change",
    ),
    "a forecast over a rolling year": (
        [figure("6a", "forecast", "efficiency_gains_one_year", "pounds_millions")],
        "basis",
        "a forecast over the rolling_year is not defined",
    ),
    "a total in per cent": (
        [indicator("total", "robbery", "percent")],
        "unit",
        "a total of robbery is not printed as percent: write number",
    ),
    "a total as an ordinal": (
        [indicator("total", "robbery", "ordinal")],
        "unit",
        "a total of robbery is not printed as",
    ),
    "crimes in millions of pounds": (
        [indicator("total", "robbery", "pounds_millions")],
        "unit",
        "a total of robbery is",
    ),
    "a total of a rate": (
        [indicator("total", RATE)],
        "kind",
        f"a total adds up counts or amounts, but {RATE} is a part of a whole: write percentage, percentage_change, "
        "change_in_points, gap or ratio_of_shares",
    ),
    "a share of nothing": ([indicator("percentage", "robbery", "percent")], "kind", "a percentage divides one sum by"),
    "a % change in points": (
        [indicator("percentage_change", "robbery", "points")],
        "unit",
        "a percentage_change of robbery is not printed as points: write percent",
    ),
    "a gap of a measure with itself": (
        [indicator("gap", RATE, "points", compare_measure=RATE)],
        "compare_measure",
        f"a gap of {RATE} with itself says nothing: name another measure",
    ),
    "a gap of a share and a rate": (
        [indicator("gap", "satisfaction_white", "points", compare_measure="knife_crime_rate")],
        "compare_measure",
        "satisfaction_white is a part of a whole, knife_crime_rate is a rate of two different things: name a measure "
        "of the same kind",
    ),
    "another measure that nothing reads": (
        [indicator("total", "robbery", compare_measure="knife_crime")],
        "compare_measure",
        "'knife_crime' has no effect on a total: leave it empty",
    ),
    "the kind of a line without a measure": (
        [("indicators", {**INDICATOR, "basis": "", "kind": "total", "not_judged": "reported separately"})],
        "kind",
        "'total' has no effect on a line without a measure: leave it empty",
    ),
    "a tolerance below zero": (
        [indicator("total", "robbery", target="9", amber_tolerance="-0.1")],
        "amber_tolerance",
        "'-0.1' is not a part of the target: write 0 or more and less than 1, as 0.05",
    ),
    "a tolerance of five times the target": (
        [indicator("total", "robbery", target="9", amber_tolerance="5")],
        "amber_tolerance",
        "'5' is not a part of the target",
    ),
    "seven decimals": (
        [indicator("total", "robbery", decimals="7")],
        "decimals",
        "'7' is not a number of decimals that can be printed: write 0 to 6",
    ),
    "words of a change for a level": (
        [indicator("total", "robbery", sign="up_or_down")],
        "sign",
        "'up_or_down' is of a change, and a total is none: leave it empty",
    ),
    "a window to compare with that nothing reads": (
        [figure("4b", "total", "robbery", against="year_before")],
        "against",
        "'year_before' has no effect on a total: leave it empty",
    ),
    "a year to date against a quarter before": (
        [figure("4b", "change", "robbery", basis="year_to_date", against="quarter_before")],
        "against",
        "a year to date has as many months a year before only: write year_before, not quarter_before",
    ),
    "a group of peers that nothing reads": (
        [figure("4b", "total", "robbery", peer_group="most_similar_forces")],
        "peer_group",
        "'most_similar_forces' has no effect on a total: leave it empty",
    ),
    "a number that nothing reads": ([figure("4b", "total", "robbery", number="9")], "number", "'9' has no effect on a"),
    "a rank on a narrative row": (
        [figure("5a", "rank", RATE, "ordinal", peer_group="most_similar_forces")],
        "statistic",
        "line 5a has no direction, so no place is the best: give it a measure and a direction",
    ),
    "a rank less a rank": (
        [figure("4a", "rank", RATE, "ordinal", peer_group="most_similar_forces", less="rank_msf")],
        "less",
        "'rank_msf' has no effect on a rank: leave it empty",
    ),
    "a figure less itself": (
        [figure("4b", "total", "robbery", less="tried")],
        "less",
        "tried less tried: a figure cannot be less itself; name one that ends the chain",
    ),
    "two figures each less the other": (
        [
            figure("4b", "total", "robbery", less="tried"),
            figure("4b", "total", "robbery", name="other", less="third"),
            figure("4b", "total", "robbery", name="third", less="other"),
        ],
        "less",
        "third less other less third: a figure cannot be less itself; name one that ends the chain",
    ),
    "per cent less a number": (
        [figure("4b", "percentage", RATE, "percent", less="target")],
        "less",
        "'target' is in numbers, tried in percent: subtract a figure of the same unit",
    ),
    "less a figure of another line": (
        [figure("4b", "total", "robbery", less="burglary_difference")],
        "less",
        "'burglary_difference' is not a figure of line 4b",
    ),
    "a monthly target of a monthly target": (
        [
            indicator("monthly_average", "robbery", target="9"),
            figure("9z", "target_monthly_average", "", basis=""),
        ],
        "statistic",
        "the target of line 9z is for a monthly_average over the rolling_year, not for twelve months: write target, or "
        "take the figure out",
    ),
    "a monthly target of no target": (
        [figure("1b", "target_monthly_average", "", "percent", basis="")],
        "statistic",
        "line 1b has no target, which a target_monthly_average needs: set one, or take the figure out",
    ),
    "what is required of the months after a rolling year": (
        [figure("3c", "required_rate", RATE, "percent")],
        "basis",
        "a required_rate over the rolling_year is not defined: the required rate is what the months left of the year "
        "must bring; write year_to_date",
    ),
    "what was required a year before": (
        [figure("3c", "required_rate", RATE, "percent", basis="year_to_date", ends="year_before")],
        "ends",
        "'year_before' has no effect on a required_rate: leave it empty",
    ),
    "what another line's target requires": (
        [figure("3d", "required_rate", RATE, "percent", basis="year_to_date")],
        "measure",
        f"the target of line 3d is not one of the rate of {RATE}: take a figure of its own line",
    ),
    "what a rate per head requires of the months left": (
        [
            indicator("percentage", "knife_crime_rate", "percent", basis="year_to_date", target="0.001"),
            figure("9z", "required_rate", "knife_crime_rate", "percent", basis="year_to_date"),
        ],
        "measure",
        "knife_crime_rate rests on a stock, which its months do not add up: take the figure out",
    ),
    "a mean that comes due over the year": (
        [
            part("residents", "numerator", "population"),
            indicator("total", "residents", basis="year_to_date", target="9", phasing="linear"),
        ],
        "phasing",
        "'linear' has no effect on a line that is not a total of the year to date, of what adds up, with one target",
    ),
    "a period that is no window": (
        [figure("4b", "total", "robbery", from_month="2008-04-01", to_month="2009-02-01")],
        "from_month",
        "'2008-04-01' to '2009-02-01' is not the rolling_year that ends then: write 2008-03-01, or another basis",
    ),
    "a quarter's value for its last month": (
        [figure("6c", "k_of_n", SYSTEMS, "of", basis="latest", from_month="2009-06-01", to_month="2009-06-01")],
        "from_month",
        "'2009-06-01' to '2009-06-01' is not the latest that ends then: write 2009-04-01, or another basis",
    ),
    "pounds out of n": (
        [
            one("saved", "financial_forecasts", unit="money", counts="pounds", over_time="last"),
            part("saved_of_spent", "numerator", "saved"),
            part("saved_of_spent", "denominator", "saved"),
            indicator("k_of_n", "saved_of_spent", "of", basis="latest"),
        ],
        "measure",
        "k of n counts how many of all there are, at one time, but saved_of_spent is in money: write percentage, or",
    ),
    "a rate per head less a rate per offence": (
        [
            one("patrols", "financial_forecasts", counts="patrols"),
            one("people_in_post", "population", counts="people", over_time="mean"),
            one("people_met", "financial_forecasts", counts="people"),
            part("patrols_a_head", "numerator", "patrols"),
            part("patrols_a_head", "denominator", "people_in_post"),
            part("patrols_a_person_met", "numerator", "patrols"),
            part("patrols_a_person_met", "denominator", "people_met"),
            indicator("gap", "patrols_a_head", "number", compare_measure="patrols_a_person_met"),
        ],
        "compare_measure",
        "patrols_a_head and patrols_a_person_met combine their months as sum over mean and sum over sum: name a",
    ),
    "a period without an end": (
        [figure("4b", "total", "robbery", from_month="2008-04-01")],
        "to_month",
        "it is empty: a fixed period has a first and a last month",
    ),
    "a period that ends before it begins": (
        [figure("6a", "target", "", "percent", basis="", number="1", from_month="2009-04-01", to_month="2008-04-01")],
        "to_month",
        "'2008-04-01' is before the first month, 2009-04-01",
    ),
    "a period and another end": (
        [figure("4b", "total", "robbery", ends="last_march", from_month="2008-04-01", to_month="2009-03-01")],
        "ends",
        "the period ends in 2009-03-01 already: leave it empty",
    ),
    "the period of a rank": (
        [figure("4a", "rank", RATE, "ordinal", peer_group="most_similar_forces", from_month="2008-04-01")],
        "from_month",
        "'2008-04-01' has no effect on a rank: leave it empty",
    ),
    "incidents added to crimes": (
        [part("harm", "numerator", "knife_offences"), part("harm", "numerator", "killed_casualties")],
        "series",
        "killed_casualties counts casualties, the other series of the numerator of harm offences: casualties are not "
        "added to offences; give them measures of their own",
    ),
    "a population added to its crimes": (
        [part("harm", "numerator", "knife_offences"), part("harm", "numerator", "population")],
        "series",
        "population counts people, the other series of the numerator of harm offences",
    ),
    "monthly series added to quarterly ones": (
        [
            one("faults", "criminal_networks"),
            one("faults_of_a_quarter", "ict_availability", months_covered="3"),
            part("all_faults", "numerator", "faults"),
            part("all_faults", "numerator", "faults_of_a_quarter"),
        ],
        "series",
        "faults_of_a_quarter has values of 3 months, the other series of all_faults of 1: they cannot be added up or",
    ),
    "a forecast added to what was counted": (
        [
            part("all_assets", "numerator", "restraint_value"),
            part("all_assets", "numerator", "assets_recovered_outturn_forecast"),
        ],
        "series",
        "assets_recovered_outturn_forecast counts by last over time, the other series of all_assets by sum: they",
    ),
    "a stock by what adds up": (
        [part("heads", "numerator", "population"), part("heads", "denominator", "knife_offences")],
        "series",
        "knife_offences adds up over time, population is a stock: divide a stock by a stock",
    ),
    "a weight of nothing": (
        [part("harm", "numerator", "knife_offences", "0")],
        "weight",
        "'0' is no weight: write a number above 0 with up to 2 decimals, as 0.5; take out the row of a series that",
    ),
    "a weight finer than sums": (
        [part("harm", "numerator", "knife_offences", "0.125")],
        "weight",
        "'0.125' is no weight",
    ),
    "half of an amount": (
        [part("harm", "numerator", "restraint_value", "0.5")],
        "weight",
        "'0.5' is of a series that has decimals itself: write a whole number for restraint_value",
    ),
    "a weight below nothing": ([part("harm", "numerator", "knife_offences", "-3")], "weight", "'-3' is no weight"),
    "a denominator alone": (
        [part("harm", "denominator", "knife_offences")],
        "part",
        "harm has no numerator: write numerator for what it counts",
    ),
    "a value of seven months": (
        [one("faults", "criminal_networks", months_covered="7")],
        "months_covered",
        "'7' is no cadence: write 1, 3 or 12",
    ),
    "a quarterly stock": (
        [one("staff", "criminal_networks", months_covered="3", over_time="mean")],
        "months_covered",
        "staff is a stock, which holds month by month until the next value is known: write 1",
    ),
    "a stock in an extract of what adds up": (
        [one("staff", "recorded_crime", level="area", over_time="mean")],
        "over_time",
        "the other series of recorded_crime count by sum, and an extract holds for later months as a whole or not at "
        "all: write sum, or declare a source",
    ),
    "the highest month of quarters": (
        [
            one("faults", "ict_availability", months_covered="3"),
            part("faults", "numerator", "faults"),
            figure("6c", "highest_month", "faults"),
        ],
        "measure",
        "faults has a value every 3 months only: take a measure of monthly series",
    ),
    "a quarter of a yearly series": (
        [
            one("faults", "criminal_networks", months_covered="12"),
            part("faults", "numerator", "faults"),
            figure("6c", "total", "faults", basis="quarter"),
        ],
        "basis",
        "a total over the quarter is not defined: faults has one value for 12 months; write rolling_year or latest",
    ),
    "a monthly average of a stock": (
        [
            one("staff", "criminal_networks", over_time="mean"),
            part("staff", "numerator", "staff"),
            figure("6b", "monthly_average", "staff"),
        ],
        "statistic",
        "a monthly average divides a sum by its months, but staff is a stock, which enters a window by its mean: write "
        "total or percentage_change",
    ),
}


@pytest.mark.parametrize("rows, column, problem", NONSENSE.values(), ids=NONSENSE)
def test_what_means_nothing_is_refused_with_the_cell_and_what_to_write(seeds, rows, column, problem):
    added(seeds, *rows)
    table = rows[-1][0]
    place = at(table, len(seeds.read(table)), column)
    problems = seeds.problems()
    assert any(found.startswith(place + problem) for found in problems), problems


# what looks like one of these and means something
SENSE: dict[str, list[tuple[str, dict]]] = {
    "a total of the year so far": [indicator("total", "robbery", basis="year_to_date", target="159")],
    "how far below the target a percentage is": [
        figure("1a", "percentage", "police_and_council_deal_with_asb", "percent", less="target")
    ],
    "how far below its target a % change is": [
        figure("4a", "percentage_change", "serious_acquisitive_crime", "percent", less="target")
    ],
    "how many of n are below target": [figure("6c", "k_of_n", SYSTEMS, "of", basis="latest", less="target")],
    "less the latest figure": [figure("4b", "total", "criminal_networks_disrupted", ends="last_march", less="latest")],
    "less the figure a year before": [figure("4b", "total", "criminal_networks_disrupted", less="year_before")],
    "a chain of three": [
        figure("4b", "total", "robbery", less="second"),
        figure("4b", "total", "robbery", name="second", less="third"),
        figure("4b", "total", "robbery", name="third", less="target"),
    ],
    "the % change of a rate": [
        indicator("percentage_change", "robbery_detection_rate", "percent", sign="signed", target="0.05")
    ],
    "an average of money to the penny": [figure("4c", "monthly_average", "assets_recovered", decimals="2")],
    "the last financial year as a fixed period": [
        figure("4b", "total", "robbery", from_month="2008-04-01", to_month="2009-03-01")
    ],
    "a fixed quarter": [
        figure("4b", "total", "robbery", basis="quarter", from_month="2009-04-01", to_month="2009-06-01")
    ],
    "a rate per head": [indicator("percentage", "knife_crime_rate", "percent", decimals="4")],
    "an average amount": [
        part("value_of_a_case", "numerator", "restraint_value"),
        part("value_of_a_case", "denominator", "restraint_cases"),
        figure("4c", "percentage", "value_of_a_case", "pounds_millions", decimals="2"),
    ],
    "a stock at its mean": [part("residents", "numerator", "population"), figure("6b", "total", "residents")],
    "a quarter's k of n": [figure("6c", "k_of_n", SYSTEMS, "of", basis="quarter")],
    "a rank of a line with a direction": [
        figure("3c", "rank", RATE, "ordinal", name="again", peer_group="most_similar_forces", basis="year_to_date")
    ],
    "a gap of satisfaction": [indicator("gap", "satisfaction_white", "points", compare_measure="satisfaction_bme")],
    "shares of different people": [
        figure("6b", "gap", "minority_ethnic_recruits", "points", compare_measure="treat_with_respect")
    ],
    "a change in the monthly average since March": [
        figure(
            "4d",
            "change_in_monthly_average",
            "class_a_trafficking_detections",
            against="last_march",
            basis="year_to_date",
        )
    ],
    "the target of the year by the month": [figure("4d", "target_monthly_average", "", basis="", name="again")],
}


@pytest.mark.parametrize("rows", SENSE.values(), ids=SENSE)
def test_what_means_something_is_accepted(seeds, rows):
    added(seeds, *rows)
    catalogue.check(seeds.folder)
