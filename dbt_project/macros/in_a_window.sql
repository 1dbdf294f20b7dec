{# Whether a row of series and parts counts in the window as it is now, or as it was a report month before. #}
{% macro in_now(part) -%}
    parts.part = '{{ part }}' and known.month between windows.data_from and windows.data_to
{%- endmacro %}

{% macro in_before(part) -%}
    parts.part = '{{ part }}' and known.month between windows.data_from_before and windows.data_to_before
{%- endmacro %}
