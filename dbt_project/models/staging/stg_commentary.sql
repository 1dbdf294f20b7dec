with

commentary as (

    select * from {{ source('raw', 'commentary') }}

),

effective as (

    select delivery_month, file from {{ ref('stg_deliveries') }} where extract = 'commentary' and effective

)

select
    commentary.delivery_month,
    commentary.line,
    commentary.comment as sentence,
    effective.file,
    commentary.file_line
from commentary
inner join effective
    on commentary.delivery_month = effective.delivery_month
