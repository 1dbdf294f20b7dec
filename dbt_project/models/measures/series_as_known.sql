with

report_months as (

    select calendar.month, calendar.month_number
    from {{ ref('calendar') }} as calendar
    inner join {{ source('run', 'report_months') }} as run_months
        on calendar.month = run_months.month

),

catalogued as (

    select series, extract, months_covered, carry_forward from {{ ref('series') }}

),

delivered as (

    select * from {{ ref('stg_series') }}

),

delivered_months as (

    select distinct
        delivered.extract,
        delivered.delivery_month,
        delivered.month,
        calendar.month_number
    from delivered
    inner join {{ ref('calendar') }} as calendar
        on delivered.month = calendar.month

),

-- for each month of an extract, the latest delivery up to the report month wins, whole
latest_deliveries as (

    select
        report_months.month as report_month,
        report_months.month_number as report_month_number,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number,
        max(delivered_months.delivery_month) as delivery_month
    from report_months
    inner join delivered_months
        on
            report_months.month >= delivered_months.delivery_month
            and report_months.month >= delivered_months.month
    group by
        report_months.month,
        report_months.month_number,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number

),

carried_extracts as (

    select distinct extract from catalogued where carry_forward

),

-- a stock, such as the population, holds from its month until the next one is known
carried_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.extract,
        calendar.month as used_month,
        max(latest_deliveries.month) as month
    from latest_deliveries
    inner join carried_extracts
        on latest_deliveries.extract = carried_extracts.extract
    inner join {{ ref('calendar') }} as calendar
        on
            latest_deliveries.month_number <= calendar.month_number
            and latest_deliveries.report_month_number >= calendar.month_number
            and latest_deliveries.report_month_number - calendar.month_number < {{ var('months_of_history') }}
    group by
        latest_deliveries.report_month,
        latest_deliveries.extract,
        calendar.month

),

known_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.extract,
        latest_deliveries.month as used_month,
        latest_deliveries.month,
        latest_deliveries.delivery_month
    from latest_deliveries
    left join carried_extracts
        on latest_deliveries.extract = carried_extracts.extract
    where
        carried_extracts.extract is null
        and latest_deliveries.report_month_number - latest_deliveries.month_number < {{ var('months_of_history') }}

    union all

    select
        carried_months.report_month,
        carried_months.extract,
        carried_months.used_month,
        carried_months.month,
        latest_deliveries.delivery_month
    from carried_months
    inner join latest_deliveries
        on
            carried_months.report_month = latest_deliveries.report_month
            and carried_months.extract = latest_deliveries.extract
            and carried_months.month = latest_deliveries.month

)

select
    known_months.report_month,
    delivered.series,
    delivered.area,
    known_months.used_month as month,
    delivered.value,
    catalogued.months_covered,
    delivered.provisional,
    known_months.extract,
    known_months.delivery_month
from known_months
inner join delivered
    on
        known_months.extract = delivered.extract
        and known_months.month = delivered.month
        and known_months.delivery_month = delivered.delivery_month
inner join catalogued
    on delivered.series = catalogued.series
