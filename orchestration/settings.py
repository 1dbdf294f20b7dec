"""Where things are: the three folders of the project and the files in them. Nothing here opens anything."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
ORGANISATIONS = DBT_PROJECT / "organisations"
# all that belongs to one organisation: the name of a folder there, or the path of a folder elsewhere
ORGANISATION = (ORGANISATIONS / (os.environ.get("SCORECARD_ORGANISATION") or "default")).resolve()
# another one for the run of a what-if
CATALOGUE = Path(os.environ.get("SCORECARD_CATALOGUE") or ORGANISATION / "catalogue").resolve()
# where the sources of the organisation are declared, a file a source
SOURCES = ORGANISATION / "sources"
# which columns each column of a model is computed from; `make lineage` writes it
COLUMN_LINEAGE = DBT_PROJECT / "column_lineage.json"
# what the database of a release is called inside its folder
SCORECARD = "scorecard.duckdb"


def raw() -> Path:
    """The folder that sources deliver into, one folder an extract (`SCORECARD_RAW`); of a bucket, its copy."""
    if raw_bucket():
        return warehouse() / "deliveries"
    return Path(os.environ.get("SCORECARD_RAW") or _own("raw")).resolve()


def raw_bucket() -> str:
    """The address of the bucket they deliver into, where `SCORECARD_RAW` is one, as s3://bucket/prefix; else empty."""
    address = os.environ.get("SCORECARD_RAW") or ""
    return address if "://" in address else ""


def publish_to() -> str:
    """The address of the bucket that releases are copied into (`SCORECARD_PUBLISH_TO`); empty where there is none."""
    return os.environ.get("SCORECARD_PUBLISH_TO") or ""


def warehouse() -> Path:
    """The folder that holds all that a run writes (`SCORECARD_WAREHOUSE`)."""
    return Path(os.environ.get("SCORECARD_WAREHOUSE") or _own("warehouse")).resolve()


def _own(folder: str) -> Path:
    """A folder of the project; of another organisation than the default one, its own folder in there."""
    is_default = (ORGANISATIONS / "default").resolve() == ORGANISATION
    return PROJECT / folder if is_default else PROJECT / folder / ORGANISATION.name


def memory() -> str:
    """How much memory DuckDB may use before it writes to `spill` (`SCORECARD_MEMORY`)."""
    return os.environ.get("SCORECARD_MEMORY") or "4GB"


def spill_size() -> str:
    """How much DuckDB may write to `spill` (`SCORECARD_SPILL`)."""
    return os.environ.get("SCORECARD_SPILL") or "20GB"


def engine() -> str:
    """What runs staging and measures: `duckdb`, or `spark` for a cluster (`SCORECARD_ENGINE`)."""
    return os.environ.get("SCORECARD_ENGINE") or "duckdb"


def spark_master() -> str:
    """The address of the cluster's master, spark://host:port (`SCORECARD_SPARK_MASTER`); empty where none is said."""
    return os.environ.get("SCORECARD_SPARK_MASTER") or ""


def notify() -> str:
    """The command that is given the notices of a new release (`SCORECARD_NOTIFY`); empty where there is none."""
    return os.environ.get("SCORECARD_NOTIFY") or ""


def owners() -> list[str]:
    """Who owns the assets in Dagster's catalogue, as "team:performance, analyst@example.org" (`SCORECARD_OWNERS`)."""
    return [owner.strip() for owner in (os.environ.get("SCORECARD_OWNERS") or "").split(",") if owner.strip()]


def repository() -> str:
    """The address of the project's repository on GitHub or GitLab, which assets link to (`SCORECARD_REPOSITORY`)."""
    return os.environ.get("SCORECARD_REPOSITORY") or ""


def branch() -> str:
    """The branch, or commit, of the repository that runs (`SCORECARD_BRANCH`)."""
    return os.environ.get("SCORECARD_BRANCH") or "main"


def patience() -> float:
    """Seconds to wait for another program that has the working database open (`SCORECARD_WAIT_SECONDS`)."""
    return float(os.environ.get("SCORECARD_WAIT_SECONDS") or 60)


def dagster_home() -> Path:
    """The folder of Dagster's own settings and record of runs (`DAGSTER_HOME`); by default one in the warehouse."""
    return Path(os.environ.get("DAGSTER_HOME") or warehouse() / "dagster").resolve()


def arrivals() -> Path:
    """What of the raw folder has landed, for the sensor that looks for new deliveries."""
    return warehouse() / "arrivals.json"


def unsent() -> Path:
    """What the command in SCORECARD_NOTIFY did not take yet."""
    return warehouse() / "notices_unsent.txt"


def copied() -> Path:
    """The address of the release that was last copied into a bucket."""
    return warehouse() / "copied.txt"


def spill() -> Path:
    """The folder for what does not fit into memory."""
    return warehouse() / "spill"


def landed() -> Path:
    """The folder of deliveries as Parquet, where a cluster runs the models: `raw/<table>/`."""
    return warehouse() / "landed"


def cluster() -> Path:
    """The folder through which a run and its cluster give each other tables."""
    return warehouse() / "cluster"


def database() -> Path:
    """The working database, private to the pipeline: readers open `current` instead."""
    return warehouse() / "performance.duckdb"


def releases() -> Path:
    """The folder of finished, immutable releases."""
    return warehouse() / "releases"


def current() -> Path:
    """The link that names the release to read."""
    return warehouse() / "current"
