with

weapon_enabled_crime as (

    select * from {{ source('raw', 'weapon_enabled_crime') }}

),

offences as (

    select
        'weapon_enabled_crime' as extract,
        delivery_month,
        file_line,
        concat(weapon, '_offences') as series,
        borough as area,
        month,
        cast(offences as decimal(18, 2)) as value,
        false as provisional
    from weapon_enabled_crime

)

select * from offences
