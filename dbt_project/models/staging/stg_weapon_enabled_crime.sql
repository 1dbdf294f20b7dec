{{ series_of('weapon_enabled_crime', "concat(weapon, '_offences')", 'offences', area='borough') }}
