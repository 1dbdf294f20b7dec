import csv
import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import catalogue, organisation, settings


class Seeds:
    """A copy of the catalogue that a test breaks; lines count from 1, the header, as in an editor."""

    def __init__(self, folder: Path):
        self.folder = folder

    def read(self, table: str) -> list[list[str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: list[list[str]]) -> None:
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def line(self, table: str, **where: str) -> int:
        """The first line whose cells are these."""
        header, *rows = self.read(table)
        for number, row in enumerate(rows, start=2):
            if where.items() <= dict(zip(header, row, strict=True)).items():
                return number
        raise AssertionError(f"{table}.csv has no such line: {where}")

    def cell(self, table: str, line: int, column: str, value: str) -> None:
        rows = self.read(table)
        place = rows[0].index(column)
        assert rows[line - 1][place] != value
        rows[line - 1][place] = value
        self.write(table, rows)

    def problems(self) -> list[str]:
        with pytest.raises(catalogue.CatalogueError) as raised:
            catalogue.check(self.folder)
        return str(raised.value).splitlines()


# the catalogue ships with every optional rule off; here is one that is on
A_RULE = {
    "financial_year": "2009/10",
    "line": "4c",
    "rule": "forecast",
    "from_month": "2009-06-01",
    "reason": "one month in a year may be a quarter of it",
}


# and without other names
A_NAME = {
    "name": "Royal Borough of Kingston",
    "area": "Kingston upon Thames",
    "from_month": "2009-04-01",
    "to_month": "",
}


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    copy = Seeds(Path(shutil.copytree(settings.CATALOGUE, tmp_path / "reference")))
    copy.write("judging_rules", [list(A_RULE), list(A_RULE.values())])
    copy.write("area_names", [list(A_NAME), list(A_NAME.values())])
    return copy


def at(table: str, line: int, column: str) -> str:
    return f"{table}.csv line {line}, column {column}: "


def ids(rows: list[tuple]) -> list[str]:
    return [f"{table}-{column}-{value}" for table, _, column, value, *_ in rows]


@pytest.mark.parametrize("table", catalogue.TABLES)
def test_a_table_may_be_saved_by_a_spreadsheet(seeds, table):
    path = seeds.folder / f"{table}.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    catalogue.check(seeds.folder)


def test_the_real_catalogue_is_valid_and_ships_with_every_optional_rule_off():
    catalogue.check()
    with (settings.CATALOGUE / "judging_rules.csv").open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == []


# table, which line, column, a word the code does not know: every column that holds words
WORDS = [
    ("areas", {"area": "Barnet"}, "kind", "areas"),
    ("series", {"series": "recruits"}, "level", "hole"),
    ("series", {"series": "recruits"}, "unit", "counts"),
    ("series", {"series": "recruits"}, "over_time", "sums"),
    ("series", {"series": "recruits"}, "extract", "officer_recruitments"),
    ("measures", {"measure": "killed"}, "part", "numerater"),
    ("indicators", {"line": "4a"}, "kind", "percent_change"),
    ("indicators", {"line": "4a"}, "basis", "rolling_yr"),
    ("indicators", {"line": "4a"}, "direction", "lower_is_beter"),
    ("indicators", {"line": "4a"}, "unit", "percents"),
    ("indicators", {"line": "4a"}, "sign", "sign"),
    ("indicators", {"line": "4d"}, "strict", "yess"),
    ("indicators", {"line": "4d"}, "phasing", "liner"),
    ("breaks", {"measure": "most_serious_violence"}, "kind", "counting_rule"),
    ("judging_rules", A_RULE, "rule", "forcast"),
    ("definitions", {"measure": "knife_crime_rate"}, "unit", "per_100"),
    *(("definitions", {"measure": "gun_crime"}, mark, "yess") for mark in ("assured", "complete", "timely")),
    ("figures", {"name": "burglary_change"}, "statistic", "percentage_chang"),
    ("figures", {"name": "burglary_change"}, "basis", "roling_year"),
    ("figures", {"name": "previous_quarter"}, "ends", "quarter_befor"),
    ("figures", {"name": "quarter_1"}, "ends", "quarter_5"),
    ("figures", {"name": "on_last_financial_year"}, "against", "last_may"),
    ("figures", {"name": "burglary_change"}, "unit", "persent"),
    ("figures", {"name": "burglary_change"}, "sign", "up_and_down"),
]

# words that rows of units.csv are known besides
UNITS = {("indicators", "unit"), ("figures", "unit")}


@pytest.mark.parametrize(("table", "where", "column", "word"), WORDS, ids=ids(WORDS))
def test_a_word_the_code_does_not_know_is_named_with_its_place_and_the_nearest_known(seeds, table, where, column, word):
    line = seeds.line(table, **where)
    seeds.cell(table, line, column, word)
    (found,) = [text for text in seeds.problems() if f"'{word}' is not a {column} the code knows" in text]
    assert found.startswith(at(table, line, column))
    assert "; did you mean '" in found


def test_a_word_like_no_other_is_answered_with_all_that_are_known(seeds):
    line = seeds.line("indicators", line="4a")
    seeds.cell("indicators", line, "direction", "???")
    assert seeds.problems() == [
        f"indicators.csv line {line}, column direction: '???' is not a direction the code knows; "
        "known are higher_is_better, in_range_is_better, lower_is_better"
    ]


# table, which line, column, a name that is nowhere defined, where it should have been
NAMES = [
    ("breaks", {"measure": "most_serious_violence"}, "measure", "most_serious_violense", "measures.csv"),
    ("measures", {"measure": "killed"}, "series", "killed_casualty", "series.csv"),
    ("judging_rules", A_RULE, "financial_year", "2010/11", "cards.csv"),
    ("indicators", {"line": "5b"}, "financial_year", "2010/11", "cards.csv"),
    ("indicators", {"line": "4a"}, "measure", "serious_acquisitive_crimes", "measures.csv"),
    ("indicators", {"line": "2"}, "compare_measure", "satisfaction_of_bme", "measures.csv"),
    ("figures", {"line": "6c"}, "financial_year", "2010/11", "cards.csv"),
    ("figures", {"name": "share_ratio"}, "compare_measure", "minority_ethnic_active", "measures.csv"),
    ("figures", {"name": "burglary_change"}, "measure", "residental_burglary", "measures.csv"),
    ("figures", {"line": "3b", "name": "rank_msf"}, "measure", "knife_crime", None),
    ("figures", {"line": "3b", "name": "rank_msf"}, "peer_group", "most_similar_force", "peer_groups.csv"),
    ("figures", {"name": "england_and_wales"}, "measure", "satisfaction_gaps", None),
    ("figures", {"name": "england_and_wales"}, "peer_group", "Englund and Wales", "peer_organisations.csv"),
    ("peer_groups", {"peer": "Merseyside"}, "peer", "Merzeyside", "peer_organisations.csv"),
]


@pytest.mark.parametrize("case", NAMES, ids=ids(NAMES))
def test_a_name_that_is_nowhere_defined_is_named_with_its_place(seeds, case):
    table, where, column, name, defined_in = case
    line = seeds.line(table, **where)
    seeds.cell(table, line, column, name)
    meant = f"defined in {defined_in}" if defined_in else "of the peers"
    (found,) = [text for text in seeds.problems() if f"'{name}' is not {meant}; did you mean '" in text]
    assert found.startswith(at(table, line, column))


def test_every_column_of_words_and_names_and_every_key_is_tried_here():
    assert {(table, column) for table, _, column, _ in WORDS} == {*catalogue.WORDS, *UNITS}
    assert set(catalogue.NAMES) <= {(table, column) for table, _, column, *_ in NAMES}
    assert set(catalogue.KEYS) <= set(KEYS)


def test_renaming_a_measure_names_every_row_that_used_it(seeds):
    old, new = "most_serious_violence", "grave_violence"
    rows = seeds.read("measures")
    seeds.write(
        "measures", [[new if cell == old and place == 0 else cell for place, cell in enumerate(row)] for row in rows]
    )
    used = []
    for table in ("breaks", "definitions", "indicators", "figures"):
        header, *rows = seeds.read(table)
        for column in {"measure", "compare_measure"} & set(header):
            place = header.index(column)
            used += [(table, number, column) for number, row in enumerate(rows, start=2) if row[place] == old]
    assert used
    problems = seeds.problems()
    assert len(problems) == len(used)
    for table, line, column in used:
        assert any(text.startswith(f"{table}.csv line {line}, column {column}: '{old}' is not") for text in problems)


def test_a_series_that_is_taken_away_names_every_measure_that_adds_it_up_and_the_source_that_makes_it(seeds):
    header, *rows = seeds.read("series")
    seeds.write("series", [header, *(row for row in rows if row[0] != "killed_casualties")])
    *of_measures, of_source = seeds.problems()
    assert [text.partition(":")[0] for text in of_measures] == [
        f"measures.csv line {seeds.line('measures', measure=measure, series='killed_casualties')}, column series"
        for measure in ("killed_or_seriously_injured", "killed")
    ]
    missing = "a row for 'killed_casualties' is missing, which road_casualties.yml makes"
    assert of_source == at("series", len(rows) + 1, "series") + missing


def test_a_series_that_its_source_does_not_make_is_answered_with_the_nearest_that_it_does(seeds):
    seeds.write(
        "series",
        [*seeds.read("series"), ["crak_cases", "asset_recovery", "whole", "count", "cases", "1", "sum", "", ""]],
    )
    (problem,) = seeds.problems()
    assert "'crak_cases' is not made by asset_recovery.yml; did you mean '" in problem


NUMBERS = [
    ("indicators", {"line": "4a"}, "target", "-4%"),
    ("indicators", {"line": "4a"}, "target", "-4,0"),
    ("indicators", {"line": "4a"}, "target", "nan"),
    ("indicators", {"line": "4a"}, "target", "inf"),
    ("indicators", {"line": "4a"}, "amber_tolerance", "5 percent"),
    ("indicators", {"line": "4a"}, "decimals", "one"),
    ("indicators", {"line": "4a"}, "decimals", "1.5"),
    ("indicators", {"line": "4a"}, "position", "fourth"),
    ("figures", {"name": "milestone_2011"}, "number", "55.4%"),
    ("figures", {"name": "quarter_1"}, "decimals", "-"),
    ("measures", {"measure": "killed"}, "weight", "1x"),
    ("series", {"series": "recruits"}, "months_covered", "a month"),
    ("series", {"series": "knife_offences"}, "area_threshold", "five"),
    ("series", {"series": "recruits"}, "whole_threshold", "2.5"),
]


@pytest.mark.parametrize(("table", "where", "column", "value"), NUMBERS, ids=ids(NUMBERS))
def test_what_is_not_a_number_its_column_can_hold_is_named(seeds, table, where, column, value):
    line = seeds.line(table, **where)
    seeds.cell(table, line, column, value)
    (found,) = seeds.problems()
    assert found.startswith(f"{at(table, line, column)}'{value}' is not a")


# of each table a row, by what makes it the only one
KEYS = {
    "areas": {"area": "Barnet"},
    "breaks": {"measure": "most_serious_violence", "from_month": "2008-04-01"},
    "cards": {"financial_year": "2009/10"},
    "definitions": {"measure": "gun_crime", "from_month": ""},
    "figures": {"financial_year": "2009/10", "line": "4a", "name": "rank_msf"},
    "glossary": {"abbreviation": "SD"},
    "peer_organisations": {"peer": "Merseyside"},
    "indicators": {"financial_year": "2008/09", "line": "4a", "from_month": ""},
    "judging_rules": {"financial_year": "2009/10", "line": "4c", "rule": "forecast"},
    "measures": {"measure": "killed", "part": "numerator", "series": "killed_casualties"},
    "peer_groups": {"peer_group": "most_similar_forces", "peer": "Merseyside", "from_month": ""},
    "series": {"series": "recruits"},
    "units": {"unit": "pounds_millions"},
}


@pytest.mark.parametrize("table", KEYS)
def test_a_row_that_stands_twice_is_named_with_the_line_it_stands_on_already(seeds, table):
    first = seeds.line(table, **KEYS[table])
    rows = seeds.read(table)
    again = list(rows[first - 1])
    if table == "indicators":
        again[rows[0].index("position")] = "99"
    seeds.write(table, [*rows, again])
    (found,) = seeds.problems()
    assert found.startswith(f"{table}.csv line {len(rows) + 1}, column {list(KEYS[table])[-1]}: ")
    assert found.endswith(f" stands on line {first} already")
    assert all(value in found for value in KEYS[table].values())


# what must not be empty, besides what a row with a measure or a target needs
FILLED = [
    ("areas", {"area": "Barnet"}, "kind"),
    ("area_names", {"from_month": "2009-04-01"}, "name"),
    ("area_names", {"from_month": "2009-04-01"}, "area"),
    ("cards", {"financial_year": "2009/10"}, "title"),
    ("cards", {"financial_year": "2009/10"}, "subtitle"),
    ("cards", {"financial_year": "2009/10"}, "rolling_year_period"),
    ("cards", {"financial_year": "2009/10"}, "key"),
    *(
        ("definitions", {"measure": "gun_crime"}, column)
        for column in ("name", "numerator", "source", "why_it_matters", "owner", "checked_by", "reviewed", "review_due")
    ),
    ("glossary", {"abbreviation": "SD"}, "meaning"),
    ("figures", {"name": "burglary_change"}, "name"),
    ("figures", {"name": "burglary_change"}, "statistic"),
    ("figures", {"name": "burglary_change"}, "basis"),
    ("figures", {"name": "burglary_change"}, "unit"),
    ("figures", {"name": "burglary_change"}, "decimals"),
    ("figures", {"name": "milestone_2011"}, "number"),
    ("indicators", {"line": "5a"}, "position"),
    ("indicators", {"line": "5a"}, "section"),
    ("indicators", {"line": "5a"}, "title"),
    ("judging_rules", A_RULE, "rule"),
    ("judging_rules", A_RULE, "from_month"),
    ("judging_rules", A_RULE, "reason"),
    ("measures", {"measure": "killed"}, "part"),
    ("measures", {"measure": "killed"}, "series"),
    ("measures", {"measure": "killed"}, "weight"),
    ("peer_groups", {"peer": "Merseyside"}, "peer_group"),
    ("series", {"series": "knife_offences"}, "extract"),
    ("series", {"series": "knife_offences"}, "level"),
    ("series", {"series": "knife_offences"}, "unit"),
    ("series", {"series": "knife_offences"}, "months_covered"),
    ("series", {"series": "knife_offences"}, "over_time"),
    ("series", {"series": "knife_offences"}, "counts"),
]


def test_what_must_be_said_and_is_empty_is_named(seeds):
    emptied = [(table, seeds.line(table, **where), column) for table, where, column in FILLED]
    for cell in emptied:
        seeds.cell(*cell, "")
    problems = seeds.problems()
    for table, line, column in emptied:
        assert any(text.startswith(f"{table}.csv line {line}, column {column}: it is empty") for text in problems)


DATES = [
    ("indicators", {"line": "4a"}, "judged_from"),
    ("figures", {"name": "milestone_2011"}, "from_month"),
    ("figures", {"name": "milestone_2011"}, "to_month"),
    ("judging_rules", A_RULE, "from_month"),
    ("area_names", {"area": "Kingston upon Thames"}, "from_month"),
    ("area_names", {"area": "Kingston upon Thames"}, "to_month"),
    ("peer_groups", {"peer_group": "most_similar_forces", "peer": "Merseyside"}, "to_month"),
]


@pytest.mark.parametrize("value", ["2008-04", "1 April 2008", "2008-04-31", "2008-04-15", "2008-W14-2"])
def test_what_is_not_the_first_day_of_a_month_is_named(seeds, value):
    for table, where, column in DATES:
        line = seeds.line(table, **where)
        seeds.cell(table, line, column, value)
        place = f"{table}.csv line {line}, column {column}"
        assert any(text.startswith(f"{place}: '{value}' is not") for text in seeds.problems())


LINE_4A = {"line": "4a", "financial_year": "2009/10"}
LINE_1B = {"line": "1b", "financial_year": "2009/10"}
# of areas with a region, where regions are divisions: a line, and its cell with the problem found
REGIONS = [
    ({"area": "Barnet"}, "", "it is empty, but every borough lies in a division: write which"),
    ({"kind": "whole"}, "North", "'North' is of boroughs; leave it empty for the whole"),
    ({"area": "Camden"}, "Barnet", "'Barnet' is the name of an area as well: its pages could not be told apart"),
    ({"area": "Camden"}, "north", "'north' is 'North' above: write one name in one way"),
]


def in_divisions(seeds: Seeds) -> None:
    header, *rows = seeds.read("areas")
    kind = header.index("kind")
    seeds.write("areas", [[*header, "region"], *([*row, "North" if row[kind] == "area" else ""] for row in rows)])


@pytest.mark.parametrize(("where", "region", "problem"), REGIONS)
def test_what_cannot_be_a_region_is_named(seeds, monkeypatch, where, region, problem):
    divisions = organisation.Noun("division", "divisions")
    declared = dataclasses.replace(organisation.declared(), region=divisions)
    monkeypatch.setattr(organisation, "declared", lambda: declared)
    in_divisions(seeds)
    catalogue.check(seeds.folder)
    line = seeds.line("areas", **where)
    seeds.cell("areas", line, "region", region)
    (found,) = seeds.problems()
    assert found.startswith(at("areas", line, "region") + problem)


def test_regions_without_a_word_for_them_are_named(seeds):
    in_divisions(seeds)
    problems = seeds.problems()
    assert problems[0].endswith(
        "'North' has no name for what it is: write region: {one: ..., many: ...} in organisation.yml, or leave it empty"
    )
    assert len(problems) == len(seeds.read("areas")) - 2  # every area, and neither the header nor the whole


# what is wrong: a line of a table, the cells changed on it, the problem found with the last of them
WRONG = [
    ("areas", {"area": "Barnet"}, {"kind": "whole"}, "line 2 is the whole already: there is one"),
    (
        "areas",
        {"kind": "whole"},
        {"suppressed_with": "Central", "kind": "unallocated"},
        "no row is the whole",
    ),
    ("series", {"series": "recruits"}, {"level": "area"}, "the rows of officer_recruitment name no areas"),
    (
        "series",
        {"series": "recruits"},
        {"unit": "share", "over_time": "mean"},
        "a share without its base is added",
    ),
    ("units", {}, {"of": "pounds"}, "'pounds' is not what a unit can be of; known are count, money, ratio"),
    ("units", {}, {"scale": "0"}, "'0' is no scale: write what a value is multiplied by"),
    ("units", {}, {"behind": '"m"'}, "a workbook cannot show"),
    ("units", {}, {"unit": "percent"}, "every card has a unit 'percent' already"),
    ("cards", {"financial_year": "2009/10"}, {"financial_year": "2009/11"}, "'2009/11' is not a financial year: write"),
    ("breaks", {}, {"from_month": "2008-04-07"}, "'2008-04-07' is not the first day of a month, as 2008-04-01"),
    ("breaks", {}, {"reason": ""}, "it is empty, but every row needs it"),
    (
        "areas",
        {"area": "Barnet"},
        {"suppressed_with": "Barnet"},
        "Barnet is alone in 'Barnet': the whole less the other areas would disclose its numbers",
    ),
    ("areas", {"area": "Camden"}, {"suppressed_with": ""}, "it is empty, but the small numbers of every area are"),
    (
        "areas",
        {"area": "Metropolitan Police"},
        {"suppressed_with": "Barnet and Enfield"},
        "'Barnet and Enfield' is of areas; leave it empty for the whole",
    ),
    ("series", {"series": "knife_offences"}, {"area_threshold": "-5"}, "'-5' is below 0; leave it empty"),
    ("series", {"series": "recruits"}, {"whole_threshold": "-1"}, "'-1' is below 0; leave it empty"),
    ("series", {"series": "recruits"}, {"area_threshold": "5"}, "recruits is not known by area: leave it empty"),
    ("series", {"series": "population"}, {"area_threshold": "5"}, "population holds for later months, which would"),
    (
        "measures",
        {"measure": "killed_or_seriously_injured", "series": "serious_casualties"},
        {"component": ""},
        "it is empty, but other series of killed_or_seriously_injured belong to a component: this one must too",
    ),
    (
        "measures",
        {"measure": "robbery_detection_rate", "series": "business_robbery_detections"},
        {"component": "robbery of a business"},
        "'robbery of a business' of robbery_detection_rate has a numerator only: a rate needs both",
    ),
    (
        "definitions",
        {"measure": "gun_crime"},
        {"measure": "gum_crime"},
        "'gum_crime' is not defined in measures.csv; did",
    ),
    (
        "definitions",
        {"measure": "gun_crime"},
        {"numerator": "Guns."},
        "it stands inside a sentence: leave its full stop",
    ),
    (
        "definitions",
        {"measure": "gun_crime"},
        {"denominator": "people"},
        "gun_crime has no denominator in measures.csv",
    ),
    (
        "definitions",
        {"measure": "knife_crime_rate"},
        {"denominator": ""},
        "it is empty, but measures.csv divides knife",
    ),
    ("definitions", {"measure": "treat_with_respect"}, {"unit": "per_1000"}, "treat_with_respect is no rate of two"),
    ("definitions", {"measure": "gun_crime"}, {"review_due": "2009-03-01"}, "'2009-03-01' is not after the review in"),
    ("indicators", {"line": "5a"}, {"not_judged": ""}, "a row without a measure needs the reason why it has no letter"),
    *(
        ("indicators", LINE_4A, {column: ""}, "it is empty, but line 4a needs it")
        for column in (
            *("kind", "basis", "direction", "unit", "decimals", "latest_text"),
            *("target_text", "amber_tolerance"),
        )
    ),
    *(
        ("indicators", LINE_4A, {column: text}, "")
        for column in ("latest_text", "target_text")
        for text in ("{lastest}", "{milestone_2011}", "{latest")
    ),
    ("indicators", LINE_1B, {"target_text": "{target}"}, ""),
    ("indicators", LINE_1B, {"position": "1"}, "line "),
    ("indicators", {"line": "2"}, {"compare_measure": ""}, "it is empty, but a gap is of two measures"),
    *(
        ("figures", where, {"compare_measure": ""}, f"it is empty, but a {statistic} is of two measures")
        for where, statistic in (
            ({"name": "margin_of_error"}, "margin_of_error"),
            ({"name": "share_ratio"}, "ratio_of_shares"),
            ({"line": "2", "name": "quarter_1"}, "gap"),
        )
    ),
    ("figures", {"name": "margin_of_error"}, {"line": "2z"}, "'2z' is not a line of the card of 2009/10"),
    *(
        ("figures", {"name": "margin_of_error"}, {"name": name}, f"every line has a figure '{name}' already")
        for name in ("latest", "target", "year_before")
    ),
    *(
        ("figures", {"name": "margin_of_error"}, {"name": name}, f"'{name}' is not a name of small letters")
        for name in ("Margin", "margin of error", "1st", "margin-of-error")
    ),
    ("figures", {"name": "two_years_over_target"}, {"less": "x"}, "'x' is not a figure of line 6a"),
    ("figures", {"name": "two_years_over_target"}, {"less": "target_average"}, "'target_average' is not a figure of"),
    *(
        ("figures", {"line": "3a", "name": "rank_msf"}, {"basis": length}, f"'{length}' is not a basis the code knows")
        for length in ("12", "rolling_yr", "quarterly")
    ),
    *(
        ("cards", {"financial_year": "2009/10"}, {column: text}, "")
        for column in ("subtitle", "rolling_year_period", "year_to_date_period", "quarter_period")
        for text in ("Year to {too}", "Year to {to", "Year to {}")
    ),
    ("cards", {"financial_year": "2009/10"}, {"subtitle": "To {to}, from {from_name}"}, "'from_name' is not"),
]


@pytest.mark.parametrize("table, where, cells, problem", WRONG, ids=[f"{it[0]}-{it[2]}" for it in WRONG])
def test_what_is_wrong_is_named_with_its_place(seeds, table, where, cells, problem):
    line = seeds.line(table, **where)
    for column, value in cells.items():
        seeds.cell(table, line, column, value)
    assert any(text.startswith(at(table, line, column) + problem) for text in seeds.problems())


RIGHT = {
    "a threshold that is off": ("series", {"series": "knife_offences"}, {"area_threshold": ""}),
    "a threshold of 0": ("series", {"series": "knife_offences"}, {"area_threshold": "0"}),
    "thresholds of borough and force": (
        "series",
        {"series": "knife_offences"},
        {"area_threshold": "6", "whole_threshold": "6"},
    ),
    "a threshold of the force alone": ("series", {"series": "residential_burglary_offences"}, {"whole_threshold": "5"}),
    "no target": ("indicators", LINE_4A, {"target": "", "target_text": "", "amber_tolerance": ""}),
    "a target in words": ("indicators", LINE_4A, {"target": "", "target_text": "Tracking", "amber_tolerance": ""}),
    "less the target": ("figures", {"name": "two_years_over_target"}, {"less": "target"}),
    **{
        f"a rank over {length or 'any period'}": ("figures", {"line": "3a", "name": "rank_msf"}, {"basis": length})
        for length in ("rolling_year", "latest", "financial_year", "year_to_date", "")
    },
    **{
        f"{rule} from {first}": ("judging_rules", A_RULE, {"reason": "x", "from_month": first, "rule": rule})
        for rule in ("significance", "attainability")
        for first in ("2009-04-01", "2010-03-01")
    },
}


@pytest.mark.parametrize("table, where, cells", RIGHT.values(), ids=RIGHT)
def test_what_may_be_is_no_problem(seeds, table, where, cells):
    line = seeds.line(table, **where)
    for column, value in cells.items():
        seeds.cell(table, line, column, value)
    catalogue.check(seeds.folder)


ADDED = {
    "of force and boroughs": (["killed", "numerator", "recruits", "1", ""], "recruits is known by whole, the other"),
    "of counts and pounds": (["asset_cases", "numerator", "restraint_value", "1", "assets restrained"], ""),
    "of months and quarters": (
        ["systems", "numerator", "recruits", "1", ""],
        "recruits has values of 1 months, the other series of systems of 3: they cannot be added up or divided",
    ),
}


@pytest.mark.parametrize("row, problem", ADDED.values(), ids=ADDED)
def test_a_measure_cannot_be_made_of_series(seeds, row, problem):
    rows = [*seeds.read("measures"), ["systems", "numerator", "systems_on_target", "1", ""]]
    seeds.write("measures", [*rows, row])
    (found,) = seeds.problems()
    assert found.startswith(at("measures", len(rows) + 1, "series") + problem)


# a row of area_names.csv below the one there is, the column that is wrong with it, and what is
OTHER_NAMES = {
    "of no area": (
        ("Royal Borough of Camden", "Camdem", "", ""),
        "column area: 'Camdem' is not defined in areas.csv or peer_organisations.csv; did you mean 'Camden'?",
    ),
    "the name of another area": (
        ("Barnet", "Camden", "", ""),
        "column name: 'Barnet' is the name of Barnet itself: it cannot mean Camden too",
    ),
    "the name of another force, otherwise spelt": (
        ("devon & cornwall", "Dorset", "", ""),
        "column name: 'devon & cornwall' is the name of Devon and Cornwall itself: it cannot mean Dorset too",
    ),
    "of two areas at one time": (
        ("Royal Borough of Kingston", "Camden", "2009-08-01", ""),
        "column from_month: 'Royal Borough of Kingston' stands on line 2 for some of these months already: "
        "it means one place at a time",
    ),
    "that stands there already": (
        tuple(A_NAME.values()),
        "column from_month: 'Royal Borough of Kingston' stands on line 2 for some of these months already: "
        "it means one place at a time",
    ),
    "of two areas, one always": (
        ("ROYAL BOROUGH OF KINGSTON", "Camden", "", ""),
        "column from_month: 'ROYAL BOROUGH OF KINGSTON' stands on line 2 for some of these months already: "
        "it means one place at a time",
    ),
    "that ends before it begins": (
        ("Old Town", "Camden", "2009-04-01", "2008-04-01"),
        "column to_month: '2008-04-01' is before the first month, 2009-04-01",
    ),
}


@pytest.mark.parametrize(("row", "problem"), OTHER_NAMES.values(), ids=OTHER_NAMES)
def test_a_name_that_cannot_be_of_that_area_is_named(seeds, row, problem):
    seeds.write("area_names", [*seeds.read("area_names"), list(row)])
    assert seeds.problems() == [f"area_names.csv line 3, {problem}"]


def test_a_name_may_mean_one_area_after_another_and_be_of_a_force(seeds):
    rows = [["Royal Borough of Kingston", "Camden", "", "2009-03-01"], ["Mersey", "Merseyside", "", ""]]
    rows += [["E&W", "England and Wales", "", ""], ["Hammersmith & Fulham", "Hammersmith and Fulham", "", ""]]
    seeds.write("area_names", [*seeds.read("area_names"), *rows])
    catalogue.check(seeds.folder)


def test_every_problem_is_named_at_once(seeds):
    seeds.cell("areas", 3, "kind", "boro")
    seeds.cell("indicators", 2, "kind", "percentages")
    seeds.cell("indicators", 3, "direction", "")
    seeds.cell("figures", 2, "measure", "satisfaction")
    assert [text.partition(":")[0] for text in seeds.problems()] == [
        "areas.csv line 3, column kind",
        "indicators.csv line 2, column kind",
        "indicators.csv line 3, column direction",
        "figures.csv line 2, column measure",
    ]


@pytest.mark.parametrize("table", catalogue.TABLES)
def test_a_missing_column_is_named(seeds, table):
    header, *rows = seeds.read(table)
    seeds.write(table, [["mistyped", *header[1:]], *rows])
    assert any(header[0] in text and text.startswith(f"{table}.csv line 1") for text in seeds.problems())


def replaced(old: bytes, new: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes().replace(old, new, 1))


TABLES = {
    "that is missing": (Path.unlink, "indicators.csv"),
    "in another encoding": (
        replaced(b"Baseline year", "Année £".encode("cp1252")),
        "indicators.csv: it is not text in",
    ),
    "with a comma too many": (replaced(b"serious acquisitive", b"serious, acquisitive"), "indicators.csv line"),
    "with an empty line": (replaced(b"\n", b"\n\n"), "indicators.csv line 2"),
}


@pytest.mark.parametrize("spoil, problem", TABLES.values(), ids=TABLES)
def test_a_table_is_named(seeds, spoil, problem):
    spoil(seeds.folder / "indicators.csv")
    (found,) = seeds.problems()
    assert found.startswith(problem)


# what a rule that is on problem, and what is wrong with it
RULES_THAT_CANNOT_BE = [
    ({"line": "4z"}, "line", "'4z' is not a line of the card of 2009/10"),
    ({"financial_year": "2008/09"}, "line", "'4c' is not a line of the card of 2008/09"),
    ({"line": "1b"}, "line", "line 1b has no target to be judged by"),
    ({"line": "5a"}, "line", "line 5a has no target to be judged by"),
    ({"from_month": "2009-03-01"}, "from_month", "'2009-03-01' is not a month of 2009/10, whose cards it is for"),
    ({"from_month": "2010-04-01"}, "from_month", "'2010-04-01' is not a month of 2009/10, whose cards it is for"),
    ({"line": "4b"}, "rule", "line 4b has no figure in figures.csv that is a forecast of the financial_year"),
    (
        {"line": "6a"},
        "rule",
        "the latest figure of line 6a is the forecast itself: its target and its tolerance judge it",
    ),
    (
        {"line": "2b", "rule": "attainability"},
        "rule",
        "it would never decide on line 2b: a gap depends on two rates, "
        "so that no one figure of the months left decides it",
    ),
    (
        {"line": "6c", "rule": "attainability"},
        "rule",
        "it would never decide on line 6c: k of n is a state at one time, not a sum over the months of the year",
    ),
]


@pytest.mark.parametrize(("different", "column", "problem"), RULES_THAT_CANNOT_BE)
def test_a_rule_that_could_never_decide_is_named(seeds, different, column, problem):
    seeds.write("judging_rules", [list(A_RULE), list((A_RULE | different).values())])
    assert f"judging_rules.csv line 2, column {column}: {problem}" in seeds.problems()


def test_a_rule_for_a_quarter_s_figure_cannot_ask_what_the_year_end_needs(seeds):
    line = seeds.line("indicators", line="4c", financial_year="2009/10")
    seeds.cell("indicators", line, "basis", "quarter")
    seeds.write("judging_rules", [list(A_RULE), list((A_RULE | {"rule": "attainability"}).values())])
    assert seeds.problems()[1:] == [
        "judging_rules.csv line 2, column rule: "
        "it would never decide on line 4c: the quarter is not completed by the year end"
    ]


def test_a_forecast_in_another_unit_than_the_target_cannot_judge_it(seeds):
    line = seeds.line("figures", name="predicted_outturn")
    seeds.cell("figures", line, "unit", "number")
    assert seeds.problems() == [
        "judging_rules.csv line 2, column rule: "
        "the forecast of line 4c is in number, its target in pounds_millions: they cannot be compared"
    ]


@pytest.mark.parametrize(("column", "value"), [("less", "target"), ("to_month", "2011-03-01"), ("basis", "latest")])
def test_what_is_no_forecast_of_the_card_s_own_year_cannot_judge_it(seeds, column, value):
    line = seeds.line("figures", name="predicted_outturn")
    seeds.cell("figures", line, column, value)
    assert seeds.problems() == [
        "judging_rules.csv line 2, column rule: "
        "line 4c has no figure in figures.csv that is a forecast of the financial_year"
    ]
