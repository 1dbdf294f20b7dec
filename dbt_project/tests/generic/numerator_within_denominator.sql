{# A share of a whole is never more than the whole. Rates per head are not shares, but stay far below one. #}
{% test numerator_within_denominator(model) %}
select
    report_month,
    measure,
    area,
    month,
    numerator,
    denominator
from {{ model }}
where
    (numerator > denominator or numerator < 0 or denominator < 0)
    and report_month in (select month from {{ source('run', 'report_months') }})
{% endtest %}
