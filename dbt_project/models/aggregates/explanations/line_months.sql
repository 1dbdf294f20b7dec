with

force_months as (

    select * from {{ ref('measure_months') }}
    where area = (select area from {{ ref('areas') }} where kind = 'force')

),

met as (

    select
        windows.*,
        months.month,
        coalesce(months.month between windows.data_from and windows.data_to, false) as in_window,
        coalesce(months.month between windows.data_from_before and windows.data_to_before, false) as in_window_before,
        months.numerator,
        months.denominator,
        months.numerator_before,
        months.denominator_before,
        months.complete,
        months.complete_before,
        months.months_covered
    from {{ ref('line_windows') }} as windows
    inner join force_months as months
        on
            windows.report_month = months.report_month
            and windows.measure = months.measure
            and months.month between least(windows.data_from, windows.data_from_before)
            and greatest(windows.data_to, windows.data_to_before)

)

select
    report_month,
    financial_year,
    line,
    statistic,
    part,
    measure,
    month,
    in_window,
    in_window_before,
    numerator as n,
    -- an average is a sum divided by months: each month brings one to divide by
    case
        when statistic = 'monthly_average' and complete then months_covered
        when statistic in {{ of_ratios() }} then denominator
    end as d,
    numerator_before as n_before,
    case
        when statistic = 'monthly_average' and complete_before then greatest(months_covered, 1)
        when statistic in {{ of_ratios() }} then denominator_before
    end as d_before,
    complete,
    complete_before,
    months_covered,
    months_expected,
    months_expected_before
from met
where in_window or in_window_before
