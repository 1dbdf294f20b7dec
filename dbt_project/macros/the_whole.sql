{# The area that is the whole: all others add up to it. #}
{% macro the_whole() -%}
    (select area from {{ ref('areas') }} where kind = 'whole')
{%- endmacro %}
