"""dbt at work: the one that waits for its command or one on a cluster, and what stopped it, in words."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource
from dagster_dbt.core import dbt_cli_invocation
from packaging.version import Version

from orchestration import dbt_manifest, settings, spark, waiting_dbt
from orchestration.spark import GAVE_NOTHING
from orchestration.troubles import out_of


class Dbt(DbtCliResource):
    """dbt as a command. Leaves out what is asked of it before each run only to look into tables: 4.6 s of 20."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None


@contextmanager
def the_one_that_waits() -> Iterator[None]:
    """Have dagster-dbt find a dbt that is there already, where it would start one."""

    def asked(args: Sequence[str], env: dict[str, str], **_: object) -> subprocess.Popen:
        return waiting_dbt.asked(args[2:], env)  # after the interpreter and the program

    there = SimpleNamespace(Popen=asked, PIPE=subprocess.PIPE, STDOUT=subprocess.STDOUT)
    with patch.object(dbt_cli_invocation, "subprocess", there):
        yield


def _dbt(program: Path, target: str) -> Dbt:
    return Dbt(
        project_dir=str(settings.DBT_PROJECT),
        profiles_dir=str(settings.DBT_PROJECT),
        target=target,
        dbt_executable=sys.executable,
        global_config_flags=[str(program)],
    )


os.environ |= dbt_manifest.environment()
dbt = _dbt(waiting_dbt.PROGRAM, "warehouse")
dbt_on_a_cluster = _dbt(settings.PROJECT / "orchestration" / "spark" / "dbt_on_a_cluster.py", "cluster")


def invoked(context: dg.AssetExecutionContext, arguments: list[str], dbt: Dbt | None = None) -> DbtCliInvocation:
    """A dbt under way: that of the run, or another one."""
    target = dbt_manifest.target() / "on_a_cluster" if dbt else dbt_manifest.target_of_a_run()
    (target / "run_results.json").unlink(missing_ok=True)  # or a run that stops early would tell of the one before
    with nullcontext() if dbt else the_one_that_waits():
        return (dbt or context.resources.dbt).cli(arguments, context=context, raise_on_error=False, target_path=target)


def done(invocation: DbtCliInvocation) -> None:
    """Wait for its end, without anything that Dagster would be told. Raises Failure."""
    list(invocation.stream_raw_events())
    if not invocation.is_successful():
        raise failure(invocation)


def failure(invocation: DbtCliInvocation) -> dg.Failure:
    """What stopped it, for the person who ran it."""
    if invocation.process.returncode == GAVE_NOTHING:
        return dg.Failure(spark.gave_nothing(), allow_retries=False)
    said = _said(invocation)
    return dg.Failure(out_of(said) or f"dbt stopped.\n{said}", allow_retries=False)


def _said(invocation: DbtCliInvocation) -> str:
    """What dbt says of each node that failed, one line a node."""
    try:
        results = invocation.get_artifact("run_results.json")["results"]
    except (FileNotFoundError, ValueError):  # it stopped before the first node, or while it wrote what came of them
        return str(invocation.get_error())
    return "\n".join(
        f"{result['unique_id'].split('.')[2]}: {result['message']}"
        for result in results
        if result["status"] in ("error", "fail")
    )
