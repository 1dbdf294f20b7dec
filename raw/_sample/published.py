"""The published figures, typed in as the sums that the sample must keep, each with the figure it is for.

A figure is named by card, line and number (`2009-01/4a/3`); a neighbouring one by the report that printed
it. A printed percentage leaves a range of totals: the one chosen lies near its middle.
"""

from raw._sample.solve import Share, Total

# The true London totals from January 2008, as known ten years later: the later view.
LONDON = {
    "residential_burglary": (
        5867, 5043, 5065, 4359, 4466, 4486, 4514, 4768, 4241, 4697,
        5286, 5828, 6203, 4858, 5470, 4669, 4975, 4946, 5018, 4787,
    ),
    "robbery": (
        3157, 2723, 2878, 2844, 2775, 2739, 2645, 2502, 2476, 2843,
        2845, 2537, 2837, 2614, 2897, 2835, 3048, 2779, 2697, 2500,
    ),
    "motor_vehicle_crime": (
        10482, 9491, 9799, 9617, 9404, 9058, 9172, 8832, 9044, 9782,
        8969, 8509, 8724, 7723, 8765, 8651, 8957, 8782, 8513, 7929,
    ),
    "assault_with_injury": (
        5341, 5063, 5722, 4676, 5488, 5350, 5603, 4933, 4791, 4889,
        4903, 4669, 4750, 4528, 5117, 4980, 5701, 5492, 5083, 5258,
    ),
}  # fmt: skip

# April 2009 as first delivered, above the later view: 16,230 fewer than 215,144 is what prints -7.5%.
VEHICLE_CRIME_FIRST_SEEN_IN_APRIL_2009 = 250

LATER_OFFENCES = {
    "residential_burglary": (
        Total("2009-01/4a/3", "2007-02", "2008-01", 59_409),
        Total("2009-08/4a/3", "2007-09", "2008-08", 59_405),
        Total("authority 30 Apr 2009, -912", "2007-03", "2008-02", 59_683),
        Total("authority 28 May 2009, -686", "2007-04", "2008-03", 59_862),
        Total("authority 25 Jun 2009, part", "2007-05", "2008-04", 59_771),
    ),
    "robbery": (
        Total("2009-01/4a/5, restated", "2007-02", "2008-01", 39_049),
        Total("2009-08/4a/5", "2007-09", "2008-08", 34_435),
        Total("authority 25 Jun 2009, part", "2007-05", "2008-04", 37_344),
    ),
    "motor_vehicle_crime": (
        Total("2009-01/4a/7, restated", "2007-02", "2008-01", 119_953),
        Total("2009-08/4a/7", "2007-09", "2008-08", 115_096),
        Total("authority 25 Jun 2009, part", "2007-05", "2008-04", 118_029),
    ),
    "most_serious_violence": (
        Total("2009-08/3a/1", "2008-04", "2008-08", 2_500),
        Total("2009-08/3a/1", "2009-04", "2009-08", 2_513),
    ),
    "assault_with_injury": (Total("2009-01/6a/1, restated", "2007-02", "2008-01", 62_900),),
    "serious_sexual_offences": (),
}

FIRST_OFFENCES = {
    "robbery": (
        Total("2009-01/4a/5", "2007-02", "2008-01", 38_818),
        Total("2009-01/4a/5", "2008-02", "2009-01", 38_818 - 6_405),
    ),
    "motor_vehicle_crime": (
        Total("2009-01/4a/7", "2007-02", "2008-01", 120_916),
        Total("2009-01/4a/7", "2008-02", "2009-01", 120_916 - 9_552),
    ),
    "most_serious_violence_and_assault": (
        Total("2009-01/6a/1", "2007-02", "2008-01", 68_859),
        Total("2009-01/6a/1", "2008-02", "2009-01", 67_000),
    ),
    "serious_sexual_offences": (Total("2009-01/6c/1", "2008-02", "2009-01", 5_400),),
}

