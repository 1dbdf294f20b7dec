with

figures as (

    select * from {{ ref('figure_windows') }} where name = 'latest'

),

windows as (

    select
        *,
        numerator is not null as whole
    from {{ ref('windows') }}

),

-- what a window is set against: the one a year before, or the same one of the second measure
ended as (

    select
        figures.report_month,
        figures.financial_year,
        figures.line,
        figures.statistic,
        figures.averaged,
        own.month,
        own.whole,
        own.numerator,
        own.denominator,
        own.months_expected,
        own.provisional,
        figures.against is not null or figures.compare_measure is not null as set_against,
        other.whole and other.months_expected = own.months_expected as other_whole,
        other.numerator as other_numerator,
        other.denominator as other_denominator,
        coalesce(other.provisional, false) as other_provisional
    from figures
    inner join windows as own
        on
            figures.report_month = own.report_month
            and figures.measure = own.measure
            and figures.window_basis = own.basis
            and figures.data_to >= own.month
    left join windows as other
        on
            figures.report_month = other.report_month
            and figures.window_basis = other.basis
            and coalesce(figures.compare_measure, figures.measure) = other.measure
            and other.month = case
                when figures.compare_measure is not null then own.month
                when figures.against is not null then own.month - interval 1 year
            end

),

levels as (

    select
        *,
        whole and coalesce(other_whole, not set_against) as known,
        {{ level_of('numerator', divisor_of('denominator', 'months_expected'), 'months_expected') }} as level,
        {{ level_of('other_numerator', divisor_of('other_denominator', 'months_expected'), 'months_expected') }}
            as other_level
    from ended

),

valued as (

    select
        *,
        case when known then {{ value_of('level', 'other_level') }} end as value
    from levels

)

select
    report_month,
    financial_year,
    line,
    month,
    cast(case when isfinite(value) then value end as double) as value,
    known and (provisional or other_provisional) as provisional
from valued
qualify month >= min(case when isfinite(value) then month end) over (partition by report_month, line)
