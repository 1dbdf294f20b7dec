with

delivered as (

    select
        delivered.delivery_month,
        delivered.series,
        delivered.area,
        delivered.month,
        delivered.value,
        catalogued.level,
        catalogued.area_threshold,
        catalogued.whole_threshold
    from {{ ref('stg_series') }} as delivered
    inner join {{ ref('series') }} as catalogued
        on delivered.series = catalogued.series

),

areas as (

    select area, suppressed_with from {{ ref('areas') }} where kind <> 'whole'

),

-- areas that are suppressed together, in one delivery; a count below zero, net of what was cancelled, is as small
delivered_together as (

    select
        delivered.series,
        areas.suppressed_with,
        delivered.month,
        delivered.area_threshold as threshold,
        max(
            case when delivered.value <> 0 and abs(delivered.value) < delivered.area_threshold then 1 else 0 end
        ) as small,
        min(delivered.value) as lowest,
        sum(delivered.value) as total
    from delivered
    inner join areas
        on delivered.area = areas.area
    group by
        delivered.delivery_month,
        delivered.series,
        areas.suppressed_with,
        delivered.month,
        delivered.area_threshold

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

-- of such a measure, what each whole holds at least and each part at most in any delivery
compared as (

    select
        together.series,
        together.suppressed_with,
        together.month,
        parts.part,
        together.lowest,
        measures_with_small_parts.threshold,
        measures_with_small_parts.measure,
        cast(parts.weight as decimal(9, 2)) as weight,
        case when parts.part = 'denominator' then together.lowest_total else -together.highest_total end as total
    from measures_with_small_parts
    inner join {{ ref('measures') }} as parts
        on measures_with_small_parts.measure = parts.measure
    inner join together
        on
            parts.series = together.series
            and measures_with_small_parts.suppressed_with = together.suppressed_with
            and measures_with_small_parts.month = together.month

),

-- What the wholes hold more than the parts: in counts, and as their weighted sums show it, which bounds the heaviest
-- series most
left_over as (

    select
        *,
        sum(total) over of_measure as counts_left_over,
        sum(weight * total) over of_measure as weights_left_over,
        max(weight) over of_measure as heaviest
    from compared
    window of_measure as (partition by measure, suppressed_with, month)

),

-- A whole that is small bounds its part, and so do wholes of which nearly all is in the part: 10 detections of 5 and 6
-- offences are 4 and 6, or 5 and 5.
suppressed_together as (

    select series, suppressed_with, month from together where small = 1
    union
    select series, suppressed_with, month from left_over
    where
        part = 'denominator'
        and (least(lowest, counts_left_over) < threshold or weights_left_over < threshold * heaviest)

),

totals as (

    select
        delivery_month,
        series,
        level,
        month,
        whole_threshold,
        sum(value) as value
    from delivered
    group by delivery_month, series, level, month, whole_threshold

),

small_in_total as (

    select distinct
        series,
        level,
        month
    from totals
    where value <> 0 and abs(value) < whole_threshold

),

suppressed_series as (

    select
        suppressed_together.series,
        areas.area,
        suppressed_together.month
    from suppressed_together
    inner join areas
        on suppressed_together.suppressed_with = areas.suppressed_with

    union all

    select series, {{ the_whole() }} as area, month from small_in_total

    union all

    -- the areas add up to it
    select
        small_in_total.series,
        areas.area,
        small_in_total.month
    from small_in_total
    cross join areas
    where small_in_total.level = 'area'

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
