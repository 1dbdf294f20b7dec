{# The key names one row; of what is kept by report month, among the rows of the run. #}
{% test unique_rows(model, key) %}
select
    {{ key | join(', ') }},
    count(*) as rows_with_this_key
from {{ model }}
{% if 'report_month' in key -%}
where {{ in_this_run() }}
{% endif -%}
group by {{ key | join(', ') }}
having count(*) > 1
{% endtest %}
