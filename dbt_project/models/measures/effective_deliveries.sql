with

-- each report month is looked at twice: as of itself, and as of one report month before
vantages as (

    select
        report.month as report_month,
        report.month_number as report_month_number,
        as_of.month as as_of_month,
        case when as_of.month = report.month then 0 else 1 end as months_before
    from {{ ref('calendar') }} as report
    inner join {{ ref('calendar') }} as as_of
        on report.month_number - as_of.month_number between 0 and 1
    where {{ in_this_run('report.month') }}

),

carried_extracts as (

    select distinct extract from {{ ref('series') }} where over_time = 'mean'

),

earliest as (

    select min(month) as report_month from {{ source('run', 'report_months') }}

),

-- no report month looks further back, but for a stock that still holds
delivered_months as (

    select distinct
        delivered.extract,
        delivered.delivery_month,
        delivered.month,
        calendar.month_number
    from {{ ref('stg_series') }} as delivered
    inner join {{ ref('calendar') }} as calendar
        on delivered.month = calendar.month
    cross join earliest
    left join carried_extracts
        on delivered.extract = carried_extracts.extract
    where
        carried_extracts.extract is not null
        or delivered.month > earliest.report_month - interval {{ months_of_history() }} month

),

-- for each month of an extract, the latest delivery up to then wins, whole
latest_deliveries as (

    select
        vantages.report_month,
        vantages.report_month_number,
        vantages.as_of_month,
        vantages.months_before,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number,
        max(delivered_months.delivery_month) as delivery_month
    from vantages
    inner join delivered_months
        on
            vantages.as_of_month >= delivered_months.delivery_month
            and vantages.as_of_month >= delivered_months.month
    group by
        vantages.report_month,
        vantages.report_month_number,
        vantages.as_of_month,
        vantages.months_before,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number

),

-- a stock, such as the population, holds from its month until the next one is known
carried_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.months_before,
        latest_deliveries.extract,
        calendar.month,
        max(latest_deliveries.month) as source_month
    from latest_deliveries
    inner join carried_extracts
        on latest_deliveries.extract = carried_extracts.extract
    inner join {{ ref('calendar') }} as calendar
        on
            latest_deliveries.month_number <= calendar.month_number
            and latest_deliveries.as_of_month >= calendar.month
            and latest_deliveries.report_month_number - calendar.month_number < {{ months_of_history() }}
    group by
        latest_deliveries.report_month,
        latest_deliveries.months_before,
        latest_deliveries.extract,
        calendar.month

),

known_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.months_before,
        latest_deliveries.extract,
        latest_deliveries.month,
        latest_deliveries.month as source_month,
        latest_deliveries.delivery_month
    from latest_deliveries
    left join carried_extracts
        on latest_deliveries.extract = carried_extracts.extract
    where
        carried_extracts.extract is null
        and latest_deliveries.report_month_number - latest_deliveries.month_number < {{ months_of_history() }}

    union all

    select
        carried_months.report_month,
        carried_months.months_before,
        carried_months.extract,
        carried_months.month,
        carried_months.source_month,
        latest_deliveries.delivery_month
    from carried_months
    inner join latest_deliveries
        on
            carried_months.report_month = latest_deliveries.report_month
            and carried_months.months_before = latest_deliveries.months_before
            and carried_months.extract = latest_deliveries.extract
            and carried_months.source_month = latest_deliveries.month

)

select
    known_months.report_month,
    known_months.extract,
    known_months.month,
    known_months.source_month,
    known_months.delivery_month,
    before.source_month as source_month_before,
    before.delivery_month as delivery_month_before
from known_months
left join known_months as before
    on
        known_months.report_month = before.report_month
        and known_months.extract = before.extract
        and known_months.month = before.month
        and before.months_before = 1
where known_months.months_before = 0
