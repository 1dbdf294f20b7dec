"""The models: their unit tests pass, and the data tests that guard what they hold can fail."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.warehouse import broken_rules
from tests.conftest import PROJECT, Built

UNIT_TESTS = sorted(
    f"{test['model']}.{test['name']}"
    for file in (PROJECT / "dbt_project" / "models").rglob("*.yml")
    for test in yaml.safe_load(file.read_text(encoding="utf-8")).get("unit_tests", [])
)

# One row of a table is damaged at a time; what each damage is meant for stands in FAILURES.
DAMAGES = (
    # a row that is there twice
    "insert into raw.deliveries from raw.deliveries where extract = 'peer_forces' and delivery_month = '2009-08-01'",
    "insert into raw.peer_forces from raw.peer_forces"
    " where delivery_month = '2009-08-01' and measure = 'satisfaction_gap' and force = 'Kent' limit 1",
    "insert into raw.commentary from raw.commentary where delivery_month = '2009-08-01' and line = '4a'",
    "insert into staging.stg_series from staging.stg_series"
    " where delivery_month = '2009-01-01' and month = '2009-01-01' and series = 'networks_disrupted'",
    "insert into measures.effective_deliveries from measures.effective_deliveries"
    " where report_month = '2009-08-01' and extract = 'population' and month = '2009-08-01'",
    "insert into measures.series_as_of from measures.series_as_of"
    " where report_month = '2007-03-01' and series = 'networks_disrupted' and month = '2007-03-01'",
    "insert into measures.peers_as_of from measures.peers_as_of"
    " where report_month = '2009-08-01' and measure = 'satisfaction_gap' and peer = 'Kent' limit 1",
    "insert into measures.suppressed_months from measures.suppressed_months limit 1",
    # one that is not complete, so that the sums are as they were
    "insert into measures.monthly_measures from measures.monthly_measures"
    " where report_month = '2007-02-01' and measure = 'knife_crime_rate' and area = 'Camden'",
    "insert into aggregates.rolling_year from aggregates.rolling_year"
    " where report_month = '2007-02-01' and measure = 'robbery' and area = 'Camden'",
    "insert into aggregates.year_to_date from aggregates.year_to_date"
    " where report_month = '2007-02-01' and measure = 'robbery' and area = 'Camden'",
    "insert into aggregates.quarter from aggregates.quarter where report_month = '2007-02-01' and measure = 'robbery'",
    "insert into reference.figures from reference.figures"
    " where financial_year = '2009/10' and line = '4a' and name = 'burglary_change'",
    # of a line without figures
    "insert into aggregates.indicators_as_of from aggregates.indicators_as_of"
    " where report_month = '2009-08-01' and line = '5a'",
    "insert into aggregates.peer_ranks from aggregates.peer_ranks"
    " where report_month = '2009-08-01' and peer_group = 'most_similar_forces' limit 1",
    "insert into aggregates.figure_values from aggregates.figure_values"
    " where report_month = '2009-08-01' and line = '4a' and name = 'latest'",
    "insert into measures.measure_sources from measures.measure_sources where report_month = '2009-08-01' limit 1",
    "insert into aggregates.changes from aggregates.changes where report_month = '2009-08-01' and line = '1b'",
    "insert into aggregates.peers from aggregates.peers where report_month = '2009-08-01' limit 1",
    # a history that does not end with its figure; a month of one that is there twice
    "update aggregates.history set value = value + 1"
    " where report_month = '2009-08-01' and line = '4a' and month = '2009-08-01'",
    "insert into aggregates.history from aggregates.history"
    " where report_month = '2009-08-01' and line = '4a' and month = '2009-07-01'",
    # movements that are there twice no longer add up
    "insert into aggregates.movements from aggregates.movements"
    " where report_month = '2009-08-01' and line = '4c' and kind = 'month_in'",
    "insert into aggregates.component_movements from aggregates.component_movements"
    " where report_month = '2009-08-01' and line = '4c' limit 1",
    *(
        "insert into aggregates.flagged_deliveries values (date '2009-08-01', '4a', 'latest', 'recorded_crime',"
        f" date '2009-08-01', '{reason}', null)"
        for reason in ("checked", "checked again")
    ),
    # a series and an area that nobody knows
    "update staging.stg_series set series = 'networks_erupted'"
    " where delivery_month = '2008-12-01' and month = '2008-12-01' and series = 'networks_disrupted'",
    "update staging.stg_series set area = 'Camdem' where delivery_month = '2009-01-01'"
    " and month = '2009-01-01' and area = 'Camden' and series = 'residential_burglary_offences'",
    # a borough that is missing
    "delete from measures.series_as_of where report_month = '2009-08-01'"
    " and series = 'residential_burglary_offences' and month = '2009-05-01' and area = 'Camden'",
    # shares that are none, in months that no rolling year holds; each leaves the force's sum behind
    "update measures.monthly_measures set numerator = denominator + 1 where report_month = '2007-03-01'"
    " and month = '2007-02-01' and measure = 'domestic_violence_arrest_rate' and area = 'Camden'",
    "update measures.monthly_measures set numerator = -1 where report_month = '2007-03-01'"
    " and month = '2007-03-01' and measure = 'domestic_violence_arrest_rate' and area = 'Camden'",
    "update measures.monthly_measures set denominator = -denominator where report_month = '2007-04-01'"
    " and month = '2007-02-01' and measure = 'domestic_violence_arrest_rate' and area = 'Camden'",
    # a rolling year that nothing moved, and years to date that are not the rolling year of their March
    "update aggregates.rolling_year set numerator = numerator + 1 where report_month = '2009-08-01'"
    " and month = '2009-08-01' and measure = 'robbery' and area = 'Camden'",
    "update aggregates.year_to_date set numerator = numerator + 1 where report_month = '2009-08-01'"
    " and month = '2009-03-01' and measure = 'robbery' and area = 'Camden'",
    "update aggregates.year_to_date set denominator = denominator + 1 where report_month = '2009-08-01'"
    " and month = '2009-03-01' and measure = 'robbery_detection_rate' and area = 'Camden'",
    "update aggregates.year_to_date set months_present = 11 where report_month = '2009-08-01'"
    " and month = '2009-03-01' and measure = 'robbery' and area = 'Barnet'",
    # figures with neither a value nor a reason, with both, and with a value over a window that is not whole
    "update aggregates.figure_values set value = null"
    " where report_month = '2009-08-01' and line = '4a' and name = 'burglary_change'",
    "update aggregates.figure_values set missing_reason = 'none'"
    " where report_month = '2009-08-01' and line = '4a' and name = 'robbery_change'",
    "update aggregates.figure_values set months_present = 11"
    " where report_month = '2009-08-01' and line = '4a' and name = 'vehicle_change'",
)

# How many rows each data test must name, of all the damages together.
FAILURES = {
    "a_value_or_a_reason_figure_values_": 3,
    "areas_add_up_to_the_whole_monthly_measures_denominator": 1,
    "areas_add_up_to_the_whole_monthly_measures_numerator": 2,
    "ends_with_the_latest_figure_history_": 2,  # the figure is there twice
    "every_area_is_in_the_catalogue": 1,
    "every_area_of_a_month_series_as_of_": 2,  # the missing borough, and the force that is there twice
    "every_series_is_in_the_catalogue": 1,
    "movements_add_up_component_movements_False": 1,
    "movements_add_up_movements_True": 1,
    "numerator_within_denominator_monthly_measures_": 3,
    "rolling_year_moves_by_one_month_rolling_year_": 1,
    "unique_rows_flagged_deliveries_report_month__line__name__extract__delivery_month": 1,
    "unique_rows_changes_report_month__line": 1,
    "unique_rows_component_movements_report_month__line__component__kind": 1,
    "unique_rows_effective_deliveries_report_month__extract__month": 1,
    "unique_rows_figure_definitions_report_month__line__name": 5,  # of each of the year's cards
    "unique_rows_figure_values_report_month__line__name": 1,
    "unique_rows_suppressed_months_measure__area__month": 1,
    "unique_rows_history_report_month__line__month": 1,
    "unique_rows_indicators_as_of_report_month__line": 1,
    "unique_rows_measure_sources_report_month__measure__month__extract": 1,
    "unique_rows_monthly_measures_report_month__measure__area__month": 1,
    "unique_rows_movements_report_month__line__kind__part__month": 1,
    "unique_rows_peer_ranks_report_month__measure__peer_group__from_month__to_month__peer": 1,
    "unique_rows_peers_as_of_report_month__measure__from_month__to_month__peer": 1,
    "unique_rows_peers_report_month__line__name__peer": 1,
    "unique_rows_quarter_report_month__measure__area__month": 1,
    "unique_rows_rolling_year_report_month__measure__area__month": 1,
    "unique_rows_series_as_of_report_month__series__area__month": 1,
    "unique_rows_stg_commentary_delivery_month__line": 1,
    "unique_rows_stg_deliveries_extract__delivery_month": 1,
    "unique_rows_stg_peers_delivery_month__measure__from_month__to_month__peer": 1,
    "unique_rows_stg_series_delivery_month__series__area__month": 1,
    "unique_rows_year_to_date_report_month__measure__area__month": 1,
    "year_to_date_in_march_is_the_rolling_year_year_to_date_": 3,
}


def results_of(built: Built, database: Path, kind: str) -> dict[str, dict]:
    """What dbt says of each test of that kind on that database, by the test's name."""
    target = database.parent / "dbt"
    done = built.dbt(database, target, "test", "--select", f"test_type:{kind}")
    results = target / "run_results.json"
    assert results.exists(), done.stdout + done.stderr
    # unit_test.<project>.<model>.<name>, test.<project>.<name>.<hash>; what dbt does as it starts is no test
    of_name = {"unit": slice(2, None), "data": slice(2, 3)}[kind]
    return {
        ".".join(result["unique_id"].split(".")[of_name]): result
        for result in json.loads(results.read_text(encoding="utf-8"))["results"]
        if not result["unique_id"].startswith("operation.")
    }


