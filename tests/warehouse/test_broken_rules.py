"""A rule that a table breaks is named with its rows, whoever found it; in the terminal and on Dagster's pages."""

import re

import dagster as dg
import duckdb
import polars as pl
import pytest

from orchestration.errors import explanation
from orchestration.warehouse import broken_rules
from orchestration.warehouse.broken_rules import Broken, BrokenContract, checked
from tests.conftest import Built, copied, edit
from tests.scorecard.test_contracts import BROKEN, CONTRACTS, GOOD, frame

TEST = "test.scorecard.every_area_is_known.0123456789"


def manifest(description: str = "", of_kind: str = "every area is defined in areas.csv") -> dict:
    macro = "macro.scorecard.test_every_area_is_known"
    return {
        "nodes": {
            TEST: {
                "name": "every_area_is_known",
                "description": description,
                "attached_node": "model.scorecard.stg_series",
                "depends_on": {"macros": [macro, "macro.dbt.get_where_subquery"]},
            },
            "model.scorecard.stg_series": {"schema": "staging", "name": "stg_series"},
        },
        "macros": {macro: {"description": of_kind}, "macro.dbt.get_where_subquery": {"description": ""}},
    }


def rows(count: int) -> str:
    """The query of a data test that finds so many rows."""
    return (
        f"select date '2009-08-01' as month, 'Borough ' || lpad(cast({count} - n as varchar), 4, '0') as area, "
        f"null as value, 1.5 as share from range({count}) as numbers (n)"
    )


def of_test(query: str, failures: int, described: dict | None = None) -> Broken:
    with duckdb.connect() as connection:
        return broken_rules.of_data_test(TEST, failures, query, described or manifest(), connection)


def test_of_many_rows_the_first_are_named_and_how_many_there_are():
    says = of_test(rows(1595), 1595).message
    head, *first = says.splitlines()
    assert head == ("staging.stg_series: every area is defined in areas.csv. 1,595 rows break this rule; the first 5:")
    assert first[0] == "  month 2009-08, area 'Borough 0001', value none, share 1.5"
    assert len(first) == broken_rules.SHOWN
    assert first == sorted(first)


HEADS = {
    "two rows": (rows(2), 2, " 2 rows break this rule:"),
    "one row": (rows(1), 1, " 1 row breaks this rule:"),
    "rows of a cluster": ("select * from a_table_of_a_cluster", 7, " 7 rows break this rule."),
    "rows that cannot be read": ("select 1 / 'x'", 7, " 7 rows break this rule."),
}


@pytest.mark.parametrize("query, failures, head", HEADS.values(), ids=HEADS)
def test_of_few_rows_all_are_named_and_those_that_cannot_be_read_are_counted(query: str, failures: int, head: str):
    first, *shown = of_test(query, failures).message.splitlines()
    assert first == f"staging.stg_series: every area is defined in areas.csv.{head}"
    assert len(shown) == (failures if first.endswith(":") else 0)


def test_a_test_s_own_description_goes_before_that_of_its_kind_and_without_either_its_name_is_the_rule():
    assert of_test(rows(1), 1, manifest("areas are known")).rule == "areas are known"
    assert of_test(rows(1), 1, manifest(of_kind="")).rule == "every area is known"


def test_no_more_rules_are_told_than_a_person_reads():
    broken = [Broken("a.table", f"rule {number}", 1, [{"line": "4a"}]) for number in range(25)]
    says = broken_rules.in_words(broken)
    assert says.endswith("\n... and 15 more rules")
    assert says.count("this rule") == broken_rules.NAMED


EVERY_RULE = [(contract, *case) for contract, cases in BROKEN.items() for case in cases]


@pytest.mark.parametrize(
    ("contract", "column", "rule", "change"),
    EVERY_RULE,
    ids=[f"{contract} {column or rule} {number}" for number, (contract, column, rule, _) in enumerate(EVERY_RULE)],
)
def test_a_row_that_breaks_a_contract_is_named_with_its_key_and_its_value(contract, column, rule, change):
    good, broken = GOOD[contract][0], GOOD[contract][0] | change
    if "line" in good and "line" not in change:
        broken |= {"line": "9z"}
    with pytest.raises(BrokenContract) as raised:
        checked(f"aggregates.{contract}", CONTRACTS[contract], frame(contract, good, broken))
    _, head, row, *others = str(raised.value).splitlines()
    assert others == []
    assert head.startswith(f"aggregates.{contract}: {column or rule}")
    assert head.endswith(". 1 row breaks this rule:")
    assert not re.search(r"isin|in_range|greater_than|str_matches|nullable|\(\[", head)
    key = CONTRACTS[contract].unique or list(CONTRACTS[contract].columns)[: broken_rules.KEY]
    assert all(f"{name} {broken_rules.shown(broken[name])}" in row for name in {*key, *([column] if column else [])})


