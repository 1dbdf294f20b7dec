with

indicators as (

    select * from {{ ref('indicators_as_of') }} where {{ in_this_run() }}

),

latest as (

    select
        report_month,
        financial_year,
        line,
        'latest' as name,
        kind as statistic,
        measure,
        compare_measure,
        basis,
        0 as years_back,
        unit,
        sign,
        decimals
    from indicators
    where measure is not null

),

-- the same figure for the same window a year before: what the direction of travel is read from
year_before as (

    select * replace ('year_before' as name, 1 as years_back)
    from latest

),

-- a target prints with the digits it was set with, so it has no decimals of its own; one that is a range has two
targets as (

    select
        report_month,
        financial_year,
        line,
        'target' as name,
        'target' as statistic,
        target as number,
        unit
    from indicators
    where target is not null
    union all
    select
        report_month,
        financial_year,
        line,
        'target_to' as name,
        'target' as statistic,
        target_to as number,
        unit
    from indicators
    where target_to is not null

),

-- what of the year's target is due by the end of the window that is judged
phased as (

    select
        report_month,
        financial_year,
        line,
        'phased_target' as name,
        'phased_' || phasing as statistic,
        measure,
        basis,
        case when phasing = 'as_before' then 'year_before' end as against,
        unit,
        decimals
    from indicators
    where phasing <> 'none' and target is not null and measure is not null

),

others as (

    select
        indicators.report_month,
        figures.*
    from {{ ref('figures') }} as figures
    inner join indicators
        on
            figures.financial_year = indicators.financial_year
            and figures.line = indicators.line

),

averages as (

    {{ averaged_parts() }}

),

every_figure as (

    select * from latest
    union all by name
    select * from year_before
    union all by name
    select * from targets
    union all by name
    select * from phased
    union all by name
    select * from others

)

select
    every_figure.report_month,
    every_figure.financial_year,
    every_figure.line,
    every_figure.name,
    every_figure.statistic,
    every_figure.measure,
    every_figure.compare_measure,
    averages.averaged,
    -- of a rank or a peer value it says how long the peers' period is, and nothing is summed
    case when every_figure.statistic not in ('rank', 'peer_value') then every_figure.basis end as basis,
    case when every_figure.statistic in ('rank', 'peer_value') then every_figure.basis end as peer_basis,
    coalesce(every_figure.ends, 'latest') as ends,
    coalesce(
        every_figure.against,
        case when contains(every_figure.statistic, 'change') then 'year_before' end
    ) as against,
    coalesce(every_figure.years_back, 0) as years_back,
    every_figure.peer_group,
    every_figure.number,
    every_figure.less,
    every_figure.from_month,
    every_figure.to_month,
    every_figure.unit,
    every_figure.sign,
    every_figure.decimals,
    indicators.direction,
    indicators.target
from every_figure
inner join indicators
    on
        every_figure.report_month = indicators.report_month
        and every_figure.line = indicators.line
left join averages
    on every_figure.measure = averages.measure
