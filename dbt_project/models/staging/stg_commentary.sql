with

commentary as (

    select * from {{ source('raw', 'commentary') }}

),

in_force as (

    select delivery_month, file from {{ ref('stg_deliveries') }} where extract = 'commentary' and in_force

)

select
    commentary.delivery_month,
    commentary.line,
    commentary.comment as sentence,
    in_force.file,
    commentary.file_line
from commentary
inner join in_force
    on commentary.delivery_month = in_force.delivery_month
