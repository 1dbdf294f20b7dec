with

report_months as (

    select * from {{ ref('calendar') }} where {{ in_this_run('month') }}

),

-- a catalogue in which no row begins within a year may lack the columns for it
catalogued as (

    select * from {{ ref('indicators') }}
    union all by name
    select
        cast(null as date) as from_month,
        cast(null as double) as target_to,
        cast(null as varchar) as phasing,
        cast(null as varchar) as strict,
        cast(null as integer) as age_limit,
        cast(null as varchar) as decided_by,
        cast(null as varchar) as reason
    where false

),

rows_so_far as (

    select
        report_months.month as report_month,
        catalogued.*
    from report_months
    inner join catalogued
        on
            report_months.financial_year = catalogued.financial_year
            and coalesce(report_months.month >= catalogued.from_month, true)

),

last_rows as (

    select *
    from rows_so_far
    qualify row_number() over (partition by report_month, line order by from_month desc nulls last) = 1

),

series as (

    select * from {{ ref('series') }}

),

series_of_measures as (

    select
        parts.measure,
        string_agg(
            concat(
                parts.part,
                case
                    when parts.weight <> 1
                        then concat(' ', regexp_replace(cast(parts.weight as varchar), '[.]0$', ''), ' x')
                end,
                ' ',
                parts.series,
                case series.over_time when 'mean' then ', its mean' when 'last' then ', its last value' end,
                case when series.area_threshold > 0 then concat(', areas from ', series.area_threshold) end,
                case when series.whole_threshold > 0 then concat(', the whole from ', series.whole_threshold) end
            ),
            '; ' order by parts.part desc, parts.series asc
        ) as parts
    from {{ ref('measures') }} as parts
    inner join series
        on parts.series = series.series
    group by parts.measure

),

age_limits as (

    {{ declared_age_limits() }}

),

-- how old a figure may be where its line does not say: what the source may lag, and one delivery; a stock that others
-- are divided by holds until the next one
age_limits_of_measures as (

    select
        parts.measure,
        coalesce(
            max(age_limits.age_limit) filter (where series.over_time <> 'mean'),
            max(age_limits.age_limit)
        ) as age_limit
    from {{ ref('measures') }} as parts
    inner join series
        on parts.series = series.series
    inner join age_limits
        on series.extract = age_limits.extract
    group by parts.measure

),

rules_on as (

    select
        report_months.month as report_month,
        rules.line,
        string_agg(rules.rule, ', ' order by rules.rule) as rules
    from report_months
    inner join {{ ref('judging_rules') }} as rules
        on
            report_months.financial_year = rules.financial_year
            and report_months.month >= rules.from_month
    group by report_months.month, rules.line

)

select
    last_rows.report_month,
    last_rows.financial_year,
    last_rows.position,
    last_rows.line,
    last_rows.from_month,
    last_rows.section,
    last_rows.title,
    last_rows.codes,
    last_rows.measure,
    last_rows.compare_measure,
    last_rows.kind,
    last_rows.basis,
    last_rows.direction,
    last_rows.target,
    last_rows.target_to,
    last_rows.phasing,
    last_rows.target_text,
    last_rows.strict,
    last_rows.amber_tolerance,
    last_rows.judged_from,
    cast(coalesce(last_rows.age_limit, own_limit.age_limit) as integer) as age_limit,
    last_rows.not_judged,
    last_rows.unit,
    last_rows.sign,
    last_rows.decimals,
    last_rows.latest_text,
    nullif(concat_ws('; against: ', own.parts, compared.parts), '') as made_of,
    rules_on.rules as judging_rules,
    last_rows.decided_by,
    last_rows.reason
from last_rows
left join series_of_measures as own
    on last_rows.measure = own.measure
left join series_of_measures as compared
    on last_rows.compare_measure = compared.measure
left join age_limits_of_measures as own_limit
    on last_rows.measure = own_limit.measure
left join rules_on
    on
        last_rows.report_month = rules_on.report_month
        and last_rows.line = rules_on.line