# April to January is low enough to ask for 19% in February and March (2009-01/4b/5).
FIRST_DETECTIONS = {
    "residential_burglary": (
        Share("2009-01/4b/2", "2008-02", "2009-01", 0.144),
        Share("2009-01/4b/5", "2008-04", "2009-01", 0.1383),
    ),
    "robbery": (
        Share("2009-01/4b/3", "2008-02", "2009-01", 0.176),
        Share("2009-01/4b/5", "2008-04", "2009-01", 0.169),
    ),
    "motor_vehicle_crime": (
        Share("2009-01/4b/4", "2008-02", "2009-01", 0.069),
        Share("2009-01/4b/5", "2008-04", "2009-01", 0.066),
    ),
    "most_serious_violence_and_assault": (Share("2009-01/6c/2", "2008-02", "2009-01", 0.3229),),
    "serious_sexual_offences": (Share("2009-01/6c/3", "2008-02", "2009-01", 0.286),),
}

LATER_DETECTIONS = {
    "most_serious_violence": (Share("2009-08/3c/1", "2009-04", "2009-08", 0.3203),),
    "serious_sexual_offences": (
        Share("2009-08/3d/1", "2008-09", "2009-08", 0.281),
        Share("2009-08/3d/2", "2009-04", "2009-08", 0.237),
    ),
}

# 764 fewer is 25.4% of 3,008; two of those months, at 250 each, lie before the first month held.
GUN_CRIME = (
    Total("authority 29 Jan 2009, -764, less two months", "2007-02", "2007-11", 2_508),
    Total("authority 29 Jan 2009, -764", "2007-12", "2008-11", 2_244),
    Total("2009-01/6b/1", "2007-02", "2008-01", 2_930),
    Total("2009-01/6b/1", "2008-02", "2009-01", 2_236),
)

# The rate per 1,000 residents falls 11.9%, the count by less: the population grew.
KNIFE_CRIME_BASE = Total("2009-08/3b/1", "2007-09", "2008-08", 13_580)
KNIFE_CRIME_RATE_CHANGE = -0.119
KNIFE_CRIME = (
    Total("authority 25 Jun 2009, -1625", "2007-05", "2008-04", 13_889),
    Total("authority 25 Jun 2009, -1625", "2008-05", "2009-04", 13_889 - 1_625),
    Total("authority 24 Sep 2009, -1413", "2007-08", "2008-07", 13_587),
    Total("authority 24 Sep 2009, -1413", "2008-08", "2009-07", 13_587 - 1_413),
    Total("authority 26 Mar 2009, -13.7%", "2007-04", "2008-01", 11_700),
    Total("authority 26 Mar 2009, -13.7%", "2008-04", "2009-01", 10_097),
    KNIFE_CRIME_BASE,
)

DOMESTIC_VIOLENCE_ARRESTS = (
    Share("2009-01/7/1", "2008-02", "2009-01", 0.703),
    Share("2009-01/7/2", "2008-04", "2009-01", 0.720),
)

YOUTH_VICTIMS = (
    Total("2009-01/8/1", "2007-04", "2008-01", 18_950),
    Total("2009-01/8/1", "2008-04", "2009-01", 18_950 - 1_914),
    Total("authority 29 Jan 2009, -1350", "2007-04", "2007-11", 15_250),
    Total("authority 29 Jan 2009, -1350", "2008-04", "2008-11", 15_250 - 1_350),
    Total("authority 30 Apr 2009, -2163", "2008-02", "2008-02", 1_790),
    Total("authority 30 Apr 2009, -2163", "2009-02", "2009-02", 1_790 - 2_163 + 1_914),
)

COCAINE_AND_CRACK = (
    Total("2009-01/10-cocaine/1", "2008-02", "2009-01", 143 * 12),
    Total("2009-01/10-cocaine/2", "2007-04", "2008-03", 1_560),
    Total("2009-08/4d-cocaine/1", "2008-09", "2009-08", 1_595),
    Total("2009-08/4d-cocaine/2", "2009-04", "2009-08", 141 * 5),
)
HEROIN = (
    Total("2009-01/10-heroin/1", "2008-02", "2009-01", 57 * 12),
    Total("2009-01/10-heroin/2", "2007-04", "2008-03", 576),
    Total("2009-08/4d-heroin/1", "2008-09", "2009-08", 755),
    Total("2009-08/4d-heroin/2", "2009-04", "2009-08", 66 * 5),
)
OTHER_CLASS_A = (
    Total("2009-01/10/1", "2008-02", "2009-01", (215 - 143 - 57) * 12),
    Total("2009-01/10/2", "2007-04", "2008-03", 168),
    Total("2009-08/4d/1", "2008-09", "2009-08", 2_500 - 1_595 - 755),
    Total("2009-08/4d/2", "2009-04", "2009-08", (216 - 141 - 66) * 5),
)

