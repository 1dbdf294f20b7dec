with

report_months as (

    select * from {{ ref('calendar') }} where {{ in_this_run('month') }}

),

measure_areas as (

    select distinct
        measures.measure,
        areas.area
    from {{ ref('measures') }} as measures
    inner join {{ ref('series') }} as series
        on measures.series = series.series
    inner join {{ ref('areas') }} as areas
        on areas.kind = 'whole' or series.level = 'area'

),

-- the spine comes first: every month has a row, whether anything came for it or not
spine as (

    select
        report_months.month as report_month,
        measure_areas.measure,
        measure_areas.area,
        calendar.month,
        calendar.month_number,
        calendar.financial_year_start,
        calendar.month_of_financial_year,
        calendar.quarter_start
    from report_months
    inner join {{ ref('calendar') }} as calendar
        on
            report_months.month_number >= calendar.month_number
            and report_months.month_number - calendar.month_number < {{ months_of_history() }}
    cross join measure_areas

),

delivered as (

    select
        spine.*,
        monthly.numerator,
        monthly.denominator,
        monthly.numerator_before,
        monthly.denominator_before,
        coalesce(monthly.complete, false) as complete,
        coalesce(monthly.complete_before, false) as complete_before,
        monthly.unknown_reason,
        monthly.unknown_reason_before,
        suppressed_months.month is not null as suppressed,
        case when monthly.complete then monthly.months_covered else 0 end as months_covered,
        coalesce(monthly.provisional, false) as provisional
    from spine
    left join {{ ref('monthly_measures') }} as monthly
        on
            spine.report_month = monthly.report_month
            and spine.measure = monthly.measure
            and spine.area = monthly.area
            and spine.month = monthly.month
    left join {{ ref('suppressed_months') }} as suppressed_months
        on
            spine.measure = suppressed_months.measure
            and spine.area = suppressed_months.area
            and spine.month = suppressed_months.month

)

-- The gate of disclosure control: nothing that is computed from here on knows a suppressed value. Such a month came and
-- is not known, as where its source suppresses it.
select
    * replace (
        case when not suppressed then numerator end as numerator,
        case when not suppressed then denominator end as denominator,
        case when not suppressed then numerator_before end as numerator_before,
        case when not suppressed then denominator_before end as denominator_before,
        complete and not suppressed as complete,
        complete_before and not suppressed as complete_before,
        case when suppressed and complete then 'small count' else unknown_reason end as unknown_reason,
        case when suppressed and complete_before then 'small count' else unknown_reason_before end
            as unknown_reason_before
    )
from delivered
