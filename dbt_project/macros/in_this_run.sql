{# Whether a report month is one of the run under way: what is kept by report month holds those of earlier runs too. #}
{% macro in_this_run(column='report_month') -%}
    {{ column }} in (select month from {{ source('run', 'report_months') }})
{%- endmacro %}
