"""What must hold over all the data of the release, worked out again from its monthly measures in polars."""

from tests.conftest import Built


def test_a_rolling_year_moves_by_the_month_in_the_month_out_and_what_was_restated(sample: Built):
    """RY(t) as known at t, less RY(t-1) as known at t-1 = x(t) - x(t-12) + restatements of the months in both."""
    broken = sample.query(
        """
        with restated as (
            select report_month, measure, area, sum(numerator - was) as moved
            from (
                select *, lag(numerator) over known as was, lag(report_month) over known as was_known
                from monthly_measures
                window known as (partition by measure, area, month order by report_month)
            )
            where was_known = report_month - interval 1 month
                and month > report_month - interval 12 month and month < report_month
            group by all
        ),
        months as (
            select report_month, measure, area, numerator as month_in, lag(month_out) over (
                partition by measure, area order by report_month
            ) as month_out
            from (
                select report_month, measure, area,
                    max(numerator) filter (where month = report_month) as numerator,
                    max(numerator) filter (where month = report_month - interval 11 month) as month_out
                from monthly_measures
                group by all
            )
        ),
        years as (
            select report_month, measure, area, numerator as now, lag(numerator) over (
                partition by measure, area order by report_month
            ) as was
            from rolling_year
            where month = report_month
        )
        select count(*) as compared,
            count(*) filter (where now - was is distinct from month_in - month_out + moved) as broken,
            count(*) filter (where moved <> 0) as with_restatements
        from years
        inner join months using (report_month, measure, area)
        inner join restated using (report_month, measure, area)
        where now is not null and was is not null
        """
    ).row(0, named=True)
    assert broken["broken"] == 0
    assert broken["compared"] > 9_000
    assert broken["with_restatements"] > 300


def test_rolling_year_and_year_to_date_of_march_are_the_sum_of_the_financial_year(sample: Built):
    years = sample.query(
        """
        with financial_year as (
            select report_month, measure, area, date '2009-03-01' as month,
                sum(numerator) as numerator, sum(denominator) as denominator
            from monthly_measures
            where month between date '2008-04-01' and date '2009-03-01' and report_month >= date '2009-03-01'
            group by all
            having sum(months_covered) = 12 and bool_and(complete) and not bool_or(suppressed)
        )
        select count(*) as compared, count(*) filter (
            where financial_year.numerator is distinct from rolling_year.numerator
            or financial_year.numerator is distinct from year_to_date.numerator
            or financial_year.denominator is distinct from rolling_year.denominator
            or financial_year.denominator is distinct from year_to_date.denominator) as broken
        from financial_year
        inner join rolling_year using (report_month, measure, area, month)
        inner join year_to_date using (report_month, measure, area, month)
        """
    ).row(0, named=True)
    assert years["broken"] == 0
    assert years["compared"] > 3_000


def test_every_ratio_is_a_sum_over_a_sum(sample: Built):
    ratios = sample.query(
        """
        select figures.value, sum(monthly.numerator) / sum(monthly.denominator) as again
        from figures
        inner join monthly_measures as monthly on monthly.report_month = figures.report_month
            and monthly.measure = figures.measure and monthly.area = 'Metropolitan Police'
            and monthly.month between figures.data_from and figures.data_to
        where figures.statistic = 'percentage' and figures.value is not null
        group by figures.report_month, figures.line, figures.name, figures.value
        """
    )
    assert ratios.height > 200
    assert (ratios["value"] - ratios["again"]).abs().max() < 1e-12


def test_the_boroughs_add_up_to_the_force(sample: Built):
    sums = sample.query(
        """
        select count(*) as compared, count(*) filter (where boroughs is distinct from force) as broken
        from (
            select sum(numerator) filter (where area <> 'Metropolitan Police') as boroughs,
                sum(numerator) filter (where area = 'Metropolitan Police') as force
            from rolling_year group by report_month, measure, month
            having count(*) = 33 and bool_and(numerator is not null)
        )
        """
    ).row(0, named=True)
    assert sums["broken"] == 0
    assert sums["compared"] > 1_000


def test_no_value_stands_on_an_incomplete_window_and_every_missing_one_says_why(sample: Built):
    figures = sample.query(
        "select count(*) filter (where value is not null and months_present < months_expected) as lying,"
        " count(*) filter (where (value is null) = (missing_reason is null)) as silent,"
        " count(*) as all_of_them from figures"
    ).row(0, named=True)
    assert (figures["lying"], figures["silent"]) == (0, 0)
    assert figures["all_of_them"] > 1_000
