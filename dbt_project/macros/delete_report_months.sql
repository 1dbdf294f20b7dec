{# What is kept by report month: a run replaces its own months. Rows are appended once these are gone, in one
   transaction. On a cluster tables are made anew each time, and there is nothing to delete. #}
{% macro delete_report_months() -%}
    {% if target.type == 'duckdb' and is_incremental() -%}
        delete from {{ this }} where {{ in_this_run() }}
    {%- endif %}
{%- endmacro %}

{# A column that the model no longer has leaves the table as well: a table of an earlier version keeps no old names,
   and holds as many decimals as are declared now. #}
{% macro drop_old_columns() -%}
    {% if execute and target.type == 'duckdb' and is_incremental() -%}
        {% for column in adapter.get_columns_in_relation(this) -%}
            {% set wanted = model.columns.get(column.name, {}).get('data_type') or '' -%}
            {% if column.name not in model.columns -%}
                alter table {{ this }} drop column {{ column.name }};
            {% elif wanted.startswith('decimal') and column.data_type | lower != wanted | replace(' ', '') -%}
                alter table {{ this }} alter column {{ column.name }} type {{ wanted }};
            {% endif %}
        {% endfor %}
    {%- endif %}
{%- endmacro %}
