import math
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from orchestration.scorecard import contracts
from orchestration.scorecard.display import SIGNS
from orchestration.scorecard.kinds import STATISTICS
from orchestration.scorecard.units import UNITS

APRIL, JUNE, JULY, AUGUST = (date(2009, month, 1) for month in (4, 6, 7, 8))

ROLLING_YEAR = {
    "report_month": AUGUST,
    "measure": "robbery_detection_rate",
    "area": "Metropolitan Police",
    "month": JULY,
    "data_from": date(2008, 8, 1),
    "numerator": Decimal("5800.00"),
    "denominator": Decimal("33000.00"),
    "months_present": 12,
    "months_expected": 12,
    "provisional": False,
}
YEAR_TO_DATE = ROLLING_YEAR | {"data_from": APRIL, "months_present": 4, "months_expected": 4}
QUARTER = ROLLING_YEAR | {"month": JUNE, "data_from": APRIL, "months_present": 3, "months_expected": 3}
FIGURE_VALUE = {
    "report_month": AUGUST,
    "financial_year": "2009/10",
    "line": "4a",
    "name": "burglary_change",
    "statistic": "percentage_change",
    "basis": "rolling_year",
    "data_to": AUGUST,
    "provisional": False,
    "value": 0.026,
    "out_of": 42,
    "unit": "percent",
    "sign": "up_or_down_by",
    "decimals": 1,
    "months_present": 12,
    "months_expected": 12,
    "missing_reason": None,
}
FIGURE = FIGURE_VALUE | {"measure": "residential_burglary", "printed": "up by 2.6%"}
LINE = {
    "report_month": AUGUST,
    "financial_year": "2009/10",
    "position": 1,
    "line": "4a",
    "section": "Safety",
    "title": "Serious acquisitive crime rate",
    "codes": "APACS PI 5.2",
    "measure": "serious_acquisitive_crime",
    "basis": "rolling_year",
    "data_from": date(2008, 9, 1),
    "data_to": AUGUST,
    "period": "12 months to Aug-09",
    "value": -0.051,
    "unit": "percent",
    "latest": "-5.1%",
    "target": -0.02,
    "target_text": "-2%",
    "status": "G",
    "status_reason": "-5.1% meets the target of -2%, 3.2% better",
    "previous_value": 0.013,
    "direction_of_travel": "improving",
    "months_present": 12,
    "months_expected": 12,
    "provisional": False,
    "comment": "Robbery is down.",
    "summary": "Down 5.1%.",
    "release": "2009-08-r1",
}
NARRATIVE = dict.fromkeys(LINE) | {
    name: LINE[name]
    for name in ("report_month", "financial_year", "position", "section", "title", "summary", "release")
}
NARRATIVE |= {"line": "5a", "status_reason": "not judged: in development"}

