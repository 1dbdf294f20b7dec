{{ series_of('criminal_networks', "'networks_disrupted'", 'networks_disrupted', area="'Metropolitan Police'") }}
