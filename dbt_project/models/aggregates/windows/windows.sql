with

-- one month; a quarterly source gives one value for its whole quarter, in the quarter's last month
latest as (

    select
        report_month,
        measure,
        area,
        month,
        cast(month - to_months(greatest(months_covered, 1) - 1) as date) as data_from,
        numerator,
        denominator,
        months_covered as months_present,
        greatest(months_covered, 1) as months_expected,
        provisional
    from {{ ref('measure_months') }}

),

-- what came, and is not known because its source does not say it
unknown_months as (

    select
        months.report_month,
        months.measure,
        months.month,
        max(months.unknown_reason) filter (where areas.kind = 'whole') as unknown_reason,
        list(months.area order by months.area)
        filter (where areas.kind = 'area' and not months.suppressed) as areas_named
    from {{ ref('measure_months') }} as months
    inner join {{ ref('areas') }} as areas
        on months.area = areas.area
    where months.unknown_reason is not null
    group by months.report_month, months.measure, months.month

),

reasons as (

    select
        report_month,
        measure,
        month,
        case unknown_reason
            when 'small count' then 'suppressed: it rests on a small count in '
            when 'suppressed' then 'suppressed by its source in '
            else 'not available from its source in '
        end
        || strftime(month, '%b-%y')
        || coalesce(': ' || array_to_string(areas_named[1:3], ', '), '')
        || case when len(areas_named) > 3 then ' and ' || (len(areas_named) - 3) || ' more' else '' end as reason
    from unknown_months
    where unknown_reason is not null

),

every_basis as (

    select 'rolling_year' as basis, * from {{ ref('rolling_year') }}
    union all
    select 'year_to_date' as basis, * from {{ ref('year_to_date') }}
    union all
    select 'quarter' as basis, * from {{ ref('quarter') }}
    union all
    select 'latest' as basis, * from latest

)

select
    every_basis.report_month,
    every_basis.measure,
    every_basis.basis,
    every_basis.month,
    every_basis.data_from,
    every_basis.numerator,
    every_basis.denominator,
    every_basis.months_present,
    every_basis.months_expected,
    every_basis.provisional,
    (
        select max_by(reasons.reason, reasons.month)
        from reasons
        where
            every_basis.report_month = reasons.report_month
            and every_basis.measure = reasons.measure
            and reasons.month between every_basis.data_from and every_basis.month
    ) as unknown_reason
from every_basis
where every_basis.area = {{ the_whole() }} and {{ in_this_run('every_basis.report_month') }}
