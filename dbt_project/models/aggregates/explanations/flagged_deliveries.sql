with

remarks as (

    select * from {{ ref('stg_deliveries') }} where accepted_reason is not null or replacement_waiting is not null

),

figures as (

    select * from {{ ref('figure_values') }} where {{ in_this_run() }}

),

measure_months as (

    select distinct
        known.report_month,
        parts.measure,
        known.month,
        remarks.extract,
        remarks.delivery_month,
        remarks.accepted_reason,
        remarks.replacement_waiting
    from remarks
    inner join {{ ref('series_as_of') }} as known
        on
            remarks.extract = known.extract
            and remarks.delivery_month = known.delivery_month
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
        measure_months.accepted_reason,
        measure_months.replacement_waiting
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
        remarks.extract,
        remarks.delivery_month,
        remarks.accepted_reason,
        remarks.replacement_waiting
    from figures
    inner join {{ ref('peers_as_of') }} as peers
        on
            figures.report_month = peers.report_month
            and figures.measure = peers.measure
            and figures.data_from = peers.from_month
            and figures.data_to = peers.to_month
    inner join remarks
        on
            remarks.extract in (select extract from {{ ref('stg_peers') }})
            and peers.delivery_month = remarks.delivery_month
    where figures.statistic in ('rank', 'peer_value')

),

from_commentary as (

    select
        delivery_month as report_month,
        line,
        'comment' as name,
        extract,
        delivery_month,
        accepted_reason,
        replacement_waiting
    from {{ ref('stg_commentary') }}
    where
        coalesce(accepted_reason, replacement_waiting) is not null
        and {{ in_this_run('delivery_month') }}

)

select * from from_series
union
select * from from_peers
union
select * from from_commentary
