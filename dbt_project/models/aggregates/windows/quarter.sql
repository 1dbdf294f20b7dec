with

months as (

    select * from {{ ref('measure_months') }}
    where area = (select area from {{ ref('areas') }} where kind = 'force')

),

summed as (

    select
        report_month,
        measure,
        area,
        month,
        cast(quarter_start as date) as data_from,
        cast(sum(numerator) over period as decimal(18, 2)) as numerator,
        cast(sum(denominator) over period as decimal(18, 2)) as denominator,
        cast(sum(months_covered) over period as integer) as months_present,
        cast(3 as integer) as months_expected,
        bool_or(provisional) over period as provisional
    from months
    window period as (
        partition by report_month, measure, area, quarter_start
        order by month
        rows between 2 preceding and current row
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
