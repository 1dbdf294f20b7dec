select
    report_month,
    measure,
    -- a month that its source does not say is not passed over for the one before it
    max(month) filter (where complete or unknown_reason is not null) as latest_month
from {{ ref('measure_months') }}
where area = {{ the_whole() }}
group by report_month, measure