@pytest.fixture(scope="module")
def unit_tests(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Run on a copy: dbt opens the database for writing, if only to make temporary tables in it."""
    database = tmp_path_factory.mktemp("unit_tests") / "performance.duckdb"
    shutil.copy(sample.warehouse / "performance.duckdb", database)
    return results_of(sample, database, "unit")


@pytest.fixture(scope="module")
def damaged(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("data_tests") / "performance.duckdb"
    shutil.copy(sample.warehouse / "performance.duckdb", database)
    with duckdb.connect(str(database)) as connection:
        for damage in DAMAGES:
            assert connection.execute(damage).fetchone() == (1,), damage
    return database


@pytest.fixture(scope="module")
def damaged_data_tests(sample: Built, damaged: Path) -> dict[str, dict]:
    return results_of(sample, damaged, "data")


def test_every_unit_test_of_the_models_is_run_and_no_other(unit_tests: dict[str, dict]) -> None:
    assert sorted(unit_tests) == UNIT_TESTS


@pytest.mark.parametrize("name", UNIT_TESTS, ids=UNIT_TESTS)
def test_the_models_do_as_their_unit_test_says(name: str, unit_tests: dict[str, dict]) -> None:
    assert unit_tests[name]["status"] == "pass", unit_tests[name]["message"]


def test_every_data_test_is_made_to_fail(damaged_data_tests: dict[str, dict]) -> None:
    assert sorted(damaged_data_tests) == sorted(FAILURES)


@pytest.mark.parametrize(("name", "rows"), FAILURES.items(), ids=FAILURES)
def test_a_data_test_fails_for_every_damaged_row(name: str, rows: int, damaged_data_tests: dict[str, dict]) -> None:
    result = damaged_data_tests[name]
    assert (result["status"], result["failures"]) == ("fail", rows), result["message"]


@pytest.mark.parametrize(("name", "rows"), FAILURES.items(), ids=FAILURES)
def test_a_data_test_that_fails_names_its_rule_in_plain_words_and_the_rows_that_break_it(
    name: str, rows: int, damaged: Path, damaged_data_tests: dict[str, dict]
) -> None:
    result = damaged_data_tests[name]
    manifest = json.loads((damaged.parent / "dbt" / "manifest.json").read_bytes())
    with duckdb.connect(str(damaged), read_only=True) as connection:
        broken = broken_rules.of_data_test(
            result["unique_id"], result["failures"], result["compiled_code"], manifest, connection
        )
    assert (broken.failures, len(broken.rows)) == (rows, rows)
    assert "_" not in broken.rule
    assert broken.rule != name.replace("_", " ")
    head, *named = broken.message.splitlines()
    assert head.startswith(f"{broken.table}: {broken.rule}. {rows} row")
    for row, says in zip(broken.rows, named, strict=True):
        # a month, and what is counted or printed in it; nothing but the key of a table that is of no month
        assert len(row) >= 3
        assert all(f"{column} " in says for column in row)
