{# A folder's schema is called as the folder, without the target's name before it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | default(target.schema, true) }}
{%- endmacro %}
