{# The rows of an extract as one series: the pattern of its name, what is counted of a row, and where it happened.
   Counted is a column, `rows`, or the rows for which `column >= column`. Rows that share a name are added up where the
   key of the extract has a column that the name leaves out. A figure keeps `kept` decimals, in a type of as many as
   `decimals`. Rows of months that have no column of those in `dated` count in no series made of it; `words` are those
   of an extract of single records, which count once across its deliveries. #}
{% macro series_of(
    extract, series, counted, area='', provisional='false', added_up=false, decimals=2, kept=2, dated=(), words=none
) -%}
    {%- set columns = [] if counted == 'rows' else counted.split(' >= ') -%}
    {%- if added_up %}
    select
        extract,
        delivery_month,
        min(file_line) as file_line,
        series,
        area,
        month,
        case when max(unknown_reason) is null then cast(sum(value) as decimal(18, {{ decimals }})) end as value,
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
            {%- elif kept < decimals %} cast({{ columns[0] or 1 }} as decimal(18, {{ kept }}))
            {%- else %} {{ columns[0] or 1 }}
            {%- endif %} as decimal(18, {{ decimals }})
        ) as value,
        {% if columns -%}
        coalesce({% for column in columns %}{{ why_not_known(column) }}{{ ", " if not loop.last }}{% endfor %})
        {%- else -%} cast(null as string)
        {%- endif %} as unknown_reason,
        {{ provisional }} as provisional
    from {% if words is none %}{{ source('raw', extract) }}{% else %}{{ known_records(extract, counted, words) }}{% endif %}
    {%- for column in dated %}
    {{ 'where' if loop.first else 'and' }} ({{ column }} is not null or {{ why_not_known(column) }} is not null)
    {%- endfor %}
    {%- if added_up %}
    ) as counted
    group by extract, delivery_month, series, area, month
    {%- endif %}
{%- endmacro %}

{# Why a figure is null: as what its source marks it; null where it is known. #}
{% macro why_not_known(column) -%}
    nullif(regexp_extract(markers, '(^|;){{ column }}=([a-z ]+)', 2), '')
{%- endmacro %}

{# The records of an extract as each of its deliveries leaves them: every month that it adds records to or takes some
   from, whole, with those of the deliveries before it. A record that a later delivery has again counts 0 from then on
   where it stood before. #}
{% macro known_records(extract, counted, words) -%}
    (
        with

        versions as (

            select
                held.delivery_month,
                held.file_line,
                held.month,
                {% for word in words %}held.{{ word }},
                {% endfor -%}
                held.{{ counted }},
                held.markers,
                case when held.record is not null then
                    lead(held.delivery_month) over (partition by held.record order by held.delivery_month)
                end as delivered_again,
                lead(held.file_line) over (partition by held.record order by held.delivery_month) as line_again
            from {{ source('raw', extract) }} as held
            inner join {{ ref('stg_deliveries') }} as deliveries
                on held.delivery_month = deliveries.delivery_month
            where deliveries.extract = '{{ extract }}' and deliveries.effective

        ),

        changed_months as (

            select delivery_month, month from versions
            union
            select delivered_again, month from versions where delivered_again is not null

        )

        select
            changed_months.delivery_month,
            case
                when versions.delivery_month = changed_months.delivery_month then versions.file_line
                when versions.delivered_again = changed_months.delivery_month then versions.line_again
            end as file_line,
            versions.month,
            {% for word in words %}versions.{{ word }},
            {% endfor -%}
            case when versions.delivered_again <= changed_months.delivery_month then 0 else versions.{{ counted }} end
                as {{ counted }},
            versions.markers
        from changed_months
        inner join versions
            on changed_months.month = versions.month and changed_months.delivery_month >= versions.delivery_month
    ) as known_records
{%- endmacro %}
