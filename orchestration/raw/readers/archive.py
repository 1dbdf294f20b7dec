"""The zip that a workbook is, looked at before any parser sees what is in it: layout, names, and measured sizes.

Nothing an archive claims of itself is trusted: each member is unpacked, up to a limit, and compared with the claim.
"""

import struct
import zlib
from typing import NamedTuple

from orchestration.raw.readers.child import limits
from orchestration.raw.readers.child.frames import Rejected

END = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED, FOLLOWED, IN_UTF_8 = 0x2041, 0x8, 0x800  # flags; what follows the bytes is their size and checksum again
FOLLOWING = (12, 16, 20, 24)


class Member(NamedTuple):
    """A file in the archive, as the directory at its end lists it."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def unpacked(content: bytes) -> dict[str, bytes]:
    """The members by name; Rejected where the archive is more or other than a directory and its members."""
    try:
        members, directory = _members(content)
        _check_names([member.name for member in members])
        found, left, end = {}, min(limits.UNPACKED, _allowed(len(content))), 0
        for member in sorted(members, key=lambda member: member.offset):
            start = _start(content, member, end)
            end = start + member.packed
            if end > directory:
                raise _broken()
            found[member.name] = _bytes(memoryview(content)[start:end], member, left)
            left -= len(found[member.name])
        if directory - end not in (0, *FOLLOWING):
            raise _broken()
    except (struct.error, UnicodeDecodeError, zlib.error):
        raise _broken() from None
    return found


def _members(content: bytes) -> tuple[list[Member], int]:
    """What the directory lists, and where it begins; it is the last thing in the archive but for its own end."""
    if len(content) < END.size:
        raise _broken()
    sign, disk, first_disk, here, entries, length, directory, comment = END.unpack(content[-END.size :])
    if sign != b"PK\5\6" or disk or first_disk or here != entries or comment:
        raise _broken()
    if directory + length + END.size != len(content):
        raise _broken()
    if entries > limits.MEMBERS:
        raise Rejected("too_large", f"the workbook has {entries:,} parts: save its values as a new workbook")
    members, place = [], directory
    for _ in range(entries):
        sign, _, _, flags, method, _, _, checksum, packed, size, *lengths, _, _, _, offset = ENTRY.unpack_from(
            content, place
        )
        place += ENTRY.size
        name = content[place : place + lengths[0]].decode("utf-8" if flags & IN_UTF_8 else "cp437")
        place += sum(lengths)
        if sign != b"PK\1\2":
            raise _broken()
        members.append(Member(name, flags, method, checksum, packed, size, offset))
    if place != directory + length:
        raise _broken()
    return members, directory


def _check_names(names: list[str]) -> None:
    for name in names:
        pieces = name.rstrip("/").split("/")
        if not name or any(piece in ("", ".", "..") for piece in pieces) or set("\\:\0") & set(name):
            raise Rejected(
                "unreadable", f"the workbook has a part with the name {ascii(name)[:60]}: save it again as XLSX"
            )
    if len({name.casefold() for name in names}) < len(names):
        raise Rejected("unreadable", "the workbook has two parts of one name: save it again as XLSX")


def _start(content: bytes, member: Member, end: int) -> int:
    """Where the bytes of a member begin: right after the one before, under a header that says what the list says."""
    sign, _, flags, method, _, _, checksum, packed, size, name, extra = LOCAL.unpack_from(content, member.offset)
    if (flags | member.flags) & ENCRYPTED:
        raise Rejected("unreadable", "the workbook is encrypted: save it without a password")
    start = member.offset + LOCAL.size + name
    same = method == member.method and content[member.offset + LOCAL.size : start] == _written(member)
    if not flags & FOLLOWED:
        same &= (checksum, packed, size) == (member.checksum, member.packed, member.size)
    gap = member.offset - end
    if sign != b"PK\3\4" or not same or (gap and (end == 0 or gap not in FOLLOWING)):
        raise _broken()
    return start + extra


def _written(member: Member) -> bytes:
    return member.name.encode("utf-8" if member.flags & IN_UTF_8 else "cp437")


def _allowed(packed: int) -> int:
    return max(limits.SMALL, limits.RATIO * packed)


def _bytes(packed: memoryview, member: Member, left: int) -> bytes:
    """What a member really holds, unpacked no further than it may go."""
    most = min(left, _allowed(len(packed)))
    if member.method == STORED:
        content, whole = bytes(packed), True
    elif member.method == DEFLATED:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        content = engine.decompress(packed, most + 1)
        whole = engine.eof and not engine.unused_data
    else:
        raise _broken()
    if len(content) > most:
        raise Rejected(
            "too_large",
            f"the workbook unpacks to more than {most:,} bytes: save its values as a new workbook",
        )
    if not whole or len(content) != member.size or zlib.crc32(content) != member.checksum:
        raise _broken()
    return content


def _broken() -> Rejected:
    return Rejected("unreadable", "the file is no workbook that can be opened: save it again as XLSX")
