with

domestic_violence as (

    select * from {{ source('raw', 'domestic_violence') }}

),

offences as (

    select
        'domestic_violence' as extract,
        delivery_month,
        file_line,
        'domestic_violence_offences' as series,
        borough as area,
        month,
        cast(offences as decimal(18, 2)) as value,
        false as provisional
    from domestic_violence

),

arrests as (

    select
        'domestic_violence' as extract,
        delivery_month,
        file_line,
        'domestic_violence_arrests' as series,
        borough as area,
        month,
        cast(arrests as decimal(18, 2)) as value,
        false as provisional
    from domestic_violence

)

select * from offences
union all
select * from arrests
