{# The whole is the sum of its areas, wherever a measure is known by area. #}
{% test areas_add_up_to_the_whole(model, column) %}
select
    monthly.report_month,
    monthly.measure,
    monthly.month,
    sum(monthly.{{ column }}) filter (where areas.kind = 'area') as areas,
    sum(monthly.{{ column }}) filter (where areas.kind = 'whole') as whole
from {{ model }} as monthly
inner join {{ ref('areas') }} as areas
    on monthly.area = areas.area
where {{ in_this_run('monthly.report_month') }}
group by monthly.report_month, monthly.measure, monthly.month
having
    bool_and(monthly.complete)
    and count(*) > 1
    and sum(monthly.{{ column }}) filter (where areas.kind = 'area')
    is distinct from sum(monthly.{{ column }}) filter (where areas.kind = 'whole')
{% endtest %}
