"""What the made-up police publish, in the shapes of the publishers: by a formula, so that a test can add it up."""

from datetime import date
from pathlib import Path

MONTHS = [date(2023 + (number + 2) // 12, (number + 2) % 12 + 1, 1) for number in range(25)]  # March 2023 to March 2025
AIRPORT = "City Airport"
DISTRICTS = ("Eastgate", "Northgate", "Southgate", "Westgate", AIRPORT)
# the heading of each category, and the group that it is counted in; nothing is published of one that is 0 throughout
CATEGORIES = {
    "Burglary - Residential": ("Burglary", "neighbourhood_crime"),
    "Personal Property": ("Robbery", "neighbourhood_crime"),
    "Theft From M/V": ("Theft and Handling", "neighbourhood_crime"),
    "Theft Person": ("Theft and Handling", "neighbourhood_crime"),
    "Theft From Shops": ("Theft and Handling", ""),
    "Wounding/GBH": ("Violence Against the Person", "violence"),
    "Grievous Bodily Harm": ("Violence Against the Person", "violence"),
    "Assault with Injury": ("Violence Against the Person", "violence"),
    "Rape": ("Sexual Offences", "sexual_offences"),
    "Other Sexual": ("Sexual Offences", "sexual_offences"),
}
OF_THE_AIRPORT = ("Theft Person", "Theft From Shops", "Assault with Injury")
FIRST_WITH_ID = 3  # the number of the first month whose file of crimes has their IDs and outcomes
OUTCOMES = ("Suspect charged", "Unable to prosecute suspect", "Under investigation", "Offender sent to prison", "")


def offences(number: int, district: str, category: str) -> int:
    """The offences of a month, by its number from 0. Of wounding one label is used in 2023, another from 2024 on."""
    if (category == "Grievous Bodily Harm" and number < 10) or (category == "Wounding/GBH" and number >= 10):
        return 0
    place = DISTRICTS.index(district) * 7 + [*CATEGORIES].index(category) * 5
    return (number + place) % 3 if district == AIRPORT else 20 + (number * 3 + place) % 11 - number // 5


def published(district: str) -> tuple[str, ...]:
    """The categories that there are rows of."""
    return OF_THE_AIRPORT if district == AIRPORT else tuple(CATEGORIES)


def incidents(number: int) -> int:
    """The incidents of anti-social behaviour in a month."""
    return 9 + number * 5 % 4 + (number < 13)


def outcomes(number: int) -> list[str]:
    """The last outcome of each crime of a month, as the file of that month has it."""
    return [OUTCOMES[(number + place * place) % len(OUTCOMES)] for place in range(7 + number % 3)]


def outcomes_by(last: int, number: int) -> list[str]:
    """The same as the file of a `last` month leaves it: the next month's has the first crime again, now charged."""
    found = outcomes(number)
    return ["Suspect charged", *found[1:]] if FIRST_WITH_ID <= number < last else found


def good_job(quarter: int) -> float:
    """The share of all that say so, in the quarter with that number."""
    return 0.582 + quarter * 0.011


def write(raw: Path) -> None:
    """All of it as files."""
    for last in (23, 24):
        _write(raw / "recorded_crime" / f"crime_{MONTHS[last]:%Y-%m}.csv", _wide(range(last - 23, last + 1)))
    for number, month in enumerate(MONTHS):
        _write(raw / "street_crime" / f"{month:%Y-%m}-made-up-street.csv", _records(number, f"{month:%Y-%m}"))
    # the publisher's file does not end its last line
    (raw / "survey").mkdir()
    (raw / "survey" / "2025-03.csv").write_text("\n".join(_survey()), encoding="utf-8")


def _wide(numbers: range) -> list[str]:
    """A row for each district and category, a column for each of 24 months; next month's file has another header."""
    rows = [f"Borough,Major Category,Minor Category,{','.join(f'{MONTHS[number]:%Y%m}' for number in numbers)}"]
    for district in DISTRICTS:
        for category in published(district):
            counts = ",".join(str(offences(number, district, category)) for number in numbers)
            # its labels change, and so does their case
            label = "Burglary in a Dwelling" if numbers[0] == 0 and category == "Burglary - Residential" else category
            name = "NORTH GATE" if district == "Northgate" else district
            rows.append(f"{name},{CATEGORIES[category][0]},{label.upper() if numbers[0] else label},{counts}")
    return rows


def _records(number: int, month: str) -> list[str]:
    """A row for each crime and incident; one crime stands there twice, and what has no ID is never the same.

    The first files have neither ID nor outcome.
    """
    if number < FIRST_WITH_ID:
        kinds = ["Burglary", "Other theft"] * 9
        kinds = kinds[: len(outcomes(number))] + ["Anti-social behaviour"] * incidents(number)
        return ["Month,Reported by,Falls within,Crime type", *(f"{month},Made-up,Made-up,{kind}" for kind in kinds)]
    header = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    place = "Made-up Police,Made-up Police,-0.1,51.5,On or near Star Yard,E01000914,Eastgate 028B"
    asb = [f",{month},{place},Anti-social behaviour,,"] * incidents(number)
    crimes = [
        f"{number:x}{row:x},{month},{place},{'Burglary' if row % 2 else 'Other theft'},{outcome},"
        for row, outcome in enumerate(outcomes(number))
    ]
    again = f"{number - 1:x}0,{MONTHS[number - 1]:%Y-%m},{place},Other theft,Suspect charged,"
    before = [again] if number > FIRST_WITH_ID else []
    return [f"{header}Last outcome category,Context", *asb, *crimes, crimes[0], *before]


def _survey() -> list[str]:
    """A row for each quarter, question and district, with the share of the whole force next to the district's own."""
    rows = ["Date,Survey,Borough,Measure,Proportion,MPS,,,,"]
    for quarter, day in enumerate(("30/6/2024", "30/9/2024", "31/12/2024", "31/3/2025")):
        for district in DISTRICTS[:4]:
            whole = f"{good_job(quarter):.3f}".replace(".", ",")
            rows += [
                f'{day},PAS,{district},"""Good Job"" local","0,6","{whole}",,,,',
                f'{day},PAS,{district},Informed local,"0,4","0,5",,,"0,71",',
            ]
    return rows


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
