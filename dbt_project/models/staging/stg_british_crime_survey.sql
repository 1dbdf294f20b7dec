with

british_crime_survey as (

    select * from {{ source('raw', 'british_crime_survey') }}

),

agreeing as (

    select
        'british_crime_survey' as extract,
        delivery_month,
        file_line,
        concat(question, '_agreed') as series,
        'Metropolitan Police' as area,
        month,
        cast(agreed as decimal(18, 2)) as value,
        false as provisional
    from british_crime_survey

),

responding as (

    select
        'british_crime_survey' as extract,
        delivery_month,
        file_line,
        concat(question, '_respondents') as series,
        'Metropolitan Police' as area,
        month,
        cast(respondents as decimal(18, 2)) as value,
        false as provisional
    from british_crime_survey

)

select * from agreeing
union all
select * from responding
