with

-- both sums of both windows in one look at each table: a join of either with itself takes eight times as long
windows as (

    select 'rolling_year' as basis, * from {{ ref('rolling_year') }}
    union all by name
    select 'year_to_date' as basis, * from {{ ref('year_to_date') }}

),

-- a population enters a window by its mean, and not by its sum
divided_by_a_stock as (

    select distinct measures.measure
    from {{ ref('measures') }} as measures
    inner join {{ ref('series') }} as series
        on measures.series = series.series
    where
        measures.part = 'denominator'
        and series.over_time = 'mean'

),

averaged as (

    select
        windows.* exclude (denominator),
        windows.denominator
        / case when stocks.measure is null then 1 else windows.months_expected end as denominator
    from windows
    left join divided_by_a_stock as stocks
        on windows.measure = stocks.measure

),

sums as (

    select
        card.report_month,
        card.line,
        indicators.kind,
        windows.area,
        areas.kind as area_kind,
        max(windows.numerator) filter (where windows.month = card.data_to) as numerator,
        max(windows.denominator) filter (where windows.month = card.data_to) as denominator,
        max(windows.months_expected) filter (where windows.month = card.data_to) as months_expected,
        max(windows.numerator) filter (where windows.month < card.data_to) as numerator_a_year_before,
        max(windows.denominator) filter (where windows.month < card.data_to) as denominator_a_year_before
    from {{ source('release', 'scorecard') }} as card
    inner join {{ source('release', 'indicators') }} as indicators
        on
            card.report_month = indicators.report_month
            and card.line = indicators.line
    inner join averaged as windows
        on
            card.report_month = windows.report_month
            and card.measure = windows.measure
            and card.basis = windows.basis
            and windows.month in (card.data_to, card.data_to - interval 1 year)
    inner join {{ ref('areas') }} as areas
        on windows.area = areas.area
    where indicators.kind in ('total', 'monthly_average', 'percentage', 'percentage_change')
    group by card.report_month, card.line, indicators.kind, windows.area, areas.kind
    having count(*) = 2

),

by_area as (

    select
        sums.*,
        sums.numerator - sums.numerator_a_year_before as change,
        sums.numerator / cast(nullif(sums.denominator, 0) as double) as rate,
        sums.numerator_a_year_before / cast(nullif(sums.denominator_a_year_before, 0) as double) as rate_before,
        cast(whole.numerator as double) as whole_numerator,
        cast(whole.denominator as double) as whole_denominator,
        cast(whole.numerator_a_year_before as double) as whole_numerator_before,
        cast(whole.denominator_a_year_before as double) as whole_denominator_before
    from sums
    inner join sums as whole
        on
            sums.report_month = whole.report_month
            and sums.line = whole.line
            and whole.area_kind = 'whole'
    where sums.area_kind = 'area'

),

shared as (

    select
        *,
        denominator / whole_denominator as share,
        denominator_a_year_before / whole_denominator_before as share_before,
        whole_numerator / whole_denominator as whole_rate,
        whole_numerator_before / whole_denominator_before as whole_rate_before
    from by_area

),

effects as (

    select
        *,
        case when kind = 'percentage' then (rate - rate_before) * (share + share_before) / 2 end as by_rate,
        case
            when kind = 'percentage'
                then (share - share_before) * ((rate + rate_before) / 2 - (whole_rate + whole_rate_before) / 2)
        end as by_mix
    from shared

)

select
    report_month,
    line,
    area,
    numerator,
    denominator,
    numerator_a_year_before,
    denominator_a_year_before,
    by_rate,
    by_mix,
    case kind
        when 'percentage' then by_rate + by_mix
        when 'total' then cast(change as double)
        when 'monthly_average' then change / cast(months_expected as double)
        when 'percentage_change'
            then
                case
                    when whole_denominator is null then change / whole_numerator_before
                    else
                        (numerator / whole_denominator - numerator_a_year_before / whole_denominator_before)
                        / whole_rate_before
                end
    end as contribution
from effects
