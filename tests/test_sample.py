"""The sample deliveries: what the program writes is what stands in raw/, and it adds up to the published figures."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from raw._sample import __main__ as sample
from raw._sample.boroughs import BOROUGHS
from raw._sample.months import LAST, MONTHS, between, shift
from raw._sample.population import effective

RAW = Path(__file__).resolve().parent.parent / "raw"
READERS = {
    ".csv": pl.read_csv,
    ".parquet": pl.read_parquet,
    ".xlsx": lambda path: pl.read_excel(path, engine="openpyxl"),
}
JAN, AUG = "2009-01", "2009-08"

BURGLARY, ROBBERY = ["residential_burglary"], ["personal_robbery", "business_robbery"]
VEHICLE = ["theft_from_vehicle", "theft_or_taking_of_vehicle"]
ACQUISITIVE = BURGLARY + ROBBERY + VEHICLE
VIOLENCE, SEXUAL = ["most_serious_violence", "assault_with_injury"], ["serious_sexual_offences"]
GUNS = ["handgun", "shotgun", "imitation_firearm", "air_weapon", "other_firearm"]
COCAINE, HEROIN = ["cocaine", "crack"], ["heroin"]
RECOVERED = ["cash_forfeiture_order", "confiscation_order"]


def files(extract: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted((RAW / extract).iterdir()) if path.stem <= LAST}


@cache
def delivered(extract: str, month: str) -> pl.DataFrame:
    path = files(extract)[month]
    return READERS[path.suffix](path)


@cache
def known(extract: str, report_month: str) -> pl.DataFrame:
    """The rows as known at the report month: for each month the latest delivery that holds it, whole."""
    frames = [
        delivered(extract, month).with_columns(delivery=pl.lit(month))
        for month in files(extract)
        if month <= report_month
    ]
    return pl.concat(frames).filter(pl.col("delivery") == pl.col("delivery").max().over("month"))


def total(at, counted, window, names=()) -> Fraction:
    """The sum of `counted` (extract, column) over the window's months, every one of which must be there."""
    extract, column = counted
    rows = known(extract, at).filter(pl.col("month").is_between(*map(pl.lit, window)))
    assert sorted(rows["month"].unique()) == between(*window)
    if names:
        rows = rows.filter(pl.any_horizontal(pl.col(pl.String).is_in(list(names))))
    return Fraction(sum(map(Decimal, map(str, rows[column]))))


