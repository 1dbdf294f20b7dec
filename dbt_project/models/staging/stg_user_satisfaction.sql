with

user_satisfaction as (

    select * from {{ source('raw', 'user_satisfaction') }}

),

satisfied_victims as (

    select
        'user_satisfaction' as extract,
        delivery_month,
        file_line,
        concat(victim_group, '_victims_satisfied') as series,
        'Metropolitan Police' as area,
        month,
        cast(satisfied as decimal(18, 2)) as value,
        false as provisional
    from user_satisfaction

),

responding_victims as (

    select
        'user_satisfaction' as extract,
        delivery_month,
        file_line,
        concat(victim_group, '_victims_respondents') as series,
        'Metropolitan Police' as area,
        month,
        cast(respondents as decimal(18, 2)) as value,
        false as provisional
    from user_satisfaction

)

select * from satisfied_victims
union all
select * from responding_victims
