{{ series_of(
    'road_casualties',
    "concat(severity, '_casualties')",
    'casualties',
    area='borough',
    provisional="status = 'provisional'"
) }}
