"""Releases: finished, audited, immutable sets of cards, one folder each."""

from orchestration.release.auditing import AuditFailed
from orchestration.release.auditing import check as audit
from orchestration.release.confirming import NotConfirmed, confirm
from orchestration.release.confirming import check as check_confirmations
from orchestration.release.copying import copy
from orchestration.release.folder import DATABASE, KEPT, MANIFEST, NoRelease, Release, current
from orchestration.release.noticing import TEXT as NOTICES
from orchestration.release.noticing import notify
from orchestration.release.publishing import NotInTheLedger, publish, unchanged
from orchestration.release.recovery import recover

__all__ = [
    "DATABASE",
    "KEPT",
    "MANIFEST",
    "NOTICES",
    "AuditFailed",
    "NoRelease",
    "NotConfirmed",
    "NotInTheLedger",
    "Release",
    "audit",
    "check_confirmations",
    "confirm",
    "copy",
    "current",
    "notify",
    "publish",
    "recover",
    "unchanged",
]
