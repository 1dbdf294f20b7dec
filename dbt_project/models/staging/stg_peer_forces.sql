with

peer_forces as (

    select * from {{ source('raw', 'peer_forces') }}

)

select
    delivery_month,
    measure,
    from_month,
    to_month,
    force,
    cast(value as double) as value
from peer_forces
