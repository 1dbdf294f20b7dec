with

officer_recruitment as (

    select * from {{ source('raw', 'officer_recruitment') }}

),

all_recruits as (

    select
        'officer_recruitment' as extract,
        delivery_month,
        file_line,
        'recruits' as series,
        'Metropolitan Police' as area,
        month,
        cast(recruits as decimal(18, 2)) as value,
        false as provisional
    from officer_recruitment

),

minority_ethnic as (

    select
        'officer_recruitment' as extract,
        delivery_month,
        file_line,
        'minority_ethnic_recruits' as series,
        'Metropolitan Police' as area,
        month,
        cast(minority_ethnic_recruits as decimal(18, 2)) as value,
        false as provisional
    from officer_recruitment

)

select * from all_recruits
union all
select * from minority_ethnic
