{# In March the year to date, the rolling year and the financial year are the same twelve months. #}
{% test year_to_date_in_march_is_the_rolling_year(model) %}
select
    year_to_date.report_month,
    year_to_date.measure,
    year_to_date.area,
    year_to_date.month,
    year_to_date.numerator,
    year_to_date.denominator,
    year_to_date.months_present,
    rolling_year.numerator as rolling_year_numerator,
    rolling_year.denominator as rolling_year_denominator,
    rolling_year.months_present as rolling_year_months_present
from {{ model }} as year_to_date
inner join {{ ref('rolling_year') }} as rolling_year
    on
        year_to_date.report_month = rolling_year.report_month
        and year_to_date.measure = rolling_year.measure
        and year_to_date.area = rolling_year.area
        and year_to_date.month = rolling_year.month
where
    year_to_date.months_expected = 12
    and (
        year_to_date.numerator is distinct from rolling_year.numerator
        or year_to_date.denominator is distinct from rolling_year.denominator
        or year_to_date.months_present <> rolling_year.months_present
    )
    and {{ in_this_run('year_to_date.report_month') }}
{% endtest %}
