{{ series_of('youth_violence', "concat('youth_victims_of_', offence_class)", 'victims_under_20', area='borough') }}
