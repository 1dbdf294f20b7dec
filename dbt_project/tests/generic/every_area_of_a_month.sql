{# A series by area is known for every area of a month, or for none: a part of a month never counts as the whole.
   Only a delivery that somebody accepted may lack areas; what needs them then has no value. #}
{% test every_area_of_a_month(model) %}
with

areas as (

    select count(*) as areas from {{ ref('areas') }} where kind = 'area'

)

select
    known.report_month,
    known.series,
    known.month,
    count(*) as areas
from {{ model }} as known
inner join {{ ref('series') }} as series
    on known.series = series.series
left join {{ ref('stg_deliveries') }} as deliveries
    on
        known.extract = deliveries.extract
        and known.delivery_month = deliveries.delivery_month
where
    {{ in_this_run('known.report_month') }}
    and deliveries.accepted_reason is null
group by known.report_month, known.series, known.month, series.level
having count(*) <> case when series.level = 'area' then (select areas from areas) else 1 end
{% endtest %}
