with

-- each report month looks twice: at what is known now, and at what was known one report month before
vantages as (

    select
        calendar.month as report_month,
        calendar.month_number as report_month_number,
        known.month as known_at,
        case when known.month = calendar.month then 1 else 0 end as now
    from {{ ref('calendar') }} as calendar
    inner join {{ source('run', 'report_months') }} as run_months
        on calendar.month = run_months.month
    inner join {{ ref('calendar') }} as known
        on calendar.month_number - known.month_number between 0 and 1

),

catalogued as (

    select series, extract, months_covered, carry_forward from {{ ref('series') }}

),

carried_extracts as (

    select distinct extract from catalogued where carry_forward

),

earliest as (

    select min(month) as report_month from {{ source('run', 'report_months') }}

),

-- no report month looks further back, but for a stock that still holds
delivered as (

    select stg_series.*
    from {{ ref('stg_series') }} as stg_series
    cross join earliest
    left join carried_extracts
        on stg_series.extract = carried_extracts.extract
    where
        carried_extracts.extract is not null
        or stg_series.month > earliest.report_month - interval {{ var('months_of_history') }} month

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

-- for each month of an extract, the latest delivery up to then wins, whole
latest_deliveries as (

    select
        vantages.report_month,
        vantages.report_month_number,
        vantages.known_at,
        vantages.now,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number,
        max(delivered_months.delivery_month) as delivery_month
    from vantages
    inner join delivered_months
        on
            vantages.known_at >= delivered_months.delivery_month
            and vantages.known_at >= delivered_months.month
    group by
        vantages.report_month,
        vantages.report_month_number,
        vantages.known_at,
        vantages.now,
        delivered_months.extract,
        delivered_months.month,
        delivered_months.month_number

),

-- a stock, such as the population, holds from its month until the next one is known
carried_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.now,
        latest_deliveries.extract,
        calendar.month as used_month,
        max(latest_deliveries.month) as month
    from latest_deliveries
    inner join carried_extracts
        on latest_deliveries.extract = carried_extracts.extract
    inner join {{ ref('calendar') }} as calendar
        on
            latest_deliveries.month_number <= calendar.month_number
            and latest_deliveries.known_at >= calendar.month
            and latest_deliveries.report_month_number - calendar.month_number < {{ var('months_of_history') }}
    group by
        latest_deliveries.report_month,
        latest_deliveries.now,
        latest_deliveries.extract,
        calendar.month

),

known_months as (

    select
        latest_deliveries.report_month,
        latest_deliveries.now,
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
        carried_months.now,
        carried_months.extract,
        carried_months.used_month,
        carried_months.month,
        latest_deliveries.delivery_month
    from carried_months
    inner join latest_deliveries
        on
            carried_months.report_month = latest_deliveries.report_month
            and carried_months.now = latest_deliveries.now
            and carried_months.extract = latest_deliveries.extract
            and carried_months.month = latest_deliveries.month

),

-- rows are looked up a second time only where another delivery said them a report month before
paired_months as (

    select
        known_months.report_month,
        known_months.extract,
        known_months.used_month,
        known_months.month,
        known_months.delivery_month,
        case
            when before.month = known_months.month and before.delivery_month = known_months.delivery_month then 1
            else 0
        end as same_before,
        case
            when before.month <> known_months.month or before.delivery_month <> known_months.delivery_month
                then before.month
        end as other_month,
        before.delivery_month as delivery_month_before
    from known_months
    left join known_months as before
        on
            known_months.report_month = before.report_month
            and known_months.extract = before.extract
            and known_months.used_month = before.used_month
            and before.now = 0
    where known_months.now = 1

)

select
    paired_months.report_month,
    delivered.series,
    delivered.area,
    paired_months.used_month as month,
    delivered.value,
    delivered.unknown_because,
    case when paired_months.same_before = 1 then delivered.value else before.value end as value_before,
    case
        when paired_months.same_before = 1 then delivered.unknown_because
        else before.unknown_because
    end as unknown_because_before,
    catalogued.months_covered,
    delivered.provisional,
    paired_months.extract,
    paired_months.delivery_month,
    paired_months.delivery_month_before
from paired_months
inner join delivered
    on
        paired_months.extract = delivered.extract
        and paired_months.month = delivered.month
        and paired_months.delivery_month = delivered.delivery_month
inner join catalogued
    on delivered.series = catalogued.series
left join delivered as before
    on
        paired_months.extract = before.extract
        and paired_months.other_month = before.month
        and paired_months.delivery_month_before = before.delivery_month
        and delivered.series = before.series
        and delivered.area = before.area
