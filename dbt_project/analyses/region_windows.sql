with

windows as (

    select 'rolling_year' as basis, * from {{ ref('rolling_year') }}
    union all by name
    select 'year_to_date' as basis, * from {{ ref('year_to_date') }}

),

regions as (

    select distinct region from {{ ref('areas') }} where region is not null

),

placed as (

    select
        windows.*,
        regions.region,
        areas.kind = 'whole' as whole,
        coalesce(areas.region = regions.region, false) as inside
    from windows
    inner join {{ ref('areas') }} as areas
        on windows.area = areas.area
    cross join regions

),

sums as (

    select
        report_month,
        basis,
        measure,
        region,
        month,
        min(data_from) as data_from,
        min(months_expected) as months_expected,
        bool_or(provisional) filter (where inside) as provisional,
        count(*) filter (where inside and numerator is null) = 0 as known,
        sum(numerator) filter (where inside) as numerator,
        sum(denominator) filter (where inside) as denominator,
        count(*) filter (where not inside and not whole and numerator is null) = 0 as others_known,
        max(numerator) filter (where whole)
        - coalesce(sum(numerator) filter (where not inside and not whole), 0) as rest_of_numerator,
        max(denominator) filter (where whole)
        - coalesce(sum(denominator) filter (where not inside and not whole), 0) as rest_of_denominator
    from placed
    group by report_month, basis, measure, region, month
    having count(*) filter (where inside) > 0

)

-- Disclosure control. A region is the sum of its areas where all of them are shown, else what the whole holds without
-- the areas of the others where all of those are shown: both are sums of numbers that stand here already, so that no
-- region says anything that they do not. Where areas of several regions are suppressed, so are these regions.
select
    report_month,
    basis,
    measure,
    region,
    month,
    data_from,
    cast(case when known then numerator when others_known then rest_of_numerator end as {{ amount() }}) as numerator,
    cast(case when known then denominator when others_known then rest_of_denominator end as {{ amount() }})
        as denominator,
    months_expected,
    provisional
from sums
