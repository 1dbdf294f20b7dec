"""Releases: finished, audited, immutable cards with everything that reads them, one folder each."""

from orchestration.release.auditing import AuditFailed
from orchestration.release.auditing import check as audit
from orchestration.release.folder import DATABASE, KEPT, MANIFEST, Release, current
from orchestration.release.noticing import TEXT as NOTICES
from orchestration.release.noticing import tell
from orchestration.release.preparing import preparations, prepare, prepared
from orchestration.release.publishing import NotInTheLedger, publish
from orchestration.release.recovery import recover
from orchestration.release.sentences import StaleSentences, confirm
from orchestration.release.sentences import check as check_sentences

__all__ = [
    "DATABASE",
    "KEPT",
    "MANIFEST",
    "NOTICES",
    "AuditFailed",
    "NotInTheLedger",
    "Release",
    "StaleSentences",
    "audit",
    "check_sentences",
    "confirm",
    "current",
    "preparations",
    "prepare",
    "prepared",
    "publish",
    "recover",
    "tell",
]
