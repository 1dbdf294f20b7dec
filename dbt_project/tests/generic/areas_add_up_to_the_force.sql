{# The force is the sum of its boroughs, wherever a measure is known by borough. #}
{% test areas_add_up_to_the_force(model, column) %}
select
    monthly.report_month,
    monthly.measure,
    monthly.month,
    sum(monthly.{{ column }}) filter (where areas.kind <> 'force') as boroughs,
    sum(monthly.{{ column }}) filter (where areas.kind = 'force') as force
from {{ model }} as monthly
inner join {{ ref('areas') }} as areas
    on monthly.area = areas.area
where {{ in_this_run('monthly.report_month') }}
group by monthly.report_month, monthly.measure, monthly.month
having
    bool_and(monthly.complete)
    and count(*) > 1
    and sum(monthly.{{ column }}) filter (where areas.kind <> 'force')
    is distinct from sum(monthly.{{ column }}) filter (where areas.kind = 'force')
{% endtest %}
