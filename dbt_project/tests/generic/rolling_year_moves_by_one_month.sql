{# RY(t) - RY(t-1) = x(t) - x(t-12): within one report month nothing else can move a rolling year. #}
{% test rolling_year_moves_by_one_month(model) %}

    with

    -- first the months of the run, then the joins: those of the whole history took 20 times as long
    rolling_years as (

        select report_month, measure, area, month, numerator
        from {{ model }}
        where {{ in_this_run() }}

    ),

    months as (

        select report_month, measure, area, month, numerator
        from {{ ref('monthly_measures') }}
        where
            {{ in_this_run() }}
            and months_covered = 1

    )

    select
        now.report_month,
        now.measure,
        now.area,
        now.month,
        now.numerator - before.numerator as moved,
        month_in.numerator - month_out.numerator as expected
    from rolling_years as now
    inner join rolling_years as before
        on
            now.report_month = before.report_month
            and now.measure = before.measure
            and now.area = before.area
            and now.month = before.month + interval 1 month
    inner join months as month_in
        on
            now.report_month = month_in.report_month
            and now.measure = month_in.measure
            and now.area = month_in.area
            and now.month = month_in.month
    inner join months as month_out
        on
            now.report_month = month_out.report_month
            and now.measure = month_out.measure
            and now.area = month_out.area
            and now.month = month_out.month + interval 1 year
    where now.numerator - before.numerator <> month_in.numerator - month_out.numerator

{% endtest %}
