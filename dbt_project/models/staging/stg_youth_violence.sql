with

youth_violence as (

    select * from {{ source('raw', 'youth_violence') }}

),

victims as (

    select
        'youth_violence' as extract,
        delivery_month,
        file_line,
        concat('youth_victims_of_', offence_class) as series,
        borough as area,
        month,
        cast(victims_under_20 as decimal(18, 2)) as value,
        false as provisional
    from youth_violence

)

select * from victims
