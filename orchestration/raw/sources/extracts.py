"""The extracts of the Metropolitan Police: what each source system delivers, when, and what its rows may hold."""

from datetime import date
from typing import Any

from orchestration.raw.sources import catalogue
from orchestration.raw.sources import vocabularies as words
from orchestration.raw.sources.declarations import Column, Extract, Range


def _extract(name: str, title: str, *columns: Column, **more: Any) -> Extract:
    """Monthly from the start of the calendar, with the months and words of a row as its key, unless stated."""
    key = tuple(column.name for column in columns if column.kind in ("month", "word", "line"))
    return Extract(name, title, columns=columns, **{"cadence": "monthly", "first": START, "key": key, **more})


def _word(name: str, title: str, allowed: tuple[str, ...]) -> Column:
    return Column(name, "word", title, allowed)


def _count(name: str, title: str, most: int, typical: Range) -> Column:
    return Column(name, "count", title, most=most, typical=typical)


def _percent(name: str, title: str) -> Column:
    return Column(name, "percent", title, least=10, typical=(50, 100))


MONTH = Column("month", "month", "month counted, its first day")
BOROUGH = Column(
    "borough",
    "word",
    "London borough in which it was recorded",
    catalogue.BOROUGHS,
    place=True,
    names=catalogue.names_of(catalogue.BOROUGHS),
)
QUESTION, ANSWERED = "question asked, as the catalogue names it", "people who answered"
PEERS = tuple(force for force in catalogue.FORCES if force not in words.SOME_FORCES)
START, CARDS_START = date(2007, 2, 1), date(2008, 4, 1)
SURVEY = {"cadence": "quarterly", "first": date(2007, 3, 1), "months_held": 3}

