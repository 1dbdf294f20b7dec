with

latest as (

    select * from {{ ref('figure_windows') }} where name = 'latest'

),

known_before as (

    select
        months.report_month,
        months.measure,
        max(months.month) filter (
            where months.complete_before or months.unknown_reason_before is not null
        ) as latest_month
    from {{ ref('measure_months') }} as months
    where months.area = {{ the_whole() }}
    group by months.report_month, months.measure

),

year_before as (

    select
        now.month as report_month,
        before.financial_year_start
    from {{ ref('calendar') }} as now
    inner join {{ ref('calendar') }} as before
        on now.month_number = before.month_number + 1

),

ended as (

    select
        latest.*,
        -- a year to date never reached back into the year before, a report month ago neither
        case
            when latest.basis not in ('year_to_date', 'financial_year') then known_before.latest_month
            when known_before.latest_month >= year_before.financial_year_start then known_before.latest_month
        end as data_to_before
    from latest
    left join known_before
        on
            latest.report_month = known_before.report_month
            and latest.measure = known_before.measure
    left join year_before
        on latest.report_month = year_before.report_month

),

parts as (

    select unnest(['own', 'against', 'compared']) as part

),

every_window as (

    select
        ended.report_month,
        ended.financial_year,
        ended.line,
        ended.statistic,
        ended.averaged,
        ended.window_basis,
        parts.part,
        case when parts.part = 'compared' then ended.compare_measure else ended.measure end as measure,
        case when parts.part = 'against' then ended.against_to else ended.data_to end as data_to,
        case
            when parts.part = 'against' then ended.data_to_before - interval 1 year
            else ended.data_to_before
        end as data_to_before
    from ended
    cross join parts
    where
        parts.part = 'own'
        or (parts.part = 'against' and ended.against is not null)
        or (parts.part = 'compared' and ended.compare_measure is not null)

)

select
    every_window.report_month,
    every_window.financial_year,
    every_window.line,
    every_window.statistic,
    every_window.averaged,
    every_window.part,
    every_window.measure,
    every_window.window_basis as basis,
    cast({{ first_month('every_window.window_basis', 'every_window.data_to', 'now') }} as date) as data_from,
    every_window.data_to,
    cast({{ months_of_window('every_window.window_basis', 'now') }} as integer) as months_expected,
    cast(
        {{ first_month('every_window.window_basis', 'every_window.data_to_before', 'before') }} as date
    ) as data_from_before,
    cast(every_window.data_to_before as date) as data_to_before,
    cast({{ months_of_window('every_window.window_basis', 'before') }} as integer) as months_expected_before
from every_window
left join {{ ref('calendar') }} as now
    on every_window.data_to = now.month
left join {{ ref('calendar') }} as before
    on every_window.data_to_before = before.month