def test_what_is_always_known_and_a_key_that_stands_twice_are_said_in_words():
    line = GOOD["scorecard"][0]
    with pytest.raises(BrokenContract) as raised:
        checked("scorecard.scorecard", CONTRACTS["scorecard"], frame("scorecard", line, line | {"title": None}))
    says = str(raised.value)
    assert "scorecard.scorecard: a key names one row. 2 rows break this rule:" in says
    assert "scorecard.scorecard: title is always known. 1 row breaks this rule:" in says
    assert "  report_month 2009-08, line '4a', title none (defined in indicators.csv, line 4a)" in says


def test_a_column_that_is_missing_or_too_many_or_of_another_type_is_named():
    made = frame("scorecard", GOOD["scorecard"][0]).drop("title").with_columns(pl.col("position").cast(pl.Int64))
    with pytest.raises(BrokenContract) as raised:
        checked("scorecard.scorecard", CONTRACTS["scorecard"], made.with_columns(surprise=pl.lit(1)))
    says = str(raised.value).splitlines()
    assert "scorecard.scorecard: every column is there: title." in says
    assert "scorecard.scorecard: there is no column outside the contract: surprise." in says
    assert "scorecard.scorecard: position is of the type 'Int32': Int64." in says


DEFINED = {
    "a figure": (
        {"financial_year": "2009/10", "line": "4a", "name": "rank"},
        "figures.csv, 2009/10, line 4a, name rank",
    ),
    "a target": ({"financial_year": "2009/10", "line": "4a", "name": "target"}, "indicators.csv, 2009/10, line 4a"),
    "a change": ({"line": "4a", "contribution": 1.5}, "indicators.csv, line 4a"),
    "a sum": ({"measure": "killed", "numerator": -1}, "measures.csv, measure killed"),
}


@pytest.mark.parametrize("row, where", DEFINED.values(), ids=DEFINED)
def test_what_breaks_a_rule_is_named_with_the_row_of_the_catalogue_that_defines_it(row, where):
    assert Broken("a.table", "a rule", 1, [row]).message.endswith(f" (defined in {where})")


def test_rows_as_the_contract_asks_pass():
    made = frame("scorecard", GOOD["scorecard"][0])
    assert checked("scorecard.scorecard", CONTRACTS["scorecard"], made).equals(made)


def test_a_contract_that_is_broken_anywhere_in_a_run_is_one_sentence_and_no_traceback():
    error = BrokenContract("scorecard.figures: a key names one row. 2 rows break this rule:")
    assert explanation(error) == str(error)


def evaluations(built: Built, monkeypatch: pytest.MonkeyPatch) -> str:
    """What Dagster shows of the checks that failed."""
    monkeypatch.setenv("DAGSTER_HOME", str(built.warehouse / "dagster"))
    with dg.DagsterInstance.get() as instance:
        wanted = dg.EventRecordsFilter(event_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        events = [record.event_log_entry.dagster_event for record in instance.get_event_records(wanted)]
    checks = [event.event_specific_data for event in events]
    return "\n".join(check.description or "" for check in checks if not check.passed)


WEIGHT = ("measures", {"measure": "minority_ethnic_recruits", "part": "numerator"}, {"weight": "100"})
# the most digits that a number can have: no card could print it
BOUNDLESS = ("figures", {"line": "6c", "name": "systems_in_total"}, {"number": f"1{'0' * 308}"})
STOPS = {
    "a data test": (
        WEIGHT,
        r"measures\.monthly_measures: a part is no more than its whole, and neither is below zero\. \d+ rows break "
        r"this rule; the first 5:\n  report_month 2009-08, measure 'minority_.*, numerator \d+00\.00, denominator "
        r"\d\S+ \(defined in measures\.csv, measure minority_ethnic_recruits\)",
    ),
    "a contract": (
        BOUNDLESS,
        r"aggregates\.figure_values: a value is a number\. 1 row breaks this rule:\n  report_month 2009-08.*"
        r" \(defined in figures\.csv, 2009/10, line 6c, name systems_in_total\)",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("edited, message", STOPS.values(), ids=STOPS)
def test_what_stops_a_run_names_rows_in_the_terminal_and_in_dagster(sample, tmp_path, monkeypatch, edited, message):
    built, (table, where, cells) = copied(sample, tmp_path), edited
    edit(
        built.catalogue / f"{table}.csv",
        lambda found: [row | cells if where.items() <= row.items() else row for row in found],
    )
    done = built.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 1
    for shown in (done.stderr, evaluations(built, monkeypatch)):
        assert re.search(message, shown, re.DOTALL)
        assert "Got " not in shown
    assert built.query("select max(release) from scorecard").item() == "2009-08-r1"