# the contracts of what explains a figure are tried on rows of the sample, in test_contracts_of_explanations
CARD = {name: contracts.SCORECARD[name] for name in ("scorecard", "figures")}
CONTRACTS = {**contracts.AGGREGATES, **CARD}
# rows that each contract takes
GOOD = {
    "rolling_year": [
        ROLLING_YEAR,
        ROLLING_YEAR | {"months_present": 11, "numerator": None, "denominator": None},
        ROLLING_YEAR | {"months_present": 0, "numerator": None, "denominator": None},
        ROLLING_YEAR | {"denominator": None},
        ROLLING_YEAR | {"numerator": Decimal("0.00"), "denominator": Decimal("0.00")},
        ROLLING_YEAR | {"numerator": Decimal("33000.00")},
        ROLLING_YEAR | {"month": AUGUST, "provisional": True},
    ],
    "year_to_date": [
        YEAR_TO_DATE,
        YEAR_TO_DATE | {"month": APRIL, "months_present": 1, "months_expected": 1},
        YEAR_TO_DATE | {"months_present": 3, "numerator": None, "denominator": None},
    ],
    "quarter": [QUARTER, QUARTER | {"months_present": 2, "numerator": None, "denominator": None}],
    "figure_values": [
        FIGURE_VALUE,
        FIGURE_VALUE | {"value": -1.0},
        FIGURE_VALUE
        | {"value": None, "missing_reason": "no month is known yet", "data_to": None, "months_present": None},
        FIGURE_VALUE | {"statistic": "percentage", "value": 0.0},
        FIGURE_VALUE | {"statistic": "percentage", "value": 1.0},
        FIGURE_VALUE | {"statistic": "rank", "value": 42.0, "basis": None},
        FIGURE_VALUE | {"statistic": "k_of_n", "value": 0.0},
        FIGURE_VALUE | {"statistic": "total", "value": -4.4e6, "out_of": None, "sign": None, "decimals": None},
    ],
    "scorecard": [
        LINE,
        NARRATIVE,
        LINE | {"status": None, "target": None},
        LINE | {"status": None, "value": None, "months_present": 11, "direction_of_travel": None},
    ],
    "figures": [FIGURE, FIGURE | {"value": None, "printed": "not available", "basis": None, "sign": None}],
}
# for each contract: column or rule, and what to change in its first good row to break exactly that
BROKEN = {
    "rolling_year": [
        ("months_present", "in_range(0, 12)", {"months_present": -1, "numerator": None, "denominator": None}),
        ("months_present", "in_range(0, 12)", {"months_present": 13, "numerator": None, "denominator": None}),
        ("months_expected", "in_range(1, 12)", {"months_expected": 13, "numerator": None, "denominator": None}),
        ("months_expected", "in_range(1, 12)", {"months_expected": 0, "numerator": None, "denominator": None}),
        (None, "an incomplete window is null", {"months_present": 11}),
        (None, "an incomplete window is null", {"months_present": 11, "numerator": None}),
        (None, "an incomplete window is null", {"months_present": 11, "denominator": None}),
        (None, "a window runs forward", {"data_from": AUGUST}),
        (None, "no month after the report month", {"month": date(2009, 9, 1)}),
    ],
    "figure_values": [
        ("financial_year", "isin", {"financial_year": "2009/2010"}),
        ("financial_year", "isin", {"financial_year": "2009-10"}),
        ("name", "str_matches", {"name": "Burglary change"}),
        ("name", "str_matches", {"name": "1st_quarter"}),
        ("statistic", "isin", {"statistic": "percent_change"}),
        ("basis", "isin", {"basis": "year"}),
        ("out_of", "greater_than_or_equal_to(1)", {"out_of": 0}),
        ("unit", "isin", {"unit": "pounds"}),
        ("sign", "isin", {"sign": ""}),
        ("decimals", "in_range(0, 6)", {"decimals": -1}),
        ("decimals", "in_range(0, 6)", {"decimals": 7}),
        ("months_present", "greater_than_or_equal_to(0)", {"months_present": -1}),
        ("months_expected", "greater_than_or_equal_to(1)", {"months_expected": 0}),
        (None, "a value is a number", {"value": math.inf}),
        (None, "a value is a number", {"value": -math.inf, "statistic": "total"}),
        (None, "a value is a number", {"value": math.nan}),
        (None, "a percentage lies between 0 and 100", {"statistic": "percentage", "value": 1.0001}),
        (None, "a percentage lies between 0 and 100", {"statistic": "percentage", "value": -0.0001}),
        (None, "nothing falls by more than 100%", {"value": -1.0001}),
        (None, "n-th of m and k of n stay within their whole", {"statistic": "rank", "value": 43.0}),
        (None, "n-th of m and k of n stay within their whole", {"statistic": "k_of_n", "value": 43.0}),
    ],
    "scorecard": [
        ("financial_year", "isin", {"financial_year": "2009-10"}),
        ("position", "greater_than_or_equal_to(1)", {"position": 0}),
        ("basis", "isin", {"basis": "month"}),
        ("unit", "isin", {"unit": "pounds"}),
        ("status", "isin", {"status": "g"}),
        ("status", "isin", {"status": "\u0410"}),  # the Cyrillic letter that looks like A
        ("direction_of_travel", "isin", {"direction_of_travel": "better"}),
        ("months_present", "greater_than_or_equal_to(0)", {"months_present": -1, "value": None, "status": None}),
        ("months_expected", "greater_than_or_equal_to(1)", {"months_expected": 0, "value": None, "status": None}),
        (None, "a letter has a value and a target", {"value": None}),
        (None, "a letter has a value and a target", {"target": None}),
        (None, "a value stands on a complete window", {"months_present": 11}),
    ],
}
BROKEN["figures"] = BROKEN["figure_values"]
BROKEN["year_to_date"] = [(column, rule, YEAR_TO_DATE | change) for column, rule, change in BROKEN["rolling_year"]] + [
    (None, "an incomplete window is null", {"months_present": 3})
]
BROKEN["quarter"] = [
    ("months_present", "in_range(0, 3)", {"months_present": 4, "numerator": None, "denominator": None}),
    ("months_expected", "in_range(1, 3)", {"months_expected": 4, "numerator": None, "denominator": None}),
    ("months_expected", "in_range(1, 3)", {"months_expected": 0, "numerator": None, "denominator": None}),
    (None, "an incomplete window is null", {"months_present": 2}),
    (None, "a window runs forward", {"data_from": AUGUST}),
    (None, "no month after the report month", {"month": date(2009, 9, 1)}),
]


