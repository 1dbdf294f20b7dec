with

delivered as (

    select * from {{ ref('stg_series') }}

),

catalogued as (

    select series, borough_threshold, force_threshold from {{ ref('series') }}

),

boroughs as (

    select area, suppressed_with from {{ ref('areas') }} where kind = 'borough'

),

-- any delivery counts, not the latest only: else two cards, or two releases, would differ by the count
small_in_a_borough as (

    select
        delivered.series,
        boroughs.suppressed_with,
        delivered.month,
        max(catalogued.borough_threshold) as threshold
    from delivered
    inner join catalogued
        on delivered.series = catalogued.series
    inner join boroughs
        on delivered.area = boroughs.area
    -- one below zero, net of what was cancelled, is as small
    where delivered.value <> 0 and abs(delivered.value) < catalogued.borough_threshold
    group by delivered.series, boroughs.suppressed_with, delivered.month

),

-- a zero denominator implies a zero numerator, which would reveal the other areas: both are suppressed
revealing_denominators as (

    select
        wholes.series,
        boroughs.suppressed_with,
        delivered.month,
        max(small_in_a_borough.threshold) as threshold
    from small_in_a_borough
    inner join {{ ref('measures') }} as parts
        on
            small_in_a_borough.series = parts.series
            and parts.part = 'numerator'
    inner join {{ ref('measures') }} as wholes
        on
            parts.measure = wholes.measure
            and wholes.part = 'denominator'
    inner join boroughs
        on small_in_a_borough.suppressed_with = boroughs.suppressed_with
    inner join delivered
        on
            wholes.series = delivered.series
            and boroughs.area = delivered.area
            and small_in_a_borough.month = delivered.month
    where delivered.value < small_in_a_borough.threshold
    group by wholes.series, boroughs.suppressed_with, delivered.month

),

suppressed_in_boroughs as (

    select series, suppressed_with, month, threshold from small_in_a_borough
    union all
    select series, suppressed_with, month, threshold from revealing_denominators

),

force_totals as (

    select
        delivery_month,
        series,
        month,
        sum(value) as value
    from delivered
    group by delivery_month, series, month

),

suppressed_series as (

    select
        suppressed_in_boroughs.series,
        boroughs.area,
        suppressed_in_boroughs.month,
        suppressed_in_boroughs.threshold
    from suppressed_in_boroughs
    inner join boroughs
        on suppressed_in_boroughs.suppressed_with = boroughs.suppressed_with

    union all

    select
        force_totals.series,
        {{ the_force() }} as area,
        force_totals.month,
        catalogued.force_threshold as threshold
    from force_totals
    inner join catalogued
        on force_totals.series = catalogued.series
    where
        force_totals.value > 0
        and force_totals.value < catalogued.force_threshold

)

select
    measures.measure,
    suppressed_series.area,
    suppressed_series.month,
    cast(max(suppressed_series.threshold) as integer) as threshold
from suppressed_series
inner join {{ ref('measures') }} as measures
    on suppressed_series.series = measures.series
group by measures.measure, suppressed_series.area, suppressed_series.month
