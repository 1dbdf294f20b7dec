with

months as (

    select * from {{ ref('measure_months') }}

),

force as (

    select area from {{ ref('areas') }} where kind = 'force'

)

select
    months.report_month,
    months.measure,
    -- a month that its source does not say is not passed over for the one before it
    max(months.month) filter (where months.complete or months.unknown_because is not null) as latest_month
from months
inner join force
    on months.area = force.area
group by months.report_month, months.measure
