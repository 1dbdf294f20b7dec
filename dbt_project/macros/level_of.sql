{# The sum of a window, by month where it is an average, or its ratio where the statistic is of ratios. #}
{% macro level_of(numerator, denominator) -%}
    case
        when statistic = 'monthly_average' then {{ numerator }} / months_expected
        when statistic in {{ of_ratios() }} and {{ denominator }} is not null
            then {{ numerator }} / nullif({{ denominator }}, 0)
        else {{ numerator }}
    end
{%- endmacro %}


{# The statistics that divide by the denominator of a measure that has one. #}
{% macro of_ratios() -%}
    ('percentage', 'percentage_change', 'change_in_points', 'gap', 'ratio_of_shares')
{%- endmacro %}
