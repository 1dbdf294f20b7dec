with

deliveries as (

    select * from {{ source('raw', 'deliveries') }}

)

select
    extract,
    delivery_month,
    file,
    sha256,
    status in ('loaded', 'partly loaded', 'accepted') as effective,
    case when status = 'accepted' then reason end as accepted_reason,
    waiting_status as replacement_waiting
from deliveries
