with

public_attitude_survey as (

    select * from {{ source('raw', 'public_attitude_survey') }}

),

agreeing as (

    select
        'public_attitude_survey' as extract,
        delivery_month,
        file_line,
        concat(question, '_agreed') as series,
        'Metropolitan Police' as area,
        month,
        cast(agreed as decimal(18, 2)) as value,
        false as provisional
    from public_attitude_survey

),

responding as (

    select
        'public_attitude_survey' as extract,
        delivery_month,
        file_line,
        concat(question, '_respondents') as series,
        'Metropolitan Police' as area,
        month,
        cast(respondents as decimal(18, 2)) as value,
        false as provisional
    from public_attitude_survey

)

select * from agreeing
union all
select * from responding
