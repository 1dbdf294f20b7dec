{# The rows of an extract as one series: the pattern of its name, what is counted of a row, and where it happened.
   Counted is a column, `rows`, or the rows for which `column >= column`. Rows that share a name are added up where the
   key of the extract has a column that the name leaves out. #}
{% macro series_of(extract, series, counted, area='', provisional='false', added_up=false) -%}
    {%- set columns = [] if counted == 'rows' else counted.split(' >= ') -%}
    {%- if added_up %}
    select
        extract,
        delivery_month,
        min(file_line) as file_line,
        series,
        area,
        month,
        case when max(unknown_reason) is null then cast(sum(value) as decimal(18, 2)) end as value,
        max(unknown_reason) as unknown_reason,
        max(provisional) as provisional
    from (
    {%- endif %}
    select
        '{{ extract }}' as extract,
        delivery_month,
        file_line,
        concat('{{ series.replace("{", "', ").replace("}", ", '") }}') as series,
        {{ area or the_whole() }} as area,
        month,
        cast(
            {%- if columns | length == 2 %} case when {{ counted }} then 1 when not {{ counted }} then 0 end
            {%- else %} {{ columns[0] or 1 }}
            {%- endif %} as decimal(18, 2)
        ) as value,
        {% if columns -%}
        coalesce({% for column in columns %}{{ why_not_known(column) }}{{ ", " if not loop.last }}{% endfor %})
        {%- else -%} cast(null as string)
        {%- endif %} as unknown_reason,
        {{ provisional }} as provisional
    from {{ source('raw', extract) }}
    {%- if added_up %}
    ) as counted
    group by extract, delivery_month, series, area, month
    {%- endif %}
{%- endmacro %}

{# Why a figure is null: as what its source marks it; null where it is known. #}
{% macro why_not_known(column) -%}
    nullif(regexp_extract(markers, '(^|;){{ column }}=([a-z ]+)', 2), '')
{%- endmacro %}
