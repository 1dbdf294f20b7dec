{# The contributions of a line are its change since the report month before, to the last digit a double holds. #}
{% test movements_add_up(model, every_line) %}

    with

    summed as (

        select report_month, line, sum(contribution) as contribution
        from {{ model }}
        where {{ in_this_run() }}
        group by report_month, line

    )

    select
        changes.report_month,
        changes.line,
        changes.value_before,
        changes.value,
        summed.contribution
    from {{ ref('changes') }} as changes
    left join summed
        on
            changes.report_month = summed.report_month
            and changes.line = summed.line
    where
        {{ in_this_run('changes.report_month') }}
        and changes.missing_reason is null
        {% if not every_line %}and summed.line is not null{% endif %}
        and abs(coalesce(summed.contribution, 0) - (changes.value - changes.value_before))
        > 1e-9 * greatest(1, abs(changes.value), abs(changes.value_before))

{% endtest %}
