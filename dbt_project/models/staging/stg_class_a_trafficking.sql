with

class_a_trafficking as (

    select * from {{ source('raw', 'class_a_trafficking') }}

),

detections as (

    select
        'class_a_trafficking' as extract,
        delivery_month,
        file_line,
        concat(drug, '_trafficking_detections') as series,
        'Metropolitan Police' as area,
        month,
        cast(sanction_detections as decimal(18, 2)) as value,
        false as provisional
    from class_a_trafficking

)

select * from detections
