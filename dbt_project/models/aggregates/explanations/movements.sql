with

changes as (

    select * from {{ ref('changes') }}
    where
        missing_reason is null
        and report_month in (select month from {{ source('run', 'report_months') }})

),

months as (

    select * from {{ ref('line_months') }}

),

-- first what was known is restated, then months leave the window and others come: each step by what changed in a month
steps as (

    select
        report_month,
        line,
        part,
        month,
        'restatement' as kind,
        coalesce(n, 0) - coalesce(n_before, 0) as n_change,
        coalesce(d, 0) - coalesce(d_before, 0) as d_change,
        n_before as was,
        n as is_now
    from months
    where in_window_before and (n is distinct from n_before or d is distinct from d_before)

    union all

    select
        report_month,
        line,
        part,
        month,
        'month_out' as kind,
        -coalesce(n, 0) as n_change,
        -coalesce(d, 0) as d_change,
        n as was,
        null as is_now
    from months
    where in_window_before and not in_window and complete

    union all

    select
        report_month,
        line,
        part,
        month,
        'month_in' as kind,
        coalesce(n, 0) as n_change,
        coalesce(d, 0) as d_change,
        null as was,
        n as is_now
    from months
    where in_window and not in_window_before and complete

),

sums as (

    select * from {{ ref('line_sums') }}

),

-- the sums and levels at both ends of the step a row belongs to
framed as (

    select
        steps.*,
        changes.financial_year,
        changes.statistic,
        steps.kind = 'restatement' as first_step,
        case when first_step then sums.n_before else sums.n_restated end as n_from,
        case when first_step then sums.d_before else sums.d_restated end as d_from,
        case when first_step then sums.n_restated else sums.n end as n_to,
        case when first_step then sums.d_restated else sums.d end as d_to,
        case when first_step then changes.level_before else changes.level_restated end as level_from,
        case when first_step then changes.level_restated else changes.level end as level_to,
        case when first_step then changes.other_level_before else changes.other_level_restated end as other_from,
        case when first_step then changes.other_level_restated else changes.other_level end as other_to
    from steps
    inner join changes
        on
            steps.report_month = changes.report_month
            and steps.line = changes.line
    inner join sums
        on
            steps.report_month = sums.report_month
            and steps.line = sums.line
            and steps.part = sums.part

),

-- What a month does to a ratio n / d that goes from one state to the other: the change of n at the mean of 1 / d, less
-- the change of d at the mean of n. Taken over all months it is the change of the ratio, exactly (two-factor
-- decomposition at the midpoint: Kitagawa, J. Am. Stat. Assoc. 50, 1955).
moved_levels as (

    select
        *,
        case
            when d_to is null then cast(n_change as double)
            else
                n_change * (1 / cast(d_from as double) + 1 / cast(d_to as double)) / 2
                - d_change * (n_from + n_to) / (2 * cast(d_from as double) * cast(d_to as double))
        end as level_change
    from framed

)

select
    report_month,
    financial_year,
    line,
    kind,
    part,
    month,
    cast(was as decimal(18, 2)) as was,
    cast(is_now as decimal(18, 2)) as is_now,
    cast(
        case
            -- the other window is what it is divided by: the same midpoint once more
            when statistic in ('percentage_change', 'ratio_of_shares') and part = 'own'
                then level_change * (1 / other_from + 1 / other_to) / 2
            when statistic in ('percentage_change', 'ratio_of_shares')
                then -level_change * (level_from + level_to) / (2 * other_from * other_to)
            when part = 'own' then level_change
            else -level_change
        end as double
    ) as contribution
from moved_levels
