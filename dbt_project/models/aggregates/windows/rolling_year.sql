with

months as (

    select * from {{ ref('measure_months') }}

),

summed as (

    select
        report_month,
        measure,
        area,
        month,
        cast(month - interval 11 month as date) as data_from,
        cast(sum(numerator) over period as decimal(18, 2)) as numerator,
        cast(sum(denominator) over period as decimal(18, 2)) as denominator,
        -- a quarterly value ends with its quarter: the months after the last value are not in it
        cast(
            least(
                sum(months_covered) over period,
                12 - (month_number - max(case when complete then month_number end) over period)
            ) as integer
        ) as months_present,
        cast(12 as integer) as months_expected,
        bool_or(provisional) over period as provisional
    from months
    window period as (
        partition by report_month, measure, area
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
    case when months_present = months_expected then numerator end as numerator,
    case when months_present = months_expected then denominator end as denominator,
    months_present,
    months_expected,
    provisional
from summed
