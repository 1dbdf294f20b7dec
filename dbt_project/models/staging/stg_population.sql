with

population as (

    select * from {{ source('raw', 'population') }}

),

residents as (

    select
        'population' as extract,
        delivery_month,
        file_line,
        'population' as series,
        borough as area,
        month,
        cast(population as decimal(18, 2)) as value,
        false as provisional
    from population

),

economically_active_residents as (

    select
        'population' as extract,
        delivery_month,
        file_line,
        'economically_active' as series,
        borough as area,
        month,
        cast(economically_active as decimal(18, 2)) as value,
        false as provisional
    from population

),

minority_ethnic_residents as (

    select
        'population' as extract,
        delivery_month,
        file_line,
        'economically_active_minority_ethnic' as series,
        borough as area,
        month,
        cast(economically_active_minority_ethnic as decimal(18, 2)) as value,
        false as provisional
    from population

)

select * from residents
union all
select * from economically_active_residents
union all
select * from minority_ethnic_residents
