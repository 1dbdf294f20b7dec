{# A share of a whole is never more than the whole; a rate of two different things may be. Only a source
   that declares it may deliver less than nothing, net of what it cancelled. #}
{% test numerator_within_denominator(model) %}
select
    sums.report_month,
    sums.measure,
    sums.area,
    sums.month,
    sums.numerator,
    sums.denominator
from {{ model }} as sums
where
    (
        sums.numerator > sums.denominator
        and sums.measure in (
            select measures.measure
            from {{ ref('measures') }} as measures
            inner join {{ ref('series') }} as series
                on measures.series = series.series
            group by measures.measure
            having count(distinct series.unit) = 1 and count(distinct series.counts) = 1
        )
        or sums.numerator < 0
        or sums.denominator < 0
    )
    and {{ in_this_run('sums.report_month') }}
    and not exists (
        select 1
        from {{ ref('series_as_of') }} as known
        inner join {{ ref('measures') }} as parts
            on known.series = parts.series
        where
            known.value < 0
            and known.report_month = sums.report_month
            and parts.measure = sums.measure
            and known.month = sums.month
    )
{% endtest %}
