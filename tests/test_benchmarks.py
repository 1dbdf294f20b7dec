"""Each benchmark at a small size: it works, and both sides come to the same. What they take is `make bench`."""

from datetime import date

import duckdb
import pytest

from benchmarks import (
    card_editions,
    history,
    importing,
    loading,
    many_records,
    measuring,
    national,
    one_more_month,
    projects,
    queries,
    shifted_years,
    windows,
)
from benchmarks.measuring import Failed, Row, Took
from orchestration import months
from tests.conftest import Built, copied

WITH_PANDAS = pytest.mark.skipif(not measuring.PANDAS.exists(), reason="pandas is not here: make bench installs it")


def measured(rows) -> list[Row]:
    rows = list(rows)
    assert rows
    for row in rows:
        assert row.asked
        for took in filter(None, (row.ours, row.theirs)):
            assert took.seconds > 0 < took.cpu
            assert 5_000_000 < took.memory < 4_000_000_000
    return rows


@pytest.mark.slow
def test_one_more_month_and_two_in_one_run_publish_the_same_card(tmp_path):
    month, all_of_them = measured(one_more_month.run(2, 1, Built(tmp_path / "sample")))
    assert "Serious acquisitive crime rate" in month.ours.answer
    assert all_of_them.theirs is month.ours


@pytest.mark.slow
def test_dbt_alone_that_makes_other_tables_than_the_run_is_no_measure_of_it(sample, tmp_path):
    copy = copied(sample, tmp_path)
    with duckdb.connect(str(copy.warehouse / "performance.duckdb")) as connection:
        connection.execute("update measures.monthly_measures set numerator = numerator + 1 where area = 'Camden'")
    with pytest.raises(Failed, match=r"measures\.monthly_measures"):
        projects.dbt_build(copy)


@pytest.mark.slow
def test_a_month_after_a_longer_history_has_the_same_lines():
    (row,) = measured(history.run(15, 27, 1))
    assert row.ours.answer == row.theirs.answer


@pytest.mark.slow
@WITH_PANDAS
def test_the_same_values_are_read_however_the_deliveries_are_loaded():
    for row in measured(loading.run(20_000, 20, 1)):
        assert row.ours.answer == row.theirs.answer
        assert row.ours.answer[0] == 4 * 31 * 8 * 20


@pytest.mark.slow
def test_records_come_to_the_same_measures_by_the_models_and_by_hand():
    by_models, by_dbt = measured(many_records.run(2_000, 1))
    assert by_models.ours.answer == by_models.theirs.answer == by_dbt.ours.answer
    assert sum(reporting for _, _, reporting in by_models.ours.answer) == 2_000


@pytest.mark.slow
@WITH_PANDAS
def test_windows_are_what_a_plain_computation_says_where_months_are_missing(tmp_path):
    assert len(measured(windows.run(10_000, 1))) == 3
    windows.generate(tmp_path, 2)
    windows.models(str(tmp_path))()
    with duckdb.connect() as connection:
        rows = connection.execute(f"from '{tmp_path}/monthly_measures.parquet'").fetchall()
        found = connection.execute(f"from '{tmp_path}/models.parquet'").fetchall()
    of = {(measure, area, month): (numerator, denominator) for measure, area, month, numerator, denominator in rows}
    nothing = 0
    for measure, area, month, *sums in found:
        april = date(month.year - (month.month < 4), 4, 1)
        for first, (numerator, denominator) in ((months.shift(month, -11), sums[:2]), (april, sums[2:])):
            its = [of.get((measure, area, each)) for each in months.between(first, month)]
            if None in its:
                assert numerator is denominator is None
                nothing += 1
            else:
                assert [numerator, denominator] == [sum(values) for values in zip(*its, strict=True)]
    assert len(found) == 2 * windows.AREAS * windows.HISTORY
    assert 0 < nothing < len(found) * 2


@pytest.mark.slow
def test_every_query_of_the_document_is_timed_on_a_release(sample):
    slowest, median = measured(queries.run(sample))
    assert len(slowest.ours.answer) == 20
    assert slowest.ours.seconds >= median.ours.seconds


@pytest.mark.slow
def test_the_editions_of_a_card_take_a_few_seconds_of_one_core(sample):
    """Twice the benchmark's limit, for slower machines and those with others at work."""
    (row,) = measured(card_editions.run(sample))
    assert row.ours.cpu < 2 * card_editions.CPU_SECONDS


@pytest.mark.slow
def test_the_definitions_are_imported_beside_dagster(sample):
    measured(importing.run(sample, 1))


@pytest.mark.slow
def test_a_country_costs_more_than_its_part():
    costs = list(national.run(20, 4, 50))
    assert all(cost.measured > 0 and cost.whole >= cost.measured for cost in costs)


def test_the_calendar_of_a_longer_history_knows_its_financial_years():
    calendar = shifted_years.calendar(date(2009, 2, 1), date(2009, 4, 1))
    assert [row["financial_year"] for row in calendar] == ["2008/09", "2008/09", "2009/10"]
    assert calendar[-1]["quarter_start"] == date(2009, 4, 1)


def test_a_side_is_measured_by_itself_and_what_misses_is_said():
    held = [bytearray(200_000_000)]
    took = measuring.process(["true"])
    assert took.memory < 100_000_000 < len(held[0])
    fast, slow = Took(1.0, 1.0, 10), Took(2.0, 1.0, 100)
    assert Row("work", fast, "other", slow, times=0.5).held
    assert not Row("work", slow, "other", fast, times=1.9).held
    assert not Row("work", slow, seconds=1).held
    assert not Row("work", slow, "other", fast, times=3, times_the_memory=9).held
    with pytest.raises(Failed):
        measuring.same(Took(1, 1, 1, "one"), Took(1, 1, 1, "other"))
    with pytest.raises(Failed):
        measuring.process(["false"])
