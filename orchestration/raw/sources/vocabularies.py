"""The words that the Metropolitan Police's extracts use, besides places and lines of the card."""

from orchestration.raw.sources.declarations import Range

# the surveys leave the City of London out, and some figures come with that of all forces together
SOME_FORCES = ("City of London", "England and Wales")
OFFENCE_GROUPS = (
    "residential_burglary",
    "personal_robbery",
    "business_robbery",
    "theft_from_vehicle",
    "theft_or_taking_of_vehicle",
    "most_serious_violence",
    "assault_with_injury",
    "serious_sexual_offences",
)
WEAPONS = (
    "handgun",
    "shotgun",
    "imitation_firearm",
    "air_weapon",
    "other_firearm",
    "cs_gas_or_pepper_spray",
    "knife",
)
OFFENCE_CLASSES = ("most_serious_violence", "weapon_enabled_crime", "actual_bodily_harm")
DRUGS = ("cocaine", "crack", "heroin", "ecstasy", "other_class_a")
STEPS = ("restraint", "cash_seizure", "cash_forfeiture_order", "confiscation_order")
SEVERITIES = ("killed", "serious")
STATUSES = ("provisional", "final")
VICTIM_GROUPS = ("white", "bme", "not_stated")
ATTITUDE_QUESTIONS = ("treat_with_respect",)
CRIME_SURVEY_QUESTIONS = ("local_police_do_a_good_job", "police_and_council_deal_with_asb")
ICT_SYSTEMS = (
    "Command and control",
    "Crime reporting",
    "Criminal intelligence",
    "Custody",
    "Email",
    "Human resources",
    "Radio",
    "Stop and search",
)
FORECASTS = (
    "efficiency_gains_one_year",
    "efficiency_gains_two_years",
    "efficiency_gains_three_years",
    "assets_recovered_outturn",
)
A_SHARE = (0.05, 1)  # a fraction of 1; as a percentage it is more
# the measures of peers, and the typical range of each
PEER_MEASURES_TYPICAL: dict[str, Range] = {
    "police_and_council_deal_with_asb": A_SHARE,
    "local_police_do_a_good_job": A_SHARE,
    "satisfaction_overall": A_SHARE,
    "satisfaction_gap": (0.005, 1),
    "treat_with_respect": A_SHARE,
    "most_serious_violence_rate": (0.015, 1),
    "most_serious_violence_and_assault_rate": (0.2, 15),
    "knife_crime_rate": (0.13, 8),
    "most_serious_violence_detection_rate": A_SHARE,
    "serious_sexual_offence_detection_rate": A_SHARE,
    "serious_acquisitive_crime_rate": (2.2, 150),
    "minority_ethnic_recruits_ratio": (0.13, 9),
}
PEER_MEASURES = tuple(PEER_MEASURES_TYPICAL)