def printed(value: Fraction, decimals: int) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return str(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def year_before(window) -> tuple[str, ...]:
    return tuple(shift(month, -12) for month in window)


def change(at, counted, window, names=()):
    return total(at, counted, window, names) - total(at, counted, year_before(window), names)


def percent(at, counted, window, names=()):
    return 100 * change(at, counted, window, names) / total(at, counted, year_before(window), names)


def share(at, parts, window, names=()):
    extract, part, whole = parts
    return 100 * total(at, (extract, part), window, names) / total(at, (extract, whole), window, names)


def average(at, counted, window, names=()):
    return total(at, counted, window, names) / len(between(*window))


def gap(at, window):
    return share(at, SATISFIED, window, ["white"]) - share(at, SATISFIED, window, ["bme"])


CRIME, SD = ("recorded_crime", "offences"), ("recorded_crime", "sanction_detections", "offences")
WEAPON = ("weapon_enabled_crime", "offences")
DRUGS, ASSETS = ("class_a_trafficking", "sanction_detections"), ("asset_recovery", "value_gbp")
ARRESTS, YOUTH = ("domestic_violence", "arrests", "offences"), ("youth_violence", "victims_under_20")
NETWORKS, ROADS = ("criminal_networks", "networks_disrupted"), ("road_casualties", "casualties")
SATISFIED = ("user_satisfaction", "satisfied", "respondents")
SURVEY = ("british_crime_survey", "agreed", "respondents")
RECRUITS = ("officer_recruitment", "minority_ethnic_recruits", "recruits")
RY_JAN, YTD_JAN = ("2008-02", "2009-01"), ("2008-04", "2009-01")
RY_AUG, YTD_AUG = ("2008-09", "2009-08"), ("2009-04", "2009-08")

# what is printed, and how it is computed: statistic, report month, extract and columns, window, names
FIGURES = [
    ("77.8", share, JAN, SATISFIED, ("2008-01", "2008-12"), ()),
    ("77.4", share, JAN, SATISFIED, ("2008-04", "2008-06"), ()),
    ("75.9", share, JAN, SATISFIED, ("2008-07", "2008-09"), ()),
    ("78.2", share, JAN, SATISFIED, ("2008-10", "2008-12"), ()),
    ("76.9", share, JAN, SATISFIED, ("2007-04", "2008-03"), ()),
    ("77.3", share, AUG, SATISFIED, ("2008-07", "2009-06"), ()),
    ("77.7", share, AUG, SATISFIED, ("2008-04", "2009-03"), ()),
    ("54.2", share, JAN, SURVEY, ("2007-10", "2008-09"), ["local_police_do_a_good_job"]),
    ("53.7", share, JAN, SURVEY, ("2007-07", "2008-06"), ["local_police_do_a_good_job"]),
    ("55.1", share, AUG, SURVEY, ("2008-04", "2009-03"), ["local_police_do_a_good_job"]),
    ("49.3", share, AUG, SURVEY, ("2008-04", "2009-03"), ["police_and_council_deal_with_asb"]),
    ("77", share, AUG, ("public_attitude_survey", *SURVEY[1:]), ("2008-07", "2009-06"), ()),
    ("-7.5", percent, JAN, CRIME, RY_JAN, ACQUISITIVE),
    ("-0.8", percent, JAN, CRIME, RY_JAN, BURGLARY),
    ("-453", change, JAN, CRIME, RY_JAN, BURGLARY),
    ("-16.5", percent, JAN, CRIME, RY_JAN, ROBBERY),
    ("-6405", change, JAN, CRIME, RY_JAN, ROBBERY),
    ("-7.9", percent, JAN, CRIME, RY_JAN, VEHICLE),
    ("-9552", change, JAN, CRIME, RY_JAN, VEHICLE),
    ("10.8", share, JAN, SD, RY_JAN, ACQUISITIVE),
    ("14.4", share, JAN, SD, RY_JAN, BURGLARY),
    ("17.6", share, JAN, SD, RY_JAN, ROBBERY),
    ("6.9", share, JAN, SD, RY_JAN, VEHICLE),
    ("-2.7", percent, JAN, CRIME, RY_JAN, VIOLENCE),
    ("32.0", share, JAN, SD, RY_JAN, VIOLENCE + SEXUAL),
    ("32.3", share, JAN, SD, RY_JAN, VIOLENCE),
    ("28.6", share, JAN, SD, RY_JAN, SEXUAL),
    ("-912", change, "2009-04", CRIME, ("2008-03", "2009-02"), BURGLARY),
    ("-1.5", percent, "2009-04", CRIME, ("2008-03", "2009-02"), BURGLARY),
    ("-686", change, "2009-04", CRIME, ("2008-04", "2009-03"), BURGLARY),
    ("-1.1", percent, "2009-04", CRIME, ("2008-04", "2009-03"), BURGLARY),
    ("-16230", change, "2009-04", CRIME, ("2008-05", "2009-04"), ACQUISITIVE),
    ("-7.5", percent, "2009-04", CRIME, ("2008-05", "2009-04"), ACQUISITIVE),
    ("-5.1", percent, AUG, CRIME, RY_AUG, ACQUISITIVE),
    ("2.6", percent, AUG, CRIME, RY_AUG, BURGLARY),
    ("1573", change, AUG, CRIME, RY_AUG, BURGLARY),
    ("-4.4", percent, AUG, CRIME, RY_AUG, ROBBERY),
    ("-1527", change, AUG, CRIME, RY_AUG, ROBBERY),
    ("-9.3", percent, AUG, CRIME, RY_AUG, VEHICLE),
    ("-10748", change, AUG, CRIME, RY_AUG, VEHICLE),
    ("0.5", percent, AUG, CRIME, YTD_AUG, VIOLENCE[:1]),
    ("1.7", percent, AUG, CRIME, YTD_AUG, VIOLENCE),
    ("32", share, AUG, SD, YTD_AUG, VIOLENCE[:1]),
    ("28.1", share, AUG, SD, RY_AUG, SEXUAL),
    ("23.7", share, AUG, SD, YTD_AUG, SEXUAL),
    ("-23.7", percent, JAN, WEAPON, RY_JAN, GUNS),
    ("2244", total, JAN, WEAPON, ("2007-12", "2008-11"), GUNS),
    ("-13.7", percent, JAN, WEAPON, YTD_JAN, ["knife"]),
    ("-1625", change, AUG, WEAPON, ("2008-05", "2009-04"), ["knife"]),
    ("-11.7", percent, AUG, WEAPON, ("2008-05", "2009-04"), ["knife"]),
    ("-1413", change, AUG, WEAPON, ("2008-08", "2009-07"), ["knife"]),
    ("-10.4", percent, AUG, WEAPON, ("2008-08", "2009-07"), ["knife"]),
    ("-15.0", percent, JAN, ROADS, RY_JAN, ()),
    ("-11.5", percent, JAN, ROADS, RY_JAN, ["killed"]),
    ("200", total, JAN, ROADS, RY_JAN, ["killed"]),
    ("226", total, JAN, ROADS, ("2007-02", "2008-01"), ["killed"]),
    ("3294", total, AUG, ROADS, ("2008-04", "2009-03"), ()),
    ("3526", total, AUG, ROADS, ("2008-01", "2008-12"), ()),
    ("204", total, AUG, ROADS, ("2008-01", "2008-12"), ["killed"]),
    ("70.3", share, JAN, ARRESTS, RY_JAN, ()),
    ("72.0", share, JAN, ARRESTS, YTD_JAN, ()),
    ("-10.1", percent, JAN, YOUTH, YTD_JAN, ()),
    ("-1914", change, JAN, YOUTH, YTD_JAN, ()),
    ("-1350", change, JAN, YOUTH, ("2008-04", "2008-11"), ()),
    ("-2163", change, AUG, YOUTH, ("2008-04", "2009-02"), ()),
    ("31.5", average, JAN, NETWORKS, RY_JAN, ()),
    ("30.1", average, JAN, NETWORKS, YTD_JAN, ()),
    ("386", total, AUG, NETWORKS, RY_AUG, ()),
    ("31.8", average, AUG, NETWORKS, YTD_AUG, ()),
    ("239", average, JAN, ("asset_recovery", "cases"), YTD_JAN, ["restraint", "cash_seizure"]),
    ("12", total, AUG, ASSETS, ("2008-08", "2008-08"), RECOVERED),
    ("43.8", total, AUG, ASSETS, RY_AUG, RECOVERED),
    ("2.6", average, AUG, ASSETS, YTD_AUG, RECOVERED),
    ("9.6", total, AUG, ASSETS, ("2009-03", "2009-03"), RECOVERED),
    ("1.3", total, AUG, ASSETS, ("2009-08", "2009-08"), RECOVERED),
    ("215", average, JAN, DRUGS, RY_JAN, ()),
    ("143", average, JAN, DRUGS, RY_JAN, COCAINE),
    ("57", average, JAN, DRUGS, RY_JAN, HEROIN),
    ("2500", total, AUG, DRUGS, RY_AUG, ()),
    ("1595", total, AUG, DRUGS, RY_AUG, COCAINE),
    ("755", total, AUG, DRUGS, RY_AUG, HEROIN),
    ("216", average, AUG, DRUGS, YTD_AUG, ()),
    ("141", average, AUG, DRUGS, YTD_AUG, COCAINE),
    ("66", average, AUG, DRUGS, YTD_AUG, HEROIN),
    ("14.9", share, AUG, RECRUITS, RY_AUG, ()),
    ("16.2", share, AUG, RECRUITS, ("2008-04", "2009-03"), ()),
]


def told(case: tuple) -> str:
    printed, statistic, known, (extract, *_), window, words = case
    return f"{known} {extract} {statistic.__name__} {printed} {' '.join(map(str, window))} {' '.join(map(str, words))}"


@pytest.mark.parametrize("case", FIGURES, ids=told)
def test_a_published_figure_comes_out_of_the_deliveries(case):
    figure, statistic, at, counted, window, names = case
    value = statistic(at, counted, window, names) / (10**6 if counted == ASSETS else 1)
    assert printed(value, len(figure.partition(".")[2])) == figure


@pytest.mark.parametrize(
    ("figure", "at", "window"),
    [
        ("4.8", JAN, ("2008-01", "2008-12")),
        ("3.1", JAN, ("2008-04", "2008-06")),
        ("6.3", JAN, ("2008-07", "2008-09")),
        ("4.1", JAN, ("2008-10", "2008-12")),
        ("4.8", JAN, ("2007-04", "2008-03")),
        ("5.5", AUG, ("2008-07", "2009-06")),
    ],
)
def test_a_published_satisfaction_gap_comes_out_of_the_deliveries(figure, at, window):
    assert printed(gap(at, window), 1) == figure


def test_the_margin_of_error_of_the_gap_is_the_published_one():
    variance, window = 0.0, ("2008-07", "2009-06")
    for group in ("white", "bme"):
        asked = total(AUG, (SATISFIED[0], "respondents"), window, [group])
        rate = share(AUG, SATISFIED, window, [group]) / 100
        variance += float(rate * (1 - rate) / asked)
    assert printed(Fraction(196 * variance**0.5), 1) == "1.6"


def test_the_detection_rate_required_of_the_last_two_months_was_never_reached():
    committed, detected = total(JAN, CRIME, YTD_JAN, ACQUISITIVE), total(JAN, SD[:2], YTD_JAN, ACQUISITIVE)
    required = 100 * (Fraction("0.118") * committed * 12 / 10 - detected) / (committed * 2 / 10)
    assert printed(required, 0) == "19"
    months = between("2007-02", JAN)
    assert max(share(JAN, SD, (month, month), ACQUISITIVE) for month in months) < Fraction("18.5")


def test_confidence_rose_by_half_a_point_before_rounding():
    windows = (("2007-10", "2008-09"), ("2007-07", "2008-06"))
    now, before = (share(JAN, SURVEY, window, ["local_police_do_a_good_job"]) for window in windows)
    assert printed(now - before, 1) == "0.5"


def test_class_a_detections_rose_on_the_last_financial_year():
    for drugs in ((), COCAINE, HEROIN):
        assert average(JAN, DRUGS, RY_JAN, drugs) > average(JAN, DRUGS, ("2007-04", "2008-03"), drugs)


def test_the_knife_crime_rate_falls_as_published_on_the_population_carried_forward():
    def rate(window) -> Fraction:
        return total(AUG, WEAPON, window, ["knife"]) / sum(map(effective, between(*window)))

    assert printed(100 * (rate(RY_AUG) / rate(year_before(RY_AUG)) - 1), 1) == "-11.9"


def test_recruits_are_six_tenths_of_the_economically_active():
    def people(column: str) -> Fraction:
        aprils = ["2008-04" if month < "2009-04" else "2009-04" for month in between(*RY_AUG)]
        return sum(total(AUG, ("population", column), (april, april)) for april in aprils)

    ratio = share(AUG, RECRUITS, RY_AUG) / 100
    assert printed(ratio / (people("economically_active_minority_ethnic") / people("economically_active")), 1) == "0.6"


def test_the_largest_and_smallest_recoveries_of_the_year_are_march_and_august():
    values = {month: total(AUG, ASSETS, (month, month), RECOVERED) for month in between(*RY_AUG)}
    assert (max(values, key=values.get), min(values, key=values.get)) == ("2009-03", "2009-08")


@pytest.mark.parametrize(
    ("measure", "england_and_wales", "most_similar"),
    [
        ("police_and_council_deal_with_asb", 14, 2),
        ("local_police_do_a_good_job", 14, 1),
        ("satisfaction_overall", 42, 4),
        ("treat_with_respect", 41, 4),
        ("most_serious_violence_rate", None, 4),
        ("most_serious_violence_and_assault_rate", None, 3),
        ("knife_crime_rate", None, 4),
        ("most_serious_violence_detection_rate", None, 4),
        ("serious_sexual_offence_detection_rate", None, 3),
        ("serious_acquisitive_crime_rate", None, 4),
        ("minority_ethnic_recruits_ratio", 40, None),
    ],
)
def test_the_force_stands_where_the_card_says_among_its_peers(measure, england_and_wales, most_similar):
    rows = delivered("peer_forces", AUG).filter(measure=measure)
    values = {
        force: value for force, value in rows.select("force", "value").iter_rows() if force != "England and Wales"
    }
    assert len(values) == (43 if measure == "minority_ethnic_recruits_ratio" else 42)
    own = values.pop("Metropolitan Police")
    assert own not in values.values()
    lower_is_better = measure.endswith("_rate") and "detection" not in measure

    def rank(forces) -> int:
        return 1 + sum(values[force] < own if lower_is_better else values[force] > own for force in forces)

    assert england_and_wales in (None, rank(values))
    assert most_similar in (None, rank(("Greater Manchester", "West Midlands", "West Yorkshire")))


def test_a_month_in_a_delivery_is_whole():
    for extract in ("recorded_crime", "weapon_enabled_crime", "domestic_violence", "youth_violence", "road_casualties"):
        kind = [
            c for c in sample.COLUMNS[extract][2:3] if c in ("offence_group", "weapon", "offence_class", "severity")
        ]
        for month in files(extract):
            rows = delivered(extract, month)
            kinds = rows[kind[0]].n_unique() if kind else 1
            counts = rows.group_by("month").len()["len"].unique().to_list()
            assert counts == [len(BOROUGHS) * kinds]
            assert rows.select("month", "borough", *kind).is_unique().all()
            assert rows["month"].max() <= month


def test_detections_and_arrests_never_exceed_offences():
    for extract, part in (("recorded_crime", "sanction_detections"), ("domestic_violence", "arrests")):
        for month in files(extract):
            rows = delivered(extract, month)
            assert rows.filter((pl.col(part) > pl.col("offences")) | (pl.col(part) < 0)).is_empty()


def test_reclassified_offences_leave_the_sum_of_violence_alone():
    for month in between("2008-04", "2008-10"):
        for column in ("offences", "sanction_detections"):
            sums = [
                rows.filter(pl.col("month") == month, pl.col("offence_group").is_in(VIOLENCE))
                .group_by("borough")
                .agg(pl.col(column).sum())
                .sort("borough")
                for rows in (delivered("recorded_crime", month), delivered("recorded_crime", "2008-11"))
            ]
            assert sums[0].equals(sums[1])


def test_a_comment_holds_no_figure_of_its_own():
    month = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    labels = [
        r"\{[a-z0-9_]+\}",
        r"\b(20)?\d\d/\d\d(-\d\d/\d\d)?",
        rf"{month}[-' ](\d{{4}}|\d{{2}})\b(?!/)",
        r"\b(February and )?March 2009\b",
        r"\bApr 2009\b|\b\w{3} ?- ?\w{3} 2009\b",
        r"\b\d{1,2} (months|month|yrs|yr)\b",
        r"paragraphs \d+ - \d+|Appendix 2 CM20|1994-98 baseline",
    ]
    for delivery in files("commentary"):
        for line, comment in delivered("commentary", delivery).select("line", "comment").iter_rows():
            assert not re.search(r"\d", re.sub("|".join(labels), "", comment)), f"{delivery} {line}: {comment}"


def test_the_sample_stands_in_raw_as_the_program_writes_it(tmp_path):
    written = {path.relative_to(tmp_path) for path in sample.write_all(tmp_path)}
    standing = {
        path.relative_to(RAW) for extract in sample.COLUMNS for path in (RAW / extract).iterdir() if path.stem <= LAST
    }
    assert written == standing
    for path in sorted(written):
        if path.suffix == ".parquet":  # the bytes may differ with the version of the library, the content may not
            assert pl.read_parquet(tmp_path / path).equals(pl.read_parquet(RAW / path)), path
        else:
            assert (tmp_path / path).read_bytes() == (RAW / path).read_bytes(), path


def test_gaps_are_where_they_are_meant_to_be():
    missing = {extract: sorted(set(MONTHS) - set(files(extract))) for extract in ("recorded_crime", "road_casualties")}
    assert missing == {"recorded_crime": [], "road_casualties": ["2009-04", "2009-05", "2009-07", "2009-08"]}
    assert "2008-09" not in files("user_satisfaction")
    assert "2008-10" in files("user_satisfaction")
