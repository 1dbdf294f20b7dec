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
    max(months.month) filter (where months.complete) as latest_month
from months
inner join force
    on months.area = force.area
group by months.report_month, months.measure
