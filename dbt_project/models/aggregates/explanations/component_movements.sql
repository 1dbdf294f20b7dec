with

changes as (

    select * from {{ ref('changes') }}
    where
        missing_reason is null
        and {{ in_this_run() }}

),

parts as (

    select * replace (cast(weight as decimal(9, 2)) as weight)
    from {{ ref('measures') }}
    where component is not null

),

known as (

    select * from {{ ref('series_as_of') }} where {{ in_this_run() }}

),

windows as (

    select * from {{ ref('line_windows') }}

),

-- by component, the sums of a line's windows now and a report month before: a change whose windows hold
-- a suppressed month has a reason for being missing, and no components
sums as (

    select
        windows.report_month,
        windows.line,
        windows.part,
        parts.component,
        sum(parts.weight * known.value) filter (where {{ in_now('numerator') }}) as numerator,
        sum(parts.weight * known.value) filter (where {{ in_now('denominator') }}) as denominator,
        sum(parts.weight * known.value_before) filter (where {{ in_before('numerator') }}) as numerator_before,
        sum(parts.weight * known.value_before) filter (where {{ in_before('denominator') }}) as denominator_before,
        max(windows.averaged) as averaged,
        max(windows.months_expected) as months_expected,
        max(windows.months_expected_before) as months_expected_before
    from windows
    inner join parts
        on windows.measure = parts.measure
    inner join known
        on
            windows.report_month = known.report_month
            and parts.series = known.series
            and known.month between least(windows.data_from, windows.data_from_before)
            and greatest(windows.data_to, windows.data_to_before)
    group by windows.report_month, windows.line, windows.part, parts.component

),

side_by_side as (

    select
        changes.report_month,
        changes.financial_year,
        changes.line,
        changes.statistic,
        own.component,
        cast(own.numerator as double) as numerator,
        cast(own.denominator as double) as denominator,
        cast(own.numerator_before as double) as numerator_before,
        cast(own.denominator_before as double) as denominator_before,
        cast(against.numerator as double) as against_numerator,
        cast(against.numerator_before as double) as against_numerator_before,
        cast(against.denominator as double) as against_denominator,
        cast(against.denominator_before as double) as against_denominator_before,
        own.months_expected,
        own.months_expected_before,
        sum(own.numerator) over line as whole_numerator,
        sum(own.numerator_before) over line as whole_numerator_before,
        cast(sum(own.denominator) over line as double) as whole_denominator,
        cast(sum(own.denominator_before) over line as double) as whole_denominator_before,
        cast(sum(against.numerator) over line as double) as whole_against_numerator,
        cast(sum(against.numerator_before) over line as double) as whole_against_numerator_before,
        cast(sum(against.denominator) over line as double) as whole_against_denominator,
        cast(sum(against.denominator_before) over line as double) as whole_against_denominator_before
    from changes
    inner join sums as own
        on
            changes.report_month = own.report_month
            and changes.line = own.line
            and own.part = 'own'
    left join sums as against
        on
            changes.report_month = against.report_month
            and changes.line = against.line
            and own.component = against.component
            and against.part = 'against'
    where
        changes.statistic in ('total', 'monthly_average', 'percentage', 'percentage_change')
        -- what enters by its mean is no sum of what its components bring
        and own.averaged is null
    window line as (partition by changes.report_month, changes.line)

),

-- a component's part of the value: of a % change, what it alone adds to or takes from the whole of a year before
counted as (

    select
        report_month,
        financial_year,
        line,
        component,
        case statistic
            when 'total' then numerator
            when 'monthly_average' then numerator / months_expected
            else (numerator - against_numerator) / whole_against_numerator
        end as value,
        case statistic
            when 'total' then numerator_before
            when 'monthly_average' then numerator_before / months_expected_before
            else (numerator_before - against_numerator_before) / whole_against_numerator_before
        end as value_before
    from side_by_side
    where denominator is null

),

-- of a ratio each component has a rate, and a share of the whole; one of which nothing was counted keeps its rate
rated as (

    select
        *,
        {{ share_and_rate('', '') }},
        {{ share_and_rate('', '_before') }},
        {{ share_and_rate('against_', '') }},
        {{ share_and_rate('against_', '_before') }},
        whole_numerator_before / whole_denominator_before as level_from,
        whole_numerator / whole_denominator as level_to,
        whole_against_numerator_before / whole_against_denominator_before as other_level_from,
        whole_against_numerator / whole_against_denominator as other_level_to
    from side_by_side
    where denominator is not null

),

-- shares add up to one: more of a component counts by how far its rate is from that of the whole
effects as (

    select
        *,
        (rate - rate_before) * (share + share_before) / 2 as by_rate,
        (share - share_before) * ((rate + rate_before) - (level_from + level_to)) / 2 as by_mix,
        (against_rate - against_rate_before) * (against_share + against_share_before) / 2 as against_by_rate,
        (against_share - against_share_before)
        * ((against_rate + against_rate_before) - (other_level_from + other_level_to)) / 2 as against_by_mix
    from rated

),

moved as (

    select
        *,
        'component' as kind,
        value - value_before as contribution
    from counted

    union all by name

    select
        report_month,
        financial_year,
        line,
        component,
        rate_before as value_before,
        rate as value,
        'rate' as kind,
        {{ effect_on_the_value('by_rate', "'own'") }}
        + coalesce({{ effect_on_the_value('against_by_rate', "'against'") }}, 0) as contribution
    from effects

    union all by name

    select
        report_month,
        financial_year,
        line,
        component,
        share_before as value_before,
        share as value,
        'mix' as kind,
        {{ effect_on_the_value('by_mix', "'own'") }}
        + coalesce({{ effect_on_the_value('against_by_mix', "'against'") }}, 0) as contribution
    from effects

)

select
    report_month,
    financial_year,
    line,
    component,
    kind,
    cast(value_before as double) as value_before,
    cast(value as double) as value,
    cast(contribution as double) as contribution
from moved
