"""Deliveries of networks, assets, Class A detections, recruitment, forecasts and ICT availability."""

from raw._sample import published
from raw._sample.boroughs import spread
from raw._sample.months import MONTHS, between, financial_year
from raw._sample.solve import noise, numerators, varied, whole

CLASS_A_COLUMNS = ("month", "drug", "sanction_detections")
NETWORK_COLUMNS = ("month", "networks_disrupted")
ASSET_COLUMNS = ("month", "step", "cases", "value_gbp")
RECRUITMENT_COLUMNS = ("month", "recruits", "minority_ethnic_recruits")
FORECAST_COLUMNS = ("month", "forecast", "value_gbp")
ICT_COLUMNS = ("month", "system", "availability_percent", "target_percent")

FORECASTS = (
    "efficiency_gains_one_year",
    "efficiency_gains_two_years",
    "efficiency_gains_three_years",
    "assets_recovered_outturn",
)
# What the same forecasts said, in pounds, when the first of them was delivered.
FORECASTS_IN_2008 = (147_800_000, 258_900_000, 341_200_000, 48_000_000)
SYSTEMS = (
    ("Command and control", 99.94, 99.50),
    ("Crime reporting", 99.71, 99.00),
    ("Criminal intelligence", 99.46, 99.00),
    ("Custody", 99.63, 99.00),
    ("Email", 99.88, 99.50),
    ("Human resources", 99.20, 98.00),
    ("Radio", 99.97, 99.90),
    ("Stop and search", 98.85, 98.00),
)


def class_a() -> dict[str, list[tuple]]:
    """Every delivery of sanction detections for Class A trafficking."""

    def level(number: float, name: str) -> dict[str, float]:
        return varied(dict.fromkeys(MONTHS, number), 0.08, name)

    cocaine = whole(level(133, "cocaine"), published.COCAINE_AND_CRACK)
    heroin = whole(level(55, "heroin"), published.HEROIN)
    other = whole(level(14, "other class A"), published.OTHER_CLASS_A)
    found = {}
    for month in MONTHS:
        powder, crack = spread(cocaine[month], [0.46 + 0.04 * noise(month, "crack"), 0.54])
        ecstasy, rest = spread(other[month], [0.55 + 0.1 * noise(month, "ecstasy"), 0.45])
        drugs = ("cocaine", "crack", "heroin", "ecstasy", "other_class_a")
        counts = (powder, crack, heroin[month], ecstasy, rest)
        found[month] = [(month, drug, count) for drug, count in zip(drugs, counts, strict=True)]
    return found


def networks() -> dict[str, list[tuple]]:
    """Every delivery of criminal networks disrupted."""
    counts = whole(varied(dict.fromkeys(MONTHS, 30.0), 0.12, "networks"), published.NETWORKS)
    return {month: [(month, count)] for month, count in counts.items()}


def pounds(value: float, *key: object) -> str:
    """Money with its pence; `key` decides them."""
    return f"{round(value)}.{round(49.5 + 49.5 * noise('pence', *key)):02d}"


def assets() -> dict[str, list[tuple]]:
    """Every delivery of asset recovery, from the restraint to the confiscation."""
    cases = whole(varied(dict.fromkeys(MONTHS, 232.0), 0.09, "asset cases"), published.ASSET_CASES)
    recovered = varied(dict.fromkeys(MONTHS, 3_300_000.0), 0.45, "recovered")
    recovered |= dict(zip(between("2008-08", MONTHS[-1]), published.ASSETS_RECOVERED, strict=True))
    found = {}
    for month in MONTHS:
        restraint, seizure = spread(cases[month], [0.21 + 0.03 * noise(month, "restraint"), 0.79])
        forfeited = round(620_000 * (1 + 0.3 * noise(month, "forfeited")))
        confiscated = round(recovered[month]) - forfeited
        held = {
            "restraint": (restraint, restraint * 118_000 * (1 + 0.4 * noise(month, "restrained"))),
            "cash_seizure": (seizure, seizure * 9_400 * (1 + 0.2 * noise(month, "seized"))),
            "cash_forfeiture_order": (round(forfeited / 9_900), forfeited),
            "confiscation_order": (round(38 + 12 * noise(month, "orders")), confiscated),
        }
        found[month] = [(month, step, n, pounds(value, month, step)) for step, (n, value) in held.items()]
    return found


def recruitment() -> dict[str, list[tuple]]:
    """Every delivery of officer recruitment."""
    recruits = whole(varied(dict.fromkeys(MONTHS, 196.0), 0.22, "recruits"))
    rates = varied(dict.fromkeys(MONTHS, 0.168), 0.15, "minority recruits")
    minority = numerators(recruits, rates, published.MINORITY_ETHNIC_RECRUITS)
    return {month: [(month, recruits[month], minority[month])] for month in MONTHS}


def forecasts() -> dict[str, list[tuple]]:
    """Every delivery of forecasts: each made in its month, for financial years from the current one on."""
    found = {}
    months = between("2008-04", MONTHS[-1])
    last = financial_year(months[-1])
    for number, month in enumerate(months):
        done = number / (len(months) - 1)
        values = []
        for name, early, final in zip(FORECASTS, FORECASTS_IN_2008, published.FORECASTS, strict=True):
            # a one-year forecast and an outturn begin afresh with the financial year, the others converge
            anew = name in ("efficiency_gains_one_year", "assets_recovered_outturn")
            if anew and financial_year(month) == last:
                value = final * (1 + 0.012 * (1 - done) * (3 + noise(month, name)))
            elif anew:
                value = early * (1 + 0.01 * noise(month, name))
            else:
                value = early + (final - early) * done + 600_000 * noise(month, name) * (done < 1)
            values.append((month, name, int(round(value, -5))))
        found[month] = values
    return found


def ict() -> dict[str, list[tuple]]:
    """The one delivery of ICT availability: eight systems, each at or above its target."""
    return {"2009-06": [("2009-06", *system) for system in SYSTEMS]}
