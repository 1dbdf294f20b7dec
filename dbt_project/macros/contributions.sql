{# What each area, or each region, did to the figure of a line since the year before, by the windows of a release. #}
{% macro contributions(each) -%}
with

-- both sums of both windows in one look at each table: a join of either with itself takes eight times as long
windows as (

    select 'rolling_year' as basis, * from {{ ref('rolling_year') }}
    union all by name
    select 'year_to_date' as basis, * from {{ ref('year_to_date') }}

),

placed as (

    select
        windows.basis,
        windows.report_month,
        windows.measure,
        windows.area,
        areas.kind = 'whole' as whole,
        windows.month,
        windows.numerator,
        windows.denominator,
        windows.months_expected
    from windows
    inner join {{ ref('areas') }} as areas
        on windows.area = areas.area
{% if each == 'region' %}
    where areas.kind = 'whole'

    union all

    select
        basis,
        report_month,
        measure,
        region as area,
        false as whole,
        month,
        numerator,
        denominator,
        months_expected
    from {{ source('release', 'region_windows') }}
{%- endif %}

),

averages as (

    {{ averaged_parts() }}

),

-- a stock is known of a window by its mean: people, not people times months
windows_of_lines as (

    select
        card.report_month,
        card.line,
        indicators.kind,
        windows.area,
        windows.whole,
        windows.month = card.data_to as latest,
        windows.months_expected,
        {{ mean_of('numerator', 'windows.numerator', 'windows.months_expected') }} as numerator,
        {{ mean_of('denominator', 'windows.denominator', 'windows.months_expected') }} as denominator
    from {{ source('release', 'scorecard') }} as card
    inner join {{ source('release', 'indicators') }} as indicators
        on
            card.report_month = indicators.report_month
            and card.line = indicators.line
    inner join placed as windows
        on
            card.report_month = windows.report_month
            and card.measure = windows.measure
            and card.basis = windows.basis
            and windows.month in (card.data_to, card.data_to - interval 1 year)
    -- an average of months is divided by them once, below
    left join averages
        on
            card.measure = averages.measure
            and indicators.kind <> 'monthly_average'
    where indicators.kind in ('total', 'monthly_average', 'percentage', 'percentage_change')

),

sums as (

    select
        report_month,
        line,
        kind,
        area,
        whole,
        max(numerator) filter (where latest) as numerator,
        max(denominator) filter (where latest) as denominator,
        max(months_expected) filter (where latest) as months_expected,
        max(numerator) filter (where not latest) as numerator_a_year_before,
        max(denominator) filter (where not latest) as denominator_a_year_before
    from windows_of_lines
    group by report_month, line, kind, area, whole
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
            and whole.whole
    where not sums.whole

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
    area{% if each == 'region' %} as region{% endif %},
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
{%- endmacro %}
