select
    report_month,
    line,
    part,
    cast(sum(numerator) filter (where in_window) as {{ amount() }}) as numerator,
    cast(sum(divisor) filter (where in_window) as {{ amount() }}) as divisor,
    cast(sum(numerator) filter (where in_window_before) as {{ amount() }}) as numerator_restated,
    cast(sum(divisor) filter (where in_window_before) as {{ amount() }}) as divisor_restated,
    cast(sum(numerator_before) filter (where in_window_before) as {{ amount() }}) as numerator_before,
    cast(sum(divisor_before) filter (where in_window_before) as {{ amount() }}) as divisor_before,
    coalesce(bool_or(in_window_before and complete_before and not complete), false) as lost,
    cast(
        sum(case when complete_before then months_covered end) filter (where in_window_before) as integer
    ) as months_before,
    -- the latest value of a source may be of a quarter
    greatest(max(months_expected_before), max(months_covered)) as months_expected_before,
    greatest(max(months_expected), max(months_covered)) as months_expected,
    max(averaged) as averaged
from {{ ref('line_months') }}
group by report_month, line, part
