"""What explains a number adds up to it, on every card: restatements, boroughs, revisions and sources.

That movements add up, the data tests of the models say.
"""

from datetime import date

import polars as pl
import pytest

from tests.conftest import Built

NEARLY = 1e-9


def off(sums: pl.DataFrame, value: str = "value", is_sum: str = "is_sum") -> pl.DataFrame:
    far = (pl.col(value) - pl.col(is_sum)).abs() > NEARLY * pl.max_horizontal(pl.col(value).abs(), 1.0)
    return sums.filter(far.fill_null(True))


def test_a_change_is_from_what_the_card_of_the_month_before_printed(sample: Built):
    both = sample.query(
        """
        select now.report_month, now.line, now.value_before, now.printed_before, before.value, before.printed
        from changes as now
        inner join changes as before
            on now.line = before.line and now.financial_year = before.financial_year
            and before.report_month = now.report_month - interval 1 month
        """
    )
    assert both.height > 200
    assert off(both.drop_nulls("value"), "value", "value_before").is_empty()
    assert (both["printed"] == both["printed_before"]).all()


def test_what_a_delivery_restated_is_the_difference_between_what_was_known_and_what_is(sample: Built):
    restated = sample.query("select * from changes where abs(restatement) > 0 and missing_reason is null")
    assert restated.height > 5
    sums = sample.query(
        "select report_month, line, restatement as value, sum(contribution) as is_sum from changes "
        "inner join movements using (report_month, line) where kind = 'restatement' group by all"
    )
    assert off(sums).is_empty()
    assert restated.filter(pl.col("printed_before") != pl.col("printed_restated")).height > 0


def test_boroughs_add_up_to_the_change_on_the_year_before_where_none_is_suppressed(sample: Built):
    sums = sample.query(
        """
        select
            report_month, line, sum(contribution) as is_sum, bool_or(contribution is null) as suppressed,
            any_value(case when kind = 'percentage_change' then value else value - previous_value end) as value
        from area_contributions
        inner join scorecard using (report_month, line)
        inner join indicators using (report_month, line)
        group by all
        """
    ).drop_nulls("value")
    whole = sums.filter(~pl.col("suppressed"))
    assert whole.height > 20
    assert sums.filter("suppressed").height > 0  # what is suppressed among the boroughs is suppressed here
    assert off(whole).is_empty()


def test_the_last_diagonal_of_the_triangle_is_what_is_known_now(sample: Built):
    differ = sample.query(
        """
        select count(*) as n, count(*) filter (
            last.numerator is distinct from monthly.numerator or last.denominator is distinct from monthly.denominator
        ) as differ
        from (
            select * from revisions qualify report_month = max(report_month) over (partition by measure, month)
        ) as last
        inner join monthly_measures as monthly using (report_month, measure, month)
        inner join areas on monthly.area = areas.area and areas.kind = 'whole'
        """
    ).row(0)
    assert differ[0] > 500
    assert differ[1] == 0


def test_a_month_moves_in_the_triangle_where_a_delivery_restated_it(sample: Built):
    months = sample.query(
        """
        select report_month, measure, month from restatements
        inner join areas on restatements.area = areas.area and areas.kind = 'whole'
        """
    )
    moved = sample.query(
        """
        select report_month, measure, month from (
            select *, lag(numerator) over known as n, lag(denominator) over known as d from revisions
            window known as (partition by measure, month order by report_month)
        )
        where n is not null and (n <> numerator or d is distinct from denominator)
        """
    )
    assert months.height > 0
    assert set(months.rows()) == set(moved.rows())


def test_the_month_that_dropped_out_is_a_query(sample: Built):
    """2009/10 line 4c: 'Aug'08 (£12m) has dropped out of the rolling 12 month total'."""
    (out,) = sample.query(
        "select month, contribution from movements "
        "where report_month = '2009-08-01' and line = '4c' and kind = 'month_out'"
    ).rows()
    assert out[0] == date(2008, 8, 1)
    assert round(-out[1] / 1e6) == 12


def test_the_months_of_a_figure_add_up_to_it_and_lead_to_lines_of_files_that_say_so(sample: Built):
    """From the card's line 4c to the two rows of August's file: what they hold is what the month brings."""
    (source,) = sample.query(
        "select file, sha256, first_line, last_line, lines from measure_sources "
        "where report_month = '2009-08-01' and month = '2009-08-01' and measure = 'assets_recovered'"
    ).rows()
    lines = (sample.raw / source[0]).read_text(encoding="utf-8").splitlines()
    held = lines[source[2] - 1 : source[3]]
    assert len(held) == source[4]
    (brings,) = sample.query(
        "select value from movements where report_month = '2009-08-01' and line = '4c' and kind = 'month_in'"
    ).row(0)
    values = [float(line.split(",")[lines[0].split(",").index("value_gbp")]) for line in held]
    assert sum(values) == pytest.approx(float(brings))
    delivered = sample.query("select sha256 from deliveries where file = $1", source[0]).item()
    assert source[1] == delivered


def test_every_month_of_every_figure_has_a_source(sample: Built):
    without = sample.query(
        """
        select monthly.report_month, monthly.measure, monthly.month
        from monthly_measures as monthly
        inner join areas on monthly.area = areas.area and areas.kind = 'whole'
        left join measure_sources as sources using (report_month, measure, month)
        where monthly.complete and (sources.sha256 is null or sources.first_line is null)
        """
    )
    assert without.is_empty()