def frame(contract: str, *rows: dict) -> pl.DataFrame:
    columns = CONTRACTS[contract].columns
    return pl.DataFrame(list(rows), schema={name: column.dtype.type for name, column in columns.items()})


def refused(contract: str, data: pl.DataFrame) -> set[tuple[str | None, str]]:
    """Column and rule of everything the contract finds wrong, the parameters of a rule where it has numbers."""
    with pytest.raises(SchemaErrors) as raised:
        CONTRACTS[contract].validate(data, lazy=True)
    return {(case["column"], case["check"]) for case in raised.value.failure_cases.iter_rows(named=True)}


def named(rule: str) -> str:
    return rule.partition("(")[0]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_check_of_every_contract_is_tried_here(contract):
    schema = CONTRACTS[contract]
    checks = {(name, check.name) for name, column in schema.columns.items() for check in column.checks}
    checks |= {(None, check.name) for check in schema.checks}
    assert {(column, named(rule)) for column, rule, _ in BROKEN[contract]} == checks


@pytest.mark.parametrize("contract", CONTRACTS)
def test_good_rows_pass(contract):
    each_apart = [row | ({"line": str(place)} if "line" in row else {}) for place, row in enumerate(GOOD[contract])]
    CONTRACTS[contract].validate(frame(contract, *each_apart), lazy=True)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_row_made_to_break_a_rule_is_refused_by_that_rule_and_by_no_other(contract):
    rows = [GOOD[contract][0] | change for _, _, change in BROKEN[contract]]
    if "line" in CONTRACTS[contract].columns:
        rows = [row | {"line": str(place)} for place, row in enumerate(rows)]
    with pytest.raises(SchemaErrors) as raised:
        CONTRACTS[contract].validate(frame(contract, *rows), lazy=True)
    found = raised.value.failure_cases.sort("index").select("index", "column", "check").rows()
    expected = [(place, column, rule) for place, (column, rule, _) in enumerate(BROKEN[contract])]
    precise = {rule for _, _, rule in expected if "(" in rule}
    assert [(place, at, rule if rule in precise else named(rule)) for place, at, rule in found] == expected


@pytest.mark.parametrize("contract", CONTRACTS)
def test_what_is_always_known_may_not_be_null(contract):
    always = {name for name, column in CONTRACTS[contract].columns.items() if not column.nullable}
    found = refused(contract, frame(contract, dict.fromkeys(CONTRACTS[contract].columns)))
    assert {column for column, rule in found if rule == "not_nullable"} == always


def test_a_column_that_a_later_version_added_stands_last_in_a_warehouse_that_exists():
    rows = frame("figure_values", FIGURE_VALUE)
    first, *others = rows.columns
    CONTRACTS["figure_values"].validate(rows.select(*others, first))


@pytest.mark.parametrize("table", contracts.SCORECARD)
def test_every_table_made_here_is_strict_ordered_keyed_and_described(table):
    schema = contracts.SCORECARD[table]
    assert (schema.strict, schema.ordered) == (True, True)
    assert {"report_month", "line"} <= set(schema.unique)
    assert schema.description
    assert all(column.description for column in schema.columns.values())


@pytest.mark.parametrize(
    "different",
    [
        *({"statistic": name, "value": 1.5} for name in ("percentage_change", "ratio_of_shares", "required_rate")),
        *({"statistic": name, "value": -0.5} for name in ("gap", "change_in_points")),
        *({"statistic": name} for name in STATISTICS),
        *({"unit": name} for name in UNITS),
        *({"sign": name} for name in SIGNS if name),
    ],
)
def test_every_word_the_code_knows_and_what_is_no_percentage_passes(different):
    CONTRACTS["figure_values"].validate(frame("figure_values", FIGURE_VALUE | different))


@pytest.mark.parametrize("statistic", ["rank", "k_of_n"])
def test_a_place_or_a_part_without_its_whole_is_refused(statistic):
    row = FIGURE_VALUE | {"statistic": statistic, "value": 3.0, "out_of": None}
    assert refused("figure_values", frame("figure_values", row))
