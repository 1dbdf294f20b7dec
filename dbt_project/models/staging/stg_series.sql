with

effective as (

    select extract, delivery_month from {{ ref('stg_deliveries') }} where effective

),

delivered as (

    {{ declared_series() }}

)

select delivered.*
from delivered
inner join effective
    on
        delivered.extract = effective.extract
        and delivered.delivery_month = effective.delivery_month
