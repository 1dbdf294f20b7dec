{# The value of a line's statistic from the levels of its own window and of the one it is set against. #}
{% macro value_of(level, other_level) -%}
    case
        when statistic = 'percentage_change' then {{ level }} / nullif({{ other_level }}, 0) - 1
        when statistic = 'ratio_of_shares' then {{ level }} / nullif({{ other_level }}, 0)
        when statistic in ('gap', 'change_in_points') then {{ level }} - {{ other_level }}
        else {{ level }}
    end
{%- endmacro %}
