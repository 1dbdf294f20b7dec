{{ series_of('recorded_crime', "concat(offence_group, '_offences')", 'offences', area='borough') }}
union all
{{ series_of('recorded_crime', "concat(offence_group, '_detections')", 'sanction_detections', area='borough') }}
