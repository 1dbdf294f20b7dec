{# The type of what is counted and summed, with as many decimals as any source declares to keep. #}
{% macro amount() -%}
    decimal(18, {{ env_var('SCORECARD_DECIMALS', '2') }})
{%- endmacro %}
