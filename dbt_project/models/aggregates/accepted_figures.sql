with

accepted as (

    select * from {{ ref('stg_deliveries') }} where accepted_because is not null

),

figures as (

    select * from {{ ref('figure_values') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

measure_months as (

    select distinct
        known.report_month,
        parts.measure,
        known.month,
        accepted.extract,
        accepted.delivery_month,
        accepted.accepted_because
    from accepted
    inner join {{ ref('series_as_known') }} as known
        on
            accepted.extract = known.extract
            and accepted.delivery_month = known.delivery_month
    inner join {{ ref('measures') }} as parts
        on known.series = parts.series

),

from_series as (

    select
        figures.report_month,
        figures.line,
        figures.name,
        measure_months.extract,
        measure_months.delivery_month,
        measure_months.accepted_because
    from figures
    inner join measure_months
        on
            figures.report_month = measure_months.report_month
            and measure_months.measure in (figures.measure, figures.compare_measure)
            and (
                measure_months.month between figures.data_from and figures.data_to
                or measure_months.month between figures.against_from and figures.against_to
            )
    where figures.statistic not in ('rank', 'peer_value')

),

from_peers as (

    select
        figures.report_month,
        figures.line,
        figures.name,
        accepted.extract,
        accepted.delivery_month,
        accepted.accepted_because
    from figures
    inner join {{ ref('peers_as_known') }} as peers
        on
            figures.report_month = peers.report_month
            and figures.measure = peers.measure
            and figures.data_to = peers.to_month
    inner join accepted
        on
            accepted.extract = 'peer_forces'
            and peers.delivery_month = accepted.delivery_month
    where figures.statistic in ('rank', 'peer_value')

),

lines as (

    select distinct report_month, line from figures

),

from_commentary as (

    select
        lines.report_month,
        sentences.line,
        'comment' as name,
        accepted.extract,
        accepted.delivery_month,
        accepted.accepted_because
    from accepted
    inner join {{ ref('stg_commentary') }} as sentences
        on
            accepted.extract = 'commentary'
            and accepted.delivery_month = sentences.delivery_month
    inner join lines
        on
            sentences.delivery_month = lines.report_month
            and sentences.line = lines.line

)

select distinct * from from_series
union
select distinct * from from_peers
union
select distinct * from from_commentary
