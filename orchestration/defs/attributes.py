"""What Dagster's catalogue shows of every asset: who owns it, and where its code is."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from orchestration import settings
from orchestration.errors import UserError

ANCHOR = "pyproject.toml"  # lies at the root of the repository


class NoOwner(UserError, ValueError):
    """An owner that Dagster does not take; the message names it and the setting."""


def code_reference(path: Path) -> dg.CodeReferencesMetadataValue:
    """A reference to the file that an asset is written in, where it is not the function that makes it."""
    return dg.CodeReferencesMetadataValue(code_references=[dg.LocalFileCodeReference(file_path=str(path.resolve()))])


def with_owners_and_code(
    assets: Sequence[dg.AssetsDefinition | dg.AssetSpec],
) -> Sequence[dg.AssetsDefinition | dg.AssetSpec]:
    """The assets with the owners of the settings, and with references to their code: files, or pages of a repository.

    Raises NoOwner.
    """
    owners = settings.owners()
    for owner in owners:
        name, _, domain = owner.rpartition("@")
        if not owner.removeprefix("team:") or not (owner.startswith("team:") or (name and "." in domain)):
            raise NoOwner(f"SCORECARD_OWNERS: '{owner}' is neither an email address nor a team, as team:performance.")
    owned = dg.map_asset_specs(lambda spec: spec.replace_attributes(owners=owners), assets)
    referenced = dg.with_source_code_references(owned)
    if not settings.repository():
        return referenced
    return dg.link_code_references_to_git(
        referenced,
        git_url=settings.repository(),
        git_branch=settings.branch(),
        file_path_mapping=dg.AnchorBasedFilePathMapping(settings.PROJECT / ANCHOR, ANCHOR),
    )
