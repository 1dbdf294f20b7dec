with

commentary as (

    {{ declared_comments() }}

),

effective as (

    select
        extract,
        delivery_month,
        file,
        accepted_reason,
        replacement_waiting
    from {{ ref('stg_deliveries') }}
    where effective

),

in_doubt as (

    select distinct
        extract,
        delivery_month,
        line
    from {{ source('raw', 'quarantine') }}

)

select
    commentary.extract,
    commentary.delivery_month,
    commentary.line,
    commentary.comment as sentence,
    effective.file,
    commentary.file_line,
    case when in_doubt.line is not null then effective.accepted_reason end as accepted_reason,
    effective.replacement_waiting
from commentary
inner join effective
    on
        commentary.extract = effective.extract
        and commentary.delivery_month = effective.delivery_month
left join in_doubt
    on
        commentary.extract = in_doubt.extract
        and commentary.delivery_month = in_doubt.delivery_month
        and commentary.file_line = in_doubt.line
