with

known as (

    select
        measure,
        month,
        report_month,
        cast(datediff('month', min(report_month) over so_far, report_month) as integer) as months_after,
        numerator,
        denominator,
        first(numerator) over so_far as first_numerator
    from {{ ref('monthly_measures') }}
    where complete and area in (select area from {{ ref('areas') }} where kind = 'whole')
    window so_far as (partition by measure, month order by report_month)

)

select
    *,
    (numerator - first_numerator) / cast(nullif(first_numerator, 0) as double) as since_first
from known
