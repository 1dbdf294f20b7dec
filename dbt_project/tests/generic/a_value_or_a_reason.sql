{# Every figure has a value, or says why it has none; never both, never neither, never over an incomplete window. #}
{% test a_value_or_a_reason(model) %}
select
    report_month,
    line,
    name,
    value,
    missing_reason
from {{ model }}
where
    ((value is null) = (missing_reason is null) or (value is not null and months_present < months_expected))
    and {{ in_this_run() }}
{% endtest %}
