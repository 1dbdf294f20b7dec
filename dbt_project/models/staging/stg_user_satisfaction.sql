{{ series_of(
    'user_satisfaction',
    "concat(victim_group, '_victims_satisfied')",
    'satisfied',
    area="'Metropolitan Police'"
) }}
union all
{{ series_of(
    'user_satisfaction',
    "concat(victim_group, '_victims_respondents')",
    'respondents',
    area="'Metropolitan Police'"
) }}
