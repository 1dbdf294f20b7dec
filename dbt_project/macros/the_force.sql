{# The area that is the whole of the others. #}
{% macro the_force() -%}
    (select area from {{ ref('areas') }} where kind = 'force')
{%- endmacro %}
