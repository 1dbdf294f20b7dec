with

force as (

    select area from {{ ref('areas') }} where kind = 'force'

),

rolling_year as (

    select * from {{ ref('rolling_year') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

year_to_date as (

    select * from {{ ref('year_to_date') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

quarter as (

    select * from {{ ref('quarter') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

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

hidden_months as (

    select hidden_months.*
    from {{ ref('hidden_months') }} as hidden_months
    inner join force
        on hidden_months.area = force.area

),

every_basis as (

    select 'rolling_year' as basis, * from rolling_year
    union all
    select 'year_to_date' as basis, * from year_to_date
    union all
    select 'quarter' as basis, * from quarter
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
        select max(hidden_months.threshold)
        from hidden_months
        where
            every_basis.measure = hidden_months.measure
            and hidden_months.month between every_basis.data_from and every_basis.month
    ) as hidden_under
from every_basis
inner join force
    on every_basis.area = force.area
