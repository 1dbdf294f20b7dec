select
    report_month,
    line,
    part,
    cast(sum(numerator) filter (where in_window) as decimal(18, 2)) as numerator,
    cast(sum(divisor) filter (where in_window) as decimal(18, 2)) as divisor,
    cast(sum(numerator) filter (where in_window_before) as decimal(18, 2)) as numerator_restated,
    cast(sum(divisor) filter (where in_window_before) as decimal(18, 2)) as divisor_restated,
    cast(sum(numerator_before) filter (where in_window_before) as decimal(18, 2)) as numerator_before,
    cast(sum(divisor_before) filter (where in_window_before) as decimal(18, 2)) as divisor_before,
    coalesce(bool_or(in_window_before and complete_before and not complete), false) as lost,
    cast(
        sum(case when complete_before then greatest(months_covered, 1) end) filter (where in_window_before) as integer
    ) as months_before,
    max(months_expected_before) as months_expected_before,
    max(months_expected) as months_expected,
    max(averaged) as averaged
from {{ ref('line_months') }}
group by report_month, line, part
