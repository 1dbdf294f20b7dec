with

delivered as (

    select * from {{ ref('stg_series') }}

),

catalogued as (

    select series, borough_threshold, force_threshold from {{ ref('series') }}

),

boroughs as (

    select area, hidden_with from {{ ref('areas') }} where kind = 'borough'

),

-- any delivery counts, not the latest only: else two cards, or two releases, would differ by the count
small_in_a_borough as (

    select
        delivered.series,
        boroughs.hidden_with,
        delivered.month,
        max(catalogued.borough_threshold) as threshold
    from delivered
    inner join catalogued
        on delivered.series = catalogued.series
    inner join boroughs
        on delivered.area = boroughs.area
    -- one below zero, net of what was cancelled, is as small
    where delivered.value <> 0 and abs(delivered.value) < catalogued.borough_threshold
    group by delivered.series, boroughs.hidden_with, delivered.month

),

-- of no offence nothing is detected: a whole of 0 would leave its part of a known sum to the other boroughs
giving_a_part_away as (

    select
        wholes.series,
        boroughs.hidden_with,
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
        on small_in_a_borough.hidden_with = boroughs.hidden_with
    inner join delivered
        on
            wholes.series = delivered.series
            and boroughs.area = delivered.area
            and small_in_a_borough.month = delivered.month
    where delivered.value < small_in_a_borough.threshold
    group by wholes.series, boroughs.hidden_with, delivered.month

),

hidden_in_boroughs as (

    select series, hidden_with, month, threshold from small_in_a_borough
    union all
    select series, hidden_with, month, threshold from giving_a_part_away

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

hidden_series as (

    select
        hidden_in_boroughs.series,
        boroughs.area,
        hidden_in_boroughs.month,
        hidden_in_boroughs.threshold
    from hidden_in_boroughs
    inner join boroughs
        on hidden_in_boroughs.hidden_with = boroughs.hidden_with

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
    hidden_series.area,
    hidden_series.month,
    cast(max(hidden_series.threshold) as integer) as threshold
from hidden_series
inner join {{ ref('measures') }} as measures
    on hidden_series.series = measures.series
group by measures.measure, hidden_series.area, hidden_series.month
