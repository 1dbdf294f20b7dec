with

road_casualties as (

    select * from {{ source('raw', 'road_casualties') }}

),

casualties_by_severity as (

    select
        'road_casualties' as extract,
        delivery_month,
        file_line,
        concat(severity, '_casualties') as series,
        borough as area,
        month,
        cast(casualties as decimal(18, 2)) as value,
        status = 'provisional' as provisional
    from road_casualties

)

select * from casualties_by_severity
