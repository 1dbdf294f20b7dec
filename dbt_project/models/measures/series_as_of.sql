with

effective as (

    select
        *,
        source_month = source_month_before and delivery_month = delivery_month_before as unchanged
    from {{ ref('effective_deliveries') }}
    where {{ in_this_run() }}

),

-- rows are looked up a second time only where another delivery held them a report month before
paired as (

    select
        *,
        case when not unchanged then source_month_before end as other_month
    from effective

),

delivered as (

    select * from {{ ref('stg_series') }}

),

catalogued as (

    select series, months_covered from {{ ref('series') }}

)

select
    paired.report_month,
    delivered.series,
    delivered.area,
    paired.month,
    delivered.value,
    delivered.unknown_reason,
    case when paired.unchanged then delivered.value else before.value end as value_before,
    case when paired.unchanged then delivered.unknown_reason else before.unknown_reason end as unknown_reason_before,
    catalogued.months_covered,
    delivered.provisional,
    paired.extract,
    paired.delivery_month,
    paired.delivery_month_before
from paired
inner join delivered
    on
        paired.extract = delivered.extract
        and paired.source_month = delivered.month
        and paired.delivery_month = delivered.delivery_month
inner join catalogued
    on delivered.series = catalogued.series
left join delivered as before
    on
        paired.extract = before.extract
        and paired.other_month = before.month
        and paired.delivery_month_before = before.delivery_month
        and delivered.series = before.series
        and delivered.area = before.area
