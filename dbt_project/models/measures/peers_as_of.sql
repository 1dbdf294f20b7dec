with

report_months as (

    select month from {{ source('run', 'report_months') }}

),

delivered as (

    select * from {{ ref('stg_peers') }}

),

delivered_periods as (

    select distinct delivery_month, measure, from_month, to_month from delivered

),

latest_deliveries as (

    select
        report_months.month as report_month,
        delivered_periods.measure,
        delivered_periods.from_month,
        delivered_periods.to_month,
        max(delivered_periods.delivery_month) as delivery_month
    from report_months
    inner join delivered_periods
        on
            report_months.month >= delivered_periods.delivery_month
            and report_months.month >= delivered_periods.to_month
    group by
        report_months.month,
        delivered_periods.measure,
        delivered_periods.from_month,
        delivered_periods.to_month

)

select
    latest_deliveries.report_month,
    delivered.measure,
    delivered.from_month,
    delivered.to_month,
    delivered.peer,
    delivered.value,
    delivered.delivery_month
from latest_deliveries
inner join delivered
    on
        latest_deliveries.measure = delivered.measure
        and latest_deliveries.from_month = delivered.from_month
        and latest_deliveries.to_month = delivered.to_month
        and latest_deliveries.delivery_month = delivered.delivery_month
