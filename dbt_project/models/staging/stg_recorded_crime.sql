with

recorded_crime as (

    select * from {{ source('raw', 'recorded_crime') }}

),

offences as (

    select
        'recorded_crime' as extract,
        delivery_month,
        file_line,
        concat(offence_group, '_offences') as series,
        borough as area,
        month,
        cast(offences as decimal(18, 2)) as value,
        false as provisional
    from recorded_crime

),

detections as (

    select
        'recorded_crime' as extract,
        delivery_month,
        file_line,
        concat(offence_group, '_detections') as series,
        borough as area,
        month,
        cast(sanction_detections as decimal(18, 2)) as value,
        false as provisional
    from recorded_crime

)

select * from offences
union all
select * from detections
