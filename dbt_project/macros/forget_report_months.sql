{# Before a run appends its report months, what an earlier run wrote for them goes. Both happen in one transaction. #}
{% macro forget_report_months() -%}
    {% if is_incremental() -%}
        delete from {{ this }} where report_month in (select month from {{ source('run', 'report_months') }})
    {%- endif %}
{%- endmacro %}
