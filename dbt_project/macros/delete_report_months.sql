{# What is kept by report month: a run replaces its own months. Rows are appended once these are gone, in one
   transaction. On a cluster tables are made anew each time, and there is nothing to delete. #}
{% macro delete_report_months() -%}
    {% if target.type == 'duckdb' and is_incremental() -%}
        delete from {{ this }} where {{ in_this_run() }}
    {%- endif %}
{%- endmacro %}
