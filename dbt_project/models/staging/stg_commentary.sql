with

commentary as (

    select * from {{ source('raw', 'commentary') }}

),

in_force as (

    select delivery_month from {{ ref('stg_deliveries') }} where extract = 'commentary' and in_force

)

select
    delivery_month,
    line,
    comment as sentence,
    file,
    file_line
from commentary
where delivery_month in (select delivery_month from in_force)
