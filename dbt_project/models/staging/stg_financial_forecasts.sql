with

financial_forecasts as (

    select * from {{ source('raw', 'financial_forecasts') }}

),

forecasts as (

    select
        'financial_forecasts' as extract,
        delivery_month,
        file_line,
        concat(forecast, '_forecast') as series,
        'Metropolitan Police' as area,
        month,
        cast(value_gbp as decimal(18, 2)) as value,
        false as provisional
    from financial_forecasts

)

select * from forecasts
