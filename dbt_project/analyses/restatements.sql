select
    report_month,
    measure,
    area,
    month,
    numerator_before,
    numerator,
    denominator_before,
    denominator,
    latest_delivery as delivery_month
from {{ ref('monthly_measures') }}
where
    complete
    and complete_before
    and (
        numerator is distinct from numerator_before
        or denominator is distinct from denominator_before
    )
