with

known as (

    select distinct
        report_month,
        series,
        month,
        extract,
        delivery_month
    from {{ ref('series_as_known') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

catalogued as (

    select series, carry_forward from {{ ref('series') }}

),

-- where the rows of a series stand in its file
placed as (

    select
        extract,
        delivery_month,
        series,
        month,
        min(file_line) as first_line,
        max(file_line) as last_line,
        count(*) as lines
    from {{ ref('stg_series') }}
    group by extract, delivery_month, series, month

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
    cast(min(placed.first_line) as integer) as first_line,
    cast(max(placed.last_line) as integer) as last_line,
    cast(sum(placed.lines) as integer) as lines
from known
inner join {{ ref('measures') }} as parts
    on known.series = parts.series
inner join catalogued
    on known.series = catalogued.series
inner join deliveries
    on
        known.extract = deliveries.extract
        and known.delivery_month = deliveries.delivery_month
-- a stock that is carried forward stands under the month it came for
left join placed
    on
        known.extract = placed.extract
        and known.delivery_month = placed.delivery_month
        and known.series = placed.series
        and (known.month = placed.month or catalogued.carry_forward)
group by
    known.report_month,
    parts.measure,
    known.month,
    known.extract,
    known.delivery_month,
    deliveries.file,
    deliveries.sha256
