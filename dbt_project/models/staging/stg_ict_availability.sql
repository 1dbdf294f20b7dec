with

ict_availability as (

    select * from {{ source('raw', 'ict_availability') }}

),

systems_counted as (

    select
        delivery_month,
        month,
        min(file_line) as file_line,
        count(*) as reporting,
        count_if(availability_percent >= target_percent) as on_target,
        max(
            coalesce({{ why_not_known('availability_percent') }}, {{ why_not_known('target_percent') }})
        ) as unknown_reason
    from ict_availability
    group by delivery_month, month

),

on_target as (

    select
        'ict_availability' as extract,
        delivery_month,
        file_line,
        'systems_on_target' as series,
        'Metropolitan Police' as area,
        month,
        case when unknown_reason is null then cast(on_target as decimal(18, 2)) end as value,
        unknown_reason,
        false as provisional
    from systems_counted

),

reporting as (

    select
        'ict_availability' as extract,
        delivery_month,
        file_line,
        'systems_reporting' as series,
        'Metropolitan Police' as area,
        month,
        cast(reporting as decimal(18, 2)) as value,
        cast(null as string) as unknown_reason,
        false as provisional
    from systems_counted

)

select * from on_target
union all
select * from reporting
