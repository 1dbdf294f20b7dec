{# The rows of an extract as one series: what it is called, the column that is counted, and where it happened. #}
{% macro series_of(extract, series, column, area, provisional='false') -%}
    select
        '{{ extract }}' as extract,
        delivery_month,
        file_line,
        {{ series }} as series,
        {{ area }} as area,
        month,
        cast({{ column }} as decimal(18, 2)) as value,
        {{ why_not_known(column) }} as unknown_reason,
        {{ provisional }} as provisional
    from {{ source('raw', extract) }}
{%- endmacro %}

{# Why a figure is null: as what its source marks it; null where it is known. #}
{% macro why_not_known(column) -%}
    nullif(regexp_extract(markers, '(^|;){{ column }}=([a-z ]+)', 2), '')
{%- endmacro %}
