{# The first month of a window that ends with a month; `calendar` is that month's row of the calendar. #}
{% macro first_month(basis, last_month, calendar) -%}
    case {{ basis }}
        when 'rolling_year' then {{ last_month }} - interval 11 month
        when 'year_to_date' then {{ calendar }}.financial_year_start
        when 'quarter' then {{ calendar }}.quarter_start
        else {{ last_month }}
    end
{%- endmacro %}

{# How many months it has. #}
{% macro months_of_window(basis, calendar) -%}
    case {{ basis }}
        when 'rolling_year' then 12
        when 'year_to_date' then {{ calendar }}.month_of_financial_year
        when 'quarter' then 3
        else 1
    end
{%- endmacro %}

{# The sums of the window that ends with each month of `months`, which has a row for every month whether anything came
   for it or not. A window does not reach across the column `within`; `where` chooses rows. #}
{% macro window_sums(months, basis, within=none, where='true') -%}
with

months as (

    select
        *,
        cast({{ first_month("'" ~ basis ~ "'", 'month', 'measure_months') }} as date) as data_from,
        cast({{ months_of_window("'" ~ basis ~ "'", 'measure_months') }} as integer) as months_expected
    from {{ months }} as measure_months
    where {{ where }}

),

summed as (

    select
        report_month,
        measure,
        area,
        month,
        data_from,
        cast(sum(numerator) over period as {{ amount() }}) as numerator,
        cast(sum(denominator) over period as {{ amount() }}) as denominator,
        -- a quarterly value ends with its quarter: the months after the last value are not in it; the value of a year
        -- that began before the window does not count
        cast(
            least(
                case
                    when sum(months_covered) over period <= months_expected then sum(months_covered) over period
                    else sum(months_covered) over period - max(months_covered) over period
                end,
                months_expected - (month_number - max(case when months_covered > 0 then month_number end) over period)
            ) as integer
        ) as months_present,
        months_expected,
        coalesce(bool_or(suppressed) over period, false) as suppressed,
        bool_or(provisional) over period as provisional
    from months
    window period as (
        partition by report_month, measure, area{% if within %}, {{ within }}{% endif %}

        order by month
        rows between 11 preceding and current row
    )

)

select
    report_month,
    measure,
    area,
    month,
    data_from,
    case when months_present = months_expected and not suppressed then numerator end as numerator,
    case when months_present = months_expected and not suppressed then denominator end as denominator,
    months_present,
    months_expected,
    provisional
from summed
{%- endmacro %}
