"""Write the sample deliveries: `python -m raw._sample [--into FOLDER]`."""

import argparse
from pathlib import Path

from raw._sample import (
    casualties,
    commentary,
    crime,
    peers,
    population,
    resources,
    surveys,
    violence,
    write,
)

RAW = Path(__file__).resolve().parent.parent
PARQUET_UNTIL = "2008-03"  # recorded crime changed its format with the financial year
WORKBOOKS = ("officer_recruitment", "financial_forecasts", "ict_availability")

COLUMNS = {
    "recorded_crime": crime.COLUMNS,
    "weapon_enabled_crime": violence.WEAPON_COLUMNS,
    "domestic_violence": violence.DOMESTIC_COLUMNS,
    "youth_violence": violence.YOUTH_COLUMNS,
    "class_a_trafficking": resources.CLASS_A_COLUMNS,
    "criminal_networks": resources.NETWORK_COLUMNS,
    "asset_recovery": resources.ASSET_COLUMNS,
    "road_casualties": casualties.COLUMNS,
    "user_satisfaction": surveys.SATISFACTION_COLUMNS,
    "public_attitude_survey": surveys.QUESTION_COLUMNS,
    "british_crime_survey": surveys.QUESTION_COLUMNS,
    "officer_recruitment": resources.RECRUITMENT_COLUMNS,
    "financial_forecasts": resources.FORECAST_COLUMNS,
    "ict_availability": resources.ICT_COLUMNS,
    "peer_forces": peers.COLUMNS,
    "population": population.COLUMNS,
    "commentary": commentary.COLUMNS,
}


def deliveries() -> dict[str, dict[str, list[tuple]]]:
    """Every delivery of every extract: extract, month delivered for, rows."""
    found = {
        "recorded_crime": crime.deliveries(),
        "weapon_enabled_crime": violence.weapons(),
        "domestic_violence": violence.domestic(),
        "youth_violence": violence.youth(),
        "class_a_trafficking": resources.class_a(),
        "criminal_networks": resources.networks(),
        "asset_recovery": resources.assets(),
        "road_casualties": casualties.deliveries(),
        "user_satisfaction": surveys.satisfaction(),
        "public_attitude_survey": surveys.public_attitudes(),
        "british_crime_survey": surveys.british_crime_survey(),
        "officer_recruitment": resources.recruitment(),
        "financial_forecasts": resources.forecasts(),
        "ict_availability": resources.ict(),
        "population": population.deliveries(),
        "commentary": commentary.deliveries(),
    }
    return found | {"peer_forces": peers.deliveries(found)}


def suffix(extract: str, month: str) -> str:
    """The format a delivery comes in, as the end of its file's name."""
    if extract in WORKBOOKS:
        return ".xlsx"
    return ".parquet" if extract == "recorded_crime" and month <= PARQUET_UNTIL else ".csv"


def write_all(into: Path) -> list[Path]:
    """Write every delivery under the folder and return the files."""
    files = []
    for extract, by_month in deliveries().items():
        for month, rows in by_month.items():
            files.append(into / extract / f"{month}{suffix(extract, month)}")
            write.delivery(files[-1], COLUMNS[extract], rows)
    return files


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m raw._sample", description=__doc__)
    parser.add_argument("--into", type=Path, default=RAW, help="folder to write into (default: raw/)")
    into = parser.parse_args().into
    files = write_all(into)
    print(f"{len(files)} deliveries of {len(COLUMNS)} extracts written into {into}")


if __name__ == "__main__":
    main()
