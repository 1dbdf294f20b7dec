with

lines as (

    select * from {{ ref('figure_values') }}
    where
        name = 'latest'
        and {{ in_this_run() }}

),

windows as (

    select * from {{ ref('line_windows') }}

),

levels as (

    select
        *,
        {{ level_of('numerator', 'divisor', 'months_expected') }} as level,
        case
            when not lost then {{ level_of('numerator_restated', 'divisor_restated', 'months_expected_before') }}
        end as level_restated,
        case
            when months_before >= months_expected_before
                then {{ level_of('numerator_before', 'divisor_before', 'months_expected_before') }}
        end as level_before
    from {{ ref('line_sums') }}

),

side_by_side as (

    select
        lines.report_month,
        lines.financial_year,
        lines.line,
        lines.statistic,
        lines.value,
        lines.missing_reason,
        lines.data_to,
        windows.data_from_before,
        windows.data_to_before,
        own.averaged = 'denominator' and own.months_expected <> own.months_expected_before as incomparable,
        own.level,
        own.level_restated,
        own.level_before,
        other.level as other_level,
        other.level_restated as other_level_restated,
        other.level_before as other_level_before
    from lines
    left join windows
        on
            lines.report_month = windows.report_month
            and lines.line = windows.line
            and windows.part = 'own'
    left join levels as own
        on
            lines.report_month = own.report_month
            and lines.line = own.line
            and own.part = 'own'
    left join levels as other
        on
            lines.report_month = other.report_month
            and lines.line = other.line
            and other.part <> 'own'

),

valued as (

    select
        *,
        {{ value_of('level_restated', 'other_level_restated') }} as value_restated,
        {{ value_of('level_before', 'other_level_before') }} as value_before
    from side_by_side

)

select
    report_month,
    financial_year,
    line,
    statistic,
    data_from_before,
    data_to_before,
    cast(case when isfinite(value_before) then value_before end as double) as value_before,
    -- what nobody had cannot be restated
    cast(case when isfinite(value_before) and isfinite(value_restated) then value_restated end as double)
        as value_restated,
    value,
    level,
    level_restated,
    level_before,
    other_level,
    other_level_restated,
    other_level_before,
    case
        when value is null then missing_reason
        when data_to_before is null then 'nothing of it was known a report month before'
        when value_before is null then 'it had no value a report month before'
        when incomparable then 'its windows are of different lengths, and its rate is of a stock: it grows with them'
        when value_restated is null then 'what it had a report month before is not known any more'
    end as missing_reason
from valued
