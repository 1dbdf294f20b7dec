{# What each kind of indicator, and each other statistic of two windows, computes from their sums. Every model that
   computes a figure, its history or its change does it by these; `statistic` is a column of theirs. #}

{# What the sum of a window is divided by: its months for an average, its denominator for a ratio; null for a sum. #}
{% macro divisor_of(denominator, months) -%}
    case
        when statistic in ('monthly_average', 'change_in_monthly_average') then {{ months }}
        when
            statistic in (
                'percentage', 'percentage_change', 'change', 'change_in_points', 'gap', 'ratio_of_shares',
                'margin_of_error', 'supplied_margin'
            )
            then {{ denominator }}
    end
{%- endmacro %}

{# The level of a window: a ratio is computed once, from sums. #}
{% macro level_of(numerator, divisor) -%}
    case when {{ divisor }} is null then {{ numerator }} else {{ numerator }} / nullif({{ divisor }}, 0) end
{%- endmacro %}

{# The value of a line's statistic from the level of its own window and of the one it is compared with. #}
{% macro value_of(level, other_level) -%}
    case
        when statistic = 'percentage_change' then {{ level }} / nullif({{ other_level }}, 0) - 1
        when statistic = 'ratio_of_shares' then {{ level }} / nullif({{ other_level }}, 0)
        when statistic in ('gap', 'change', 'change_in_points', 'change_in_monthly_average')
            then {{ level }} - {{ other_level }}
        else {{ level }}
    end
{%- endmacro %}

{# What a change of one of the two levels does to the value. Where the value is their quotient each takes its part at
   the midpoint of the other, so that both together are the change of the value, exactly. #}
{% macro effect_on_the_value(level_change, part) -%}
    case
        when statistic not in ('percentage_change', 'ratio_of_shares')
            then case when {{ part }} = 'own' then {{ level_change }} else -{{ level_change }} end
        when {{ part }} = 'own' then {{ level_change }} * (1 / other_level_from + 1 / other_level_to) / 2
        else -{{ level_change }} * (level_from + level_to) / (2 * other_level_from * other_level_to)
    end
{%- endmacro %}
