select
    report_month,
    line,
    part,
    cast(sum(n) filter (where in_window) as decimal(18, 2)) as n,
    cast(sum(d) filter (where in_window) as decimal(18, 2)) as d,
    cast(sum(n) filter (where in_window_before) as decimal(18, 2)) as n_restated,
    cast(sum(d) filter (where in_window_before) as decimal(18, 2)) as d_restated,
    cast(sum(n_before) filter (where in_window_before) as decimal(18, 2)) as n_before,
    cast(sum(d_before) filter (where in_window_before) as decimal(18, 2)) as d_before,
    coalesce(bool_or(in_window_before and complete_before and not complete), false) as lost,
    cast(
        sum(case when complete_before then greatest(months_covered, 1) end) filter (where in_window_before) as integer
    ) as months_before,
    max(months_expected_before) as months_expected_before
from {{ ref('line_months') }}
group by report_month, line, part
