with

changes as (

    select * from {{ ref('changes') }}
    where
        missing_reason is null
        and {{ in_this_run() }}

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
        coalesce(numerator, 0) - coalesce(numerator_before, 0) as numerator_change,
        coalesce(divisor, 0) - coalesce(divisor_before, 0) as divisor_change,
        numerator_before as value_before,
        numerator as value
    from months
    where
        in_window_before
        and (numerator is distinct from numerator_before or divisor is distinct from divisor_before)

    union all

    select
        report_month,
        line,
        part,
        month,
        'month_out' as kind,
        -coalesce(numerator, 0) as numerator_change,
        -coalesce(divisor, 0) as divisor_change,
        numerator as value_before,
        null as value
    from months
    where in_window_before and not in_window and complete

    union all

    select
        report_month,
        line,
        part,
        month,
        'month_in' as kind,
        coalesce(numerator, 0) as numerator_change,
        coalesce(divisor, 0) as divisor_change,
        null as value_before,
        numerator as value
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
        case when sums.averaged = 'denominator' then sums.months_expected else 1 end as months,
        case when first_step then sums.numerator_before else sums.numerator_restated end as numerator_from,
        case when first_step then sums.divisor_before else sums.divisor_restated end as divisor_from,
        case when first_step then sums.numerator_restated else sums.numerator end as numerator_to,
        case when first_step then sums.divisor_restated else sums.divisor end as divisor_to,
        case when first_step then changes.level_before else changes.level_restated end as level_from,
        case when first_step then changes.level_restated else changes.level end as level_to,
        case when first_step then changes.other_level_before else changes.other_level_restated end as other_level_from,
        case when first_step then changes.other_level_restated else changes.other_level end as other_level_to
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

-- What a month does to a ratio that goes from one state to the other: the change of the numerator at the mean of
-- 1 / divisor, less the change of the divisor at the mean of the numerator. Over all months it is the change of the
-- ratio, exactly (two-factor decomposition at the midpoint: Kitagawa, J. Am. Stat. Assoc. 50, 1955).
moved_levels as (

    select
        *,
        case
            when divisor_to is null then cast(numerator_change as double)
            else
                months * (
                    numerator_change * (1 / cast(divisor_from as double) + 1 / cast(divisor_to as double)) / 2
                    - divisor_change * (numerator_from + numerator_to)
                    / (2 * cast(divisor_from as double) * cast(divisor_to as double))
                )
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
    cast(value_before as {{ amount() }}) as value_before,
    cast(value as {{ amount() }}) as value,
    cast({{ effect_on_the_value('level_change', 'part') }} as double) as contribution
from moved_levels