EXTRACTS = (
    _extract(
        "recorded_crime",
        "Offences recorded and sanction detections, by borough and offence group.",
        MONTH,
        BOROUGH,
        _word("offence_group", "group the offences belong to", words.OFFENCE_GROUPS),
        _count("offences", "offences recorded in the month", 4_000, (13, 640)),
        _count("sanction_detections", "offences of the month with a sanction detection", 1_000, (2, 110)),
        formats=("csv", "parquet"),
        restates=30,
        at_most=(("sanction_detections", "offences"),),
    ),
    _extract(
        "weapon_enabled_crime",
        "Offences in which a weapon was used, by borough and weapon.",
        MONTH,
        BOROUGH,
        _word("weapon", "weapon used", words.WEAPONS),
        _count("offences", "offences recorded in the month", 1_000, (0.8, 45)),
    ),
    _extract(
        "domestic_violence",
        "Domestic violence offences and those that led to an arrest, by borough.",
        MONTH,
        BOROUGH,
        _count("offences", "offences recorded in the month", 2_500, (19, 1_000)),
        _count("arrests", "offences of the month for which somebody was arrested", 2_000, (14, 600)),
        at_most=(("arrests", "offences"),),
    ),
    _extract(
        "youth_violence",
        "Victims under 20 of serious violence, by borough and class of offence.",
        MONTH,
        BOROUGH,
        _word("offence_class", "class of the offence", words.OFFENCE_CLASSES),
        _count("victims_under_20", "victims under 20 years of age", 600, (2.5, 130)),
    ),
    _extract(
        "class_a_trafficking",
        "Sanction detections for trafficking in Class A drugs, by drug.",
        MONTH,
        _word("drug", "drug trafficked", words.DRUGS),
        _count("sanction_detections", "sanction detections in the month", 900, (6, 290)),
    ),
    _extract(
        "criminal_networks",
        "Criminal networks disrupted.",
        MONTH,
        _count("networks_disrupted", "networks agreed as disrupted in the month", 400, (0, 160)),
    ),
    _extract(
        "asset_recovery",
        "Assets of criminals restrained, seized, forfeited or confiscated, by step of the proceedings.",
        MONTH,
        _word("step", "step of the proceedings", words.STEPS),
        _count("cases", "cases in the month", 2_000, (11, 630)),
        Column("value_gbp", "money", "value in pounds", most=100_000_000, typical=(500_000, 20_000_000)),
    ),
    _extract(
        "road_casualties",
        "People killed or seriously injured on the roads, by borough; up to three months late.",
        MONTH,
        BOROUGH,
        _word("severity", "how badly they were hurt", words.SEVERITIES),
        _count("casualties", "people hurt", 200, (0.6, 25)),
        _word("status", "whether late reports may still change it", words.STATUSES),
        key=("month", "borough", "severity"),
        may_lag=3,
        restates=24,
    ),
    _extract(
        "user_satisfaction",
        "Victims satisfied with the service, by ethnic group of the victim.",
        MONTH,
        _word("victim_group", "ethnic group of the victim", words.VICTIM_GROUPS),
        _count("respondents", ANSWERED, 7_000, (46, 2_900)),
        _count("satisfied", "of them, satisfied with the overall service", 7_000, (36, 2_200)),
        at_most=(("satisfied", "respondents"),),
        **SURVEY,
    ),
    _extract(
        "public_attitude_survey",
        "Londoners who agree with a statement about their police, by question.",
        MONTH,
        _word("question", QUESTION, words.ATTITUDE_QUESTIONS),
        _count("respondents", ANSWERED, 15_000, (215, 13_000)),
        _count("agreed", "of them, agreed", 15_000, (170, 9_800)),
        at_most=(("agreed", "respondents"),),
        **SURVEY,
    ),
    _extract(
        "british_crime_survey",
        "People who agree with a statement about their police, by question; a quarter late.",
        MONTH,
        _word("question", QUESTION, words.CRIME_SURVEY_QUESTIONS),
        _count("respondents", ANSWERED, 3_000, (40, 2_400)),
        _count("agreed", "of them, agreed", 3_000, (21, 1_200)),
        may_lag=3,
        at_most=(("agreed", "respondents"),),
        **{**SURVEY, "first": date(2007, 6, 1)},
    ),
    _extract(
        "officer_recruitment",
        "Police officers recruited, and those of minority ethnic groups.",
        MONTH,
        _count("recruits", "officers recruited in the month", 2_000, (5, 1_200)),
        _count("minority_ethnic_recruits", "of them, from minority ethnic groups", 400, (0, 170)),
        formats=("xlsx",),
        at_most=(("minority_ethnic_recruits", "recruits"),),
    ),
    _extract(
        "financial_forecasts",
        "What the finance department expects of efficiency gains and of assets recovered.",
        Column("month", "month", "month in which the forecast was made, its first day"),
        _word("forecast", "what is forecast", words.FORECASTS),
        Column("value_gbp", "money", "forecast in pounds", most=3_000_000_000, typical=(25_000_000, 1_500_000_000)),
        first=CARDS_START,
        formats=("xlsx",),
    ),
    _extract(
        "ict_availability",
        "Availability of the corporate ICT systems in a quarter, against the target of each.",
        Column("month", "month", "last month of the quarter, its first day"),
        _word("system", "name of the system", words.ICT_SYSTEMS),
        _percent("availability_percent", "share of the agreed hours it was available, in percent"),
        _percent("target_percent", "share it should be available, in percent"),
        cadence="quarterly",
        first=date(2009, 6, 1),
        formats=("xlsx",),
    ),
    _extract(
        "peer_forces",
        "The same measures for each police force of England and Wales.",
        _word("measure", "what is measured, as the catalogue names it", words.PEER_MEASURES),
        Column("from_month", "month", "first month of the period"),
        Column("to_month", "month", "last month of the period"),
        Column(
            "force",
            "word",
            "police force, or England and Wales together",
            PEERS,
            words.SOME_FORCES,
            place=True,
            names=catalogue.names_of((*PEERS, *words.SOME_FORCES)),
        ),
        Column(
            "value",
            "measure",
            "share or gap as a fraction, rate per 1,000 population, or ratio",
            most=100,
            least=0,
            typical_of=tuple(words.PEER_MEASURES_TYPICAL.items()),
        ),
        first=CARDS_START,
        whole_within=("measure", "from_month", "to_month"),
        at_most=(("from_month", "to_month"),),
    ),
    _extract(
        "population",
        "Residents and the economically active, by borough; used from April.",
        Column("month", "month", "month from which it is used, its first day"),
        BOROUGH,
        _count("population", "residents", 3_000_000, (30_000, 1_800_000)),
        _count("economically_active", "of them, economically active", 3_000_000, (15_000, 950_000)),
        _count(
            "economically_active_minority_ethnic",
            "of those, from minority ethnic groups",
            3_000_000,
            (3_800, 230_000),
        ),
        cadence="yearly",
        first=date(2007, 4, 1),
        at_most=(
            ("economically_active", "population"),
            ("economically_active_minority_ethnic", "economically_active"),
        ),
    ),
    _extract(
        "commentary",
        "The comment beside each line of the card, its figures left open as {placeholders}.",
        Column("line", "line", "line of the card it stands beside"),
        Column("comment", "comment", "sentences, with a {placeholder} for every figure"),
        first=CARDS_START,
        whole_within=(),
        rows_independent=True,
    ),
)

BY_NAME = {extract.name: extract for extract in EXTRACTS}