NETWORKS = (
    Total("2009-01/9a/1", "2008-02", "2009-01", 378),
    Total("2009-01/9a/2", "2008-04", "2009-01", 301),
    Total("2009-01/9a, low in Dec-08", "2008-12", "2008-12", 19),
    Total("2009-08/4b/1", "2008-09", "2009-08", 386),
    Total("2009-08/4b/2", "2009-04", "2009-08", 159),
)

ASSET_CASES = (Total("2009-01/9b/1", "2008-04", "2009-01", 2_390),)

# Pounds recovered by forfeiture and confiscation from Aug-08 (2009-08/4c/1 to 6).
ASSETS_RECOVERED = (
    12_013_482, 3_912_406, 2_688_951, 4_421_730, 3_087_264, 2_907_118, 4_190_855,
    9_587_642, 2_214_390, 3_371_527, 3_918_206, 2_203_775, 1_312_648,
)  # fmt: skip

# Casualties: settled is the last word on a month, known what the deliveries up to Jan-09 said of it.
CASUALTIES_SETTLED = (
    Total("2009-01/5/1, base", "2007-02", "2007-12", 3_840 - 283),
    Total("calendar 2008", "2008-01", "2008-12", 3_526),
    Total("2009-08/4e/1", "2008-04", "2009-03", 3_294),
)
CASUALTIES_KNOWN = (
    Total("2009-01/5/1, base", "2008-01", "2008-01", 283),
    Total("2009-01/5/1", "2008-02", "2009-01", 3_264),
)
KILLED_SETTLED = (
    Total("2009-01/5/2, base", "2007-02", "2007-12", 226 - 16),
    Total("2009-01/5/2, base", "2008-01", "2008-01", 16),
    Total("calendar 2008", "2008-01", "2008-12", 204),
    Total("2009-01/5/2", "2009-01", "2009-01", 16),
)
# 188 settled in Feb..Dec-08 less these four, and 16 in Jan-09, are the 200 known at Jan-09.
KILLED_REPORTED_LATE = ("2008-04", "2008-07", "2008-10", "2008-12")

# Victims satisfied, % and the gap in points, by quarter: 2009-01/1, 2009-01/2, 2009-08/2a, 2009-08/2b.
SATISFACTION = {
    "2007-03": (76.0, 4.9), "2007-06": (75.9, 4.6), "2007-09": (75.7, 4.2), "2007-12": (76.3, 4.7),
    "2008-03": (79.7, 5.7), "2008-06": (77.4, 3.1), "2008-09": (75.9, 6.3), "2008-12": (78.2, 4.1),
    "2009-03": (79.3, 5.9), "2009-06": (75.8, 5.7),
}  # fmt: skip

GOOD_JOB = (
    Share("2009-01/3/2", "2007-07", "2008-06", 0.537),
    Share("2009-01/3/1", "2007-10", "2008-09", 0.542),
    Share("2009-08/1b/1", "2008-04", "2009-03", 0.551),
)
ANTISOCIAL_BEHAVIOUR = (Share("2009-08/1a/1", "2008-04", "2009-03", 0.493),)
RESPECT = (Share("2009-08/2c/1", "2008-07", "2009-06", 0.770),)

MINORITY_ETHNIC_RECRUITS = (
    Share("2009-08/6b/1", "2008-09", "2009-08", 0.149),
    Share("2009-08/6b/3", "2008-04", "2009-03", 0.162),
)

GAP_ACROSS_ENGLAND_AND_WALES = 0.057

# Forecast gains in pounds at 2009-08: one year, two years, three years, assets (2009-08/6a/1, 6a/2, 4c/7).
FORECASTS = (113_900_000, 261_700_000, 345_600_000, 40_000_000)
