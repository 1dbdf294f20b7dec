with

changes as (

    select * from {{ ref('changes') }}
    where
        missing_reason is null
        and report_month in (select month from {{ source('run', 'report_months') }})

),

parts as (

    select * from {{ ref('measures') }} where component is not null

),

known as (

    select * from {{ ref('series_as_known') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

windows as (

    select * from {{ ref('line_windows') }}

),

-- by component, the sums of a line's windows now and a report month before
sums as (

    select
        windows.report_month,
        windows.line,
        windows.part,
        parts.component,
        sum(parts.weight * known.value) filter (where {{ in_now('numerator') }}) as n,
        sum(parts.weight * known.value) filter (where {{ in_now('denominator') }}) as d,
        sum(parts.weight * known.value_before) filter (where {{ in_before('numerator') }}) as n_before,
        sum(parts.weight * known.value_before) filter (where {{ in_before('denominator') }}) as d_before,
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
        cast(own.n as double) as n,
        cast(own.d as double) as d,
        cast(own.n_before as double) as n_before,
        cast(own.d_before as double) as d_before,
        cast(against.n as double) as n0,
        cast(against.n_before as double) as n0_before,
        own.months_expected,
        own.months_expected_before,
        sum(own.n) over line as whole_n,
        sum(own.n_before) over line as whole_n_before,
        cast(sum(own.d) over line as double) as whole_d,
        cast(sum(own.d_before) over line as double) as whole_d_before,
        cast(sum(against.n) over line as double) as whole_n0,
        cast(sum(against.n_before) over line as double) as whole_n0_before
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
    where changes.statistic in ('total', 'monthly_average', 'percentage', 'percentage_change')
    window line as (partition by changes.report_month, changes.line)

),

-- a component's part of the value: of a % change, what it alone adds to or takes from the whole of a year before
shared as (

    select
        *,
        d / whole_d as share,
        d_before / whole_d_before as share_before,
        n / d as rate,
        n_before / d_before as rate_before,
        (whole_n / whole_d + whole_n_before / whole_d_before) / 2 as mean_rate,
        case statistic
            when 'total' then n
            when 'monthly_average' then n / months_expected
            when 'percentage_change' then (n - n0) / whole_n0
        end as value,
        case statistic
            when 'total' then n_before
            when 'monthly_average' then n_before / months_expected_before
            when 'percentage_change' then (n_before - n0_before) / whole_n0_before
        end as value_before
    from side_by_side

),

moved as (

    select
        *,
        'component' as kind,
        value_before as was,
        value as is_now,
        value - value_before as contribution
    from shared
    where statistic <> 'percentage'

    union all

    select
        *,
        'rate' as kind,
        rate_before as was,
        rate as is_now,
        (rate - rate_before) * (share + share_before) / 2 as contribution
    from shared
    where statistic = 'percentage'

    union all

    -- shares add up to one: more of a component counts by how far its rate is from that of the whole
    select
        *,
        'mix' as kind,
        share_before as was,
        share as is_now,
        (share - share_before) * ((rate + rate_before) / 2 - mean_rate) as contribution
    from shared
    where statistic = 'percentage'

)

select
    report_month,
    financial_year,
    line,
    component,
    kind,
    cast(was as double) as was,
    cast(is_now as double) as is_now,
    cast(contribution as double) as contribution
from moved
