with

delivered as (

    select
        delivered.delivery_month,
        delivered.series,
        delivered.area,
        delivered.month,
        delivered.value,
        catalogued.level,
        catalogued.borough_threshold,
        catalogued.force_threshold
    from {{ ref('stg_series') }} as delivered
    inner join {{ ref('series') }} as catalogued
        on delivered.series = catalogued.series

),

boroughs as (

    select area, suppressed_with from {{ ref('areas') }} where kind <> 'force'

),

-- boroughs that are suppressed together, in one delivery; a count below zero, net of what was cancelled, is as small
delivered_together as (

    select
        delivered.series,
        boroughs.suppressed_with,
        delivered.month,
        delivered.borough_threshold as threshold,
        max(
            case when delivered.value <> 0 and abs(delivered.value) < delivered.borough_threshold then 1 else 0 end
        ) as small,
        min(delivered.value) as lowest,
        sum(delivered.value) as total
    from delivered
    inner join boroughs
        on delivered.area = boroughs.area
    group by
        delivered.delivery_month,
        delivered.series,
        boroughs.suppressed_with,
        delivered.month,
        delivered.borough_threshold

),

-- any delivery counts, not the latest only: else two cards, or two releases, would differ by the count
together as (

    select
        series,
        suppressed_with,
        month,
        threshold,
        max(small) as small,
        min(lowest) as lowest,
        min(total) as lowest_total,
        max(total) as highest_total
    from delivered_together
    group by series, suppressed_with, month, threshold

),

measures_with_small_parts as (

    select
        parts.measure,
        together.suppressed_with,
        together.month,
        max(together.threshold) as threshold
    from together
    inner join {{ ref('measures') }} as parts
        on
            together.series = parts.series
            and parts.part = 'numerator'
    where together.small = 1
    group by parts.measure, together.suppressed_with, together.month

),

-- what the wholes of such a measure may hold more than its parts: the least of it in any two deliveries
compared as (

    select
        together.series,
        together.suppressed_with,
        together.month,
        parts.part,
        together.lowest,
        measures_with_small_parts.threshold,
        sum(
            case
                when parts.part = 'denominator' and parts.weight > 0 then parts.weight * together.lowest_total
                when parts.part = 'denominator' then parts.weight * together.highest_total
                when parts.weight > 0 then -parts.weight * together.highest_total
                else -parts.weight * together.lowest_total
            end
        ) over (
            partition by
                measures_with_small_parts.measure,
                measures_with_small_parts.suppressed_with,
                measures_with_small_parts.month
        ) as left_over
    from measures_with_small_parts
    inner join {{ ref('measures') }} as parts
        on measures_with_small_parts.measure = parts.measure
    inner join together
        on
            parts.series = together.series
            and measures_with_small_parts.suppressed_with = together.suppressed_with
            and measures_with_small_parts.month = together.month

),

-- A whole that is small bounds its part, and so do wholes of which nearly all is in the part: 10 detections of 5 and 6
-- offences are 4 and 6, or 5 and 5.
suppressed_together as (

    select series, suppressed_with, month from together where small = 1
    union
    select series, suppressed_with, month from compared
    where part = 'denominator' and least(lowest, left_over) < threshold

),

force_totals as (

    select
        delivery_month,
        series,
        level,
        month,
        force_threshold,
        sum(value) as value
    from delivered
    group by delivery_month, series, level, month, force_threshold

),

small_in_the_force as (

    select distinct
        series,
        level,
        month
    from force_totals
    where value <> 0 and abs(value) < force_threshold

),

suppressed_series as (

    select
        suppressed_together.series,
        boroughs.area,
        suppressed_together.month
    from suppressed_together
    inner join boroughs
        on suppressed_together.suppressed_with = boroughs.suppressed_with

    union all

    select series, {{ the_force() }} as area, month from small_in_the_force

    union all

    -- the boroughs add up to it
    select
        small_in_the_force.series,
        boroughs.area,
        small_in_the_force.month
    from small_in_the_force
    cross join boroughs
    where small_in_the_force.level = 'borough'

)

select
    measures.measure,
    suppressed_series.area,
    suppressed_series.month
from suppressed_series
inner join {{ ref('measures') }} as measures
    on suppressed_series.series = measures.series

union

-- what a release has suppressed once, its successors suppress: else the two would differ by the count
select measure, area, month from {{ source('run', 'suppressed_before') }}
