{{ series_of(
    'class_a_trafficking',
    "concat(drug, '_trafficking_detections')",
    'sanction_detections',
    area="'Metropolitan Police'"
) }}
