with

peer_forces as (

    select * from {{ source('raw', 'peer_forces') }}

),

effective as (

    select delivery_month from {{ ref('stg_deliveries') }} where extract = 'peer_forces' and effective

)

select
    delivery_month,
    measure,
    from_month,
    to_month,
    force,
    cast(value as double) as value
from peer_forces
where
    delivery_month in (select delivery_month from effective)
    -- a force whose value its source suppressed published none
    and value is not null
