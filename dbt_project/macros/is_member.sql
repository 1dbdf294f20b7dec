{# Whether a peer belonged to a peer group in a month: memberships are dated, open where a date is empty. #}
{% macro is_member(groups, month) -%}
    {{ month }} between coalesce({{ groups }}.from_month, {{ month }}) and coalesce({{ groups }}.to_month, {{ month }})
{%- endmacro %}
