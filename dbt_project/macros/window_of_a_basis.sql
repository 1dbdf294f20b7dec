{# The first month of a window that ends with a month; `calendar` is that month's row of the calendar. #}
{% macro first_month(basis, last_month, calendar) -%}
    case {{ basis }}
        when 'rolling_year' then {{ last_month }} - interval 11 month
        when 'year_to_date' then {{ calendar }}.financial_year_start
        when 'quarter' then {{ calendar }}.quarter_start
        else {{ last_month }}
    end
{%- endmacro %}

{# How many months it has. #}
{% macro months_of_window(basis, calendar) -%}
    case {{ basis }}
        when 'rolling_year' then 12
        when 'year_to_date' then {{ calendar }}.month_of_financial_year
        when 'quarter' then 3
        else 1
    end
{%- endmacro %}
