"""The other way in pandas: files into Parquet, and windows over a spine."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa

__all__ = ["load", "windows"]
NAMES = ("numerator_12", "numerator_year", "denominator_12", "denominator_year")
PARQUET_ENGINE = pa.__name__  # imported before the clock starts, as everything else is


def load(folder: str, into: str) -> Callable[[], str]:
    """A file of recorded crime at a time: all rows at once would take all memory. Nothing is checked."""
    types = {
        "month": "str",
        "borough": "str",
        "offence_group": "str",
        "offences": "int64",
        "sanction_detections": "int64",
    }
    Path(into).mkdir(exist_ok=True)
    for path in Path(folder).iterdir():
        rows = pd.read_csv(path, dtype=types)
        rows.to_parquet(Path(into) / f"{path.stem}.parquet", engine=PARQUET_ENGINE)
    return lambda: f"{into}/*.parquet"


def windows(room: str) -> Callable[[], None]:
    """A column a series and a row a month: on the spine, a rolling window is one of rows."""
    rows = pd.read_parquet(f"{room}/monthly_measures.parquet", engine=PARQUET_ENGINE)
    rows["month"] = pd.to_datetime(rows["month"])
    spine = pd.date_range(rows["month"].min(), rows["month"].max(), freq="MS", name="month")
    year = spine.year - (spine.month < 4)
    of_year = (spine.month - 4) % 12 + 1
    found = []
    for value in ("numerator", "denominator"):
        wide = rows.pivot(index="month", columns=["measure", "area"], values=value).reindex(spine)
        known = wide.notna().groupby(year).cumsum()
        found += [wide.rolling(12).sum(), wide.groupby(year).cumsum().where(known.eq(of_year, axis=0))]
    long = pd.concat([each.unstack().rename(name) for name, each in zip(NAMES, found, strict=True)], axis=1)
    return lambda: long.reset_index().to_parquet(f"{room}/in_pandas.parquet", engine=PARQUET_ENGINE)
