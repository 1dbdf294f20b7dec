with recursive

inputs as (

    select * from {{ ref('figure_inputs') }} where {{ in_this_run() }}

),

-- two windows are compared where they are equally long, or by the month
levels as (

    select
        *,
        {{ level_of('numerator', divisor_of('denominator', 'months_expected'), 'months_expected') }} as level,
        case
            when statistic in ('gap', 'ratio_of_shares', 'margin_of_error')
                then {{
                    level_of(
                        'compare_numerator',
                        divisor_of('compare_denominator', 'months_expected'),
                        'months_expected'
                    )
                }}
            when statistic = 'change_in_monthly_average' or against_months_expected = months_expected
                then {{
                    level_of(
                        'against_numerator',
                        divisor_of('against_denominator', 'against_months_expected'),
                        'against_months_expected'
                    )
                }}
        end as other_level
    from inputs

),

valued as (

    select
        *,
        case statistic
            when 'k_of_n' then case when denominator > 0 then numerator end
            -- 95% margin of the difference of two independent proportions
            when 'margin_of_error'
                then
                    case
                        when level between 0 and 1 and other_level between 0 and 1
                            then 1.959963984540054 * sqrt(
                                -- the sum of stocks holds each as often as the window has months
                                case when averaged = 'both' then months_expected else 1 end
                                * (
                                    level * (1 - level) / denominator
                                    + other_level * (1 - other_level) / compare_denominator
                                )
                            )
                    end
            when 'highest_month' then highest
            when 'lowest_month' then lowest
            -- what the months left must bring, if as much comes in each of them as came in each month so far
            when 'required_rate'
                then
                    (target * (denominator * 12 / months_expected) - numerator)
                    / (denominator * (12 - months_expected) / months_expected)
            when 'rank' then peer_rank
            when 'peer_value' then peer_value
            when 'target' then number
            when 'target_monthly_average' then target / 12
            when 'phased_linear' then target * months_expected / 12
            when 'phased_as_before' then target * against_numerator / nullif(last_year_numerator, 0)
            when 'phased_monthly' then due
            else {{ value_of('level', 'other_level') }}
        end as own_value,
        case
            -- what is left of k is not out of n
            when less is not null then null
            when statistic = 'k_of_n' and denominator > 0 then cast(denominator as integer)
            when statistic = 'rank' then peer_count
        end as out_of,
        case
            when statistic in ('rank', 'peer_value') then period_from
            when statistic = 'target_monthly_average' then null
            when from_month is not null then from_month
            when statistic = 'required_rate' then case when months_expected < 12 then data_to + interval 1 month end
            when basis = 'financial_year' then financial_year_start
            else data_from
        end as value_from,
        case
            when statistic in ('rank', 'peer_value') then period_to
            when statistic = 'target_monthly_average' then null
            when to_month is not null then to_month
            when statistic = 'required_rate'
                then case when months_expected < 12 then financial_year_start + interval 11 month end
            when basis = 'financial_year' then financial_year_start + interval 11 month
            else data_to
        end as value_to
    from levels

),

terms as (

    {{ terms_of('inputs') }}

),

-- a figure less others has a value where each of them has one
subtracted as (

    select
        terms.report_month,
        terms.line,
        terms.name,
        min_by(terms.term, terms.place) filter (where not coalesce(isfinite(valued.own_value), false)) as missing_term,
        sum(case when terms.place % 2 = 0 then valued.own_value else -valued.own_value end) as value
    from terms
    left join valued
        on
            terms.report_month = valued.report_month
            and terms.line = valued.line
            and terms.term = valued.name
    group by terms.report_month, terms.line, terms.name

),

less_another as (

    select
        valued.*,
        subtracted.missing_term,
        case when subtracted.missing_term is null then subtracted.value end as value
    from valued
    inner join subtracted
        on
            valued.report_month = subtracted.report_month
            and valued.line = subtracted.line
            and valued.name = subtracted.name

),

finite as (

    select * replace (case when isfinite(value) then value end as value)
    from less_another

)

select
    finite.report_month,
    finite.financial_year,
    finite.line,
    finite.name,
    finite.statistic,
    finite.measure,
    finite.compare_measure,
    finite.basis,
    finite.less,
    cast(finite.value_from as date) as data_from,
    cast(finite.value_to as date) as data_to,
    finite.against_from,
    finite.against_to,
    {{ mean_of('numerator', 'finite.numerator', 'finite.months_expected') }} as numerator,
    {{ mean_of('denominator', 'finite.denominator', 'finite.months_expected') }} as denominator,
    {{ mean_of('numerator', 'finite.against_numerator', 'finite.against_months_expected') }} as against_numerator,
    {{ mean_of('denominator', 'finite.against_denominator', 'finite.against_months_expected') }} as against_denominator,
    {{ mean_of('numerator', 'finite.compare_numerator', 'finite.months_expected') }} as compare_numerator,
    {{ mean_of('denominator', 'finite.compare_denominator', 'finite.months_expected') }} as compare_denominator,
    cast(finite.value as double) as value,
    finite.out_of,
    finite.unit,
    finite.sign,
    finite.decimals,
    finite.months_present,
    finite.months_expected,
    finite.provisional,
    case
        when finite.value is null
            then
                case
                    when finite.missing_term <> finite.name
                        then 'less ' || finite.missing_term || ', which has no value: '
                    else ''
                end || coalesce(reasons.reason, 'the line has none on this card')
    end as missing_reason
from finite
left join {{ ref('figure_reasons') }} as reasons
    on
        finite.report_month = reasons.report_month
        and finite.line = reasons.line
        and coalesce(finite.missing_term, finite.name) = reasons.name
