{# What each kind of indicator, and each other statistic of two windows, computes from their sums. Every model that
   computes a figure, its history or its change does it by these; `statistic` is a column of theirs. #}

{# What the sum of a window is divided by: its months for an average and for a stock, which enters by its mean; its
   denominator for a ratio; null for a sum. #}
{% macro divisor_of(denominator, months) -%}
    case
        when statistic in ('monthly_average', 'change_in_monthly_average') or averaged = 'numerator' then {{ months }}
        when
            statistic in (
                'percentage', 'percentage_change', 'change', 'change_in_points', 'gap', 'ratio_of_shares',
                'margin_of_error', 'supplied_margin'
            )
            then {{ denominator }}
    end
{%- endmacro %}

{# The level of a window: a ratio is computed once, from sums. Where the denominator is a stock, its sum by the months
   is its mean. #}
{% macro level_of(numerator, divisor, months) -%}
    case
        when {{ divisor }} is null then {{ numerator }}
        when averaged = 'denominator' then {{ numerator }} * {{ months }} / nullif({{ divisor }}, 0)
        else {{ numerator }} / nullif({{ divisor }}, 0)
    end
{%- endmacro %}

{# Of each measure, which part enters a window by its mean: a stock, the stock that a sum is divided by, or both. #}
{% macro averaged_parts() -%}
    select
        measures.measure,
        case
            when bool_and(series.over_time = 'mean') and bool_and(measures.part = 'numerator') then 'numerator'
            when
                bool_or(series.over_time = 'sum' and measures.part = 'numerator')
                and bool_or(series.over_time = 'mean' and measures.part = 'denominator')
                then 'denominator'
            when bool_and(series.over_time = 'mean') then 'both'
        end as averaged
    from {{ ref('measures') }} as measures
    inner join {{ ref('series') }} as series
        on measures.series = series.series
    group by measures.measure
{%- endmacro %}

{# A sum of a window as readers see it: of what enters by its mean, the mean. #}
{% macro mean_of(part, sum, months) -%}
    case when averaged in ('{{ part }}', 'both') then cast({{ sum }} / {{ months }} as {{ amount() }}) else {{ sum }} end
{%- endmacro %}

{# The terms of each figure, at its place from 0: itself, the figure that it is less, the one that this is less, and so
   on. Those at odd places are subtracted. The body of a recursive CTE `terms`. #}
{% macro terms_of(figures) -%}
    select
        report_month,
        line,
        name,
        name as term,
        less,
        0 as place
    from {{ figures }}

    union all

    select
        terms.report_month,
        terms.line,
        terms.name,
        terms.less as term,
        figures.less,
        terms.place + 1 as place
    from terms
    left join {{ figures }} as figures
        on
            terms.report_month = figures.report_month
            and terms.line = figures.line
            and terms.less = figures.name
    where terms.less is not null
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

{# Of a component of a ratio, in a window now or before, its share of the whole and its rate: that of the other time
   where nothing was counted, so that its share alone counts. #}
{% macro share_and_rate(window, time) -%}
    {%- set other = '' if time else '_before' -%}
    {{ window }}denominator{{ time }} / whole_{{ window }}denominator{{ time }} as {{ window }}share{{ time }},
        coalesce(
            {{ window }}numerator{{ time }} / nullif({{ window }}denominator{{ time }}, 0),
            {{ window }}numerator{{ other }} / nullif({{ window }}denominator{{ other }}, 0),
            0
        ) as {{ window }}rate{{ time }}
{%- endmacro %}
