"""The words that the Metropolitan Police's extracts use, besides places and lines of the card."""

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
PEER_MEASURES = (
    "police_and_council_deal_with_asb",
    "local_police_do_a_good_job",
    "satisfaction_overall",
    "satisfaction_gap",
    "treat_with_respect",
    "most_serious_violence_rate",
    "most_serious_violence_and_assault_rate",
    "knife_crime_rate",
    "most_serious_violence_detection_rate",
    "serious_sexual_offence_detection_rate",
    "serious_acquisitive_crime_rate",
    "minority_ethnic_recruits_ratio",
)
