{# The last month of a line's history has its latest figure, to the last digit a double holds. #}
{% test ends_with_the_latest_figure(model) %}

    with

    last as (

        select
            report_month,
            line,
            max_by(coalesce(value, cast('nan' as double)), month) as value
        from {{ model }}
        where {{ in_this_run() }}
        group by report_month, line

    )

    select
        figures.report_month,
        figures.line,
        figures.value,
        last.value as in_history
    from {{ ref('figure_values') }} as figures
    left join last
        on
            figures.report_month = last.report_month
            and figures.line = last.line
    where
        figures.name = 'latest'
        and figures.value is not null
        and {{ in_this_run('figures.report_month') }}
        and coalesce(abs(last.value - figures.value) > 1e-9 * greatest(1, abs(figures.value)), true)

{% endtest %}
