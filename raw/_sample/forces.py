"""The forty-three police forces of England and Wales, and where each of them stands."""

from raw._sample.solve import noise

OWN = "Metropolitan Police"
EVERYONE = "England and Wales"
NOT_SURVEYED = "City of London"
FORCES = (
    "Avon and Somerset", "Bedfordshire", "Cambridgeshire", "Cheshire", "City of London", "Cleveland",
    "Cumbria", "Derbyshire", "Devon and Cornwall", "Dorset", "Durham", "Dyfed-Powys", "Essex",
    "Gloucestershire", "Greater Manchester", "Gwent", "Hampshire", "Hertfordshire", "Humberside", "Kent",
    "Lancashire", "Leicestershire", "Lincolnshire", "Merseyside", "Metropolitan Police", "Norfolk",
    "North Wales", "North Yorkshire", "Northamptonshire", "Northumbria", "Nottinghamshire", "South Wales",
    "South Yorkshire", "Staffordshire", "Suffolk", "Surrey", "Sussex", "Thames Valley", "Warwickshire",
    "West Mercia", "West Midlands", "West Yorkshire", "Wiltshire",
)  # fmt: skip

# Where the Metropolitan Police stands at 2009-08: of how many forces, and where the other three Most
# Similar Forces stand, which fixes its rank among the four (2009-08/1a/2 and so on).
RANKS = {
    "police_and_council_deal_with_asb": (14, {"Greater Manchester": 9, "West Midlands": 21, "West Yorkshire": 27}),
    "local_police_do_a_good_job": (14, {"Greater Manchester": 30, "West Midlands": 24, "West Yorkshire": 19}),
    "satisfaction_overall": (42, {"Greater Manchester": 38, "West Midlands": 35, "West Yorkshire": 22}),
    "satisfaction_gap": (26, {"Greater Manchester": 17, "West Midlands": 31, "West Yorkshire": 22}),
    "treat_with_respect": (41, {"Greater Manchester": 36, "West Midlands": 33, "West Yorkshire": 39}),
    "most_serious_violence_rate": (41, {"Greater Manchester": 39, "West Midlands": 36, "West Yorkshire": 30}),
    "most_serious_violence_and_assault_rate": (
        38,
        {"Greater Manchester": 40, "West Midlands": 35, "West Yorkshire": 33},
    ),
    "knife_crime_rate": (42, {"Greater Manchester": 40, "West Midlands": 41, "West Yorkshire": 33}),
    "most_serious_violence_detection_rate": (
        42,
        {"Greater Manchester": 34, "West Midlands": 39, "West Yorkshire": 28},
    ),
    "serious_sexual_offence_detection_rate": (
        25,
        {"Greater Manchester": 29, "West Midlands": 18, "West Yorkshire": 14},
    ),
    "serious_acquisitive_crime_rate": (42, {"Greater Manchester": 40, "West Midlands": 35, "West Yorkshire": 38}),
    "minority_ethnic_recruits_ratio": (40, {"Greater Manchester": 23, "West Midlands": 31, "West Yorkshire": 36}),
}


def ranked(measure: str, own_rank: int, fixed: dict[str, int], surveyed: bool) -> dict[str, int]:
    """A rank for every force, 1 best: the fixed ones as given, the others in an order of the measure's own."""
    taken = fixed | {OWN: own_rank}
    others = [f for f in FORCES if f not in taken and not (surveyed and f == NOT_SURVEYED)]
    others.sort(key=lambda force: noise(measure, force))
    free = [rank for rank in range(1, len(others) + len(taken) + 1) if rank not in taken.values()]
    ranks = taken | dict(zip(others, free, strict=True))
    return {force: ranks[force] for force in FORCES if force in ranks}
