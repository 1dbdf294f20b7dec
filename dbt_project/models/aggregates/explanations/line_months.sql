with

months_of_the_whole as (

    select * from {{ ref('measure_months') }}
    where area = {{ the_whole() }}

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
        -- of a month that is not known any more it is what its others cover
        greatest(
            max(months.months_covered) over (partition by windows.report_month, windows.line, windows.part), 1
        ) as months_covered
    from {{ ref('line_windows') }} as windows
    inner join months_of_the_whole as months
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
    numerator,
    -- an average is a sum divided by months: each month brings one to divide by
    {{ divisor_of('denominator', 'case when complete then months_covered end') }} as divisor,
    numerator_before,
    {{ divisor_of('denominator_before', 'case when complete_before then months_covered end') }}
        as divisor_before,
    complete,
    complete_before,
    months_covered,
    months_expected,
    months_expected_before,
    averaged
from met
where in_window or in_window_before
