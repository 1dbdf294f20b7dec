with

commentary as (

    select * from {{ source('raw', 'commentary') }}

)

select
    delivery_month,
    line,
    comment as sentence,
    file,
    file_line
from commentary
