with

asset_recovery as (

    select * from {{ source('raw', 'asset_recovery') }}

),

cases as (

    select
        'asset_recovery' as extract,
        delivery_month,
        file_line,
        concat(step, '_cases') as series,
        'Metropolitan Police' as area,
        month,
        cast(cases as decimal(18, 2)) as value,
        false as provisional
    from asset_recovery

),

recovered as (

    select
        'asset_recovery' as extract,
        delivery_month,
        file_line,
        concat(step, '_value') as series,
        'Metropolitan Police' as area,
        month,
        cast(value_gbp as decimal(18, 2)) as value,
        false as provisional
    from asset_recovery

)

select * from cases
union all
select * from recovered
