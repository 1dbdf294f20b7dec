with

known as (

    select distinct
        report_month,
        series,
        month,
        extract,
        delivery_month
    from {{ ref('series_as_of') }}
    where {{ in_this_run() }}

),

catalogued as (

    select series, over_time from {{ ref('series') }}

),

known_deliveries as (

    select distinct extract, delivery_month from known

),

-- one line of a file may hold several series
held_lines as (

    select distinct
        held.extract,
        held.delivery_month,
        held.series,
        held.month,
        held.file_line
    from {{ ref('stg_series') }} as held
    inner join known_deliveries
        on
            held.extract = known_deliveries.extract
            and held.delivery_month = known_deliveries.delivery_month

),

deliveries as (

    select extract, delivery_month, file, sha256 from {{ ref('stg_deliveries') }}

)

select
    known.report_month,
    parts.measure,
    known.month,
    known.extract,
    known.delivery_month,
    deliveries.file,
    deliveries.sha256,
    cast(min(held_lines.file_line) as integer) as first_line,
    cast(max(held_lines.file_line) as integer) as last_line,
    cast(count(distinct held_lines.file_line) as integer) as lines
from known
inner join {{ ref('measures') }} as parts
    on known.series = parts.series
inner join catalogued
    on known.series = catalogued.series
inner join deliveries
    on
        known.extract = deliveries.extract
        and known.delivery_month = deliveries.delivery_month
-- a stock, which holds for later months, stands under the month it came for
left join held_lines
    on
        known.extract = held_lines.extract
        and known.delivery_month = held_lines.delivery_month
        and known.series = held_lines.series
        and (known.month = held_lines.month or catalogued.over_time = 'mean')
group by
    known.report_month,
    parts.measure,
    known.month,
    known.extract,
    known.delivery_month,
    deliveries.file,
    deliveries.sha256
