with

delivered as (

    {{ declared_peers() }}

),

effective as (

    select distinct extract, delivery_month from {{ ref('stg_deliveries') }} where effective

)

select delivered.*
from delivered
inner join effective
    on
        delivered.extract = effective.extract
        and delivered.delivery_month = effective.delivery_month
-- one whose value its source suppressed published none
where delivered.value is not null
