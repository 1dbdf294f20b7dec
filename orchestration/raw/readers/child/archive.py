"""The zip that a workbook is, looked at before any parser sees what is in it: layout, names and measured sizes.

Nothing an archive claims of itself is trusted: each member is unpacked up to a limit and compared with the claim.
"""

import io
import struct
import zipfile
import zlib

import limits
from frames import Rejected

LOCAL = struct.Struct("<4s5H3L2H")
END, COUNT = b"PK\5\6", struct.Struct("<10xH10x")
END_64 = b"PK\6\7"
ENCRYPTED, FOLLOWED = 0x2041, 0x8  # flags; what follows the bytes is their checksum and size
IN_64_BITS = 0xFFFFFFFF  # the size stands elsewhere
BROKEN = "the file is no workbook that can be opened: save it again as XLSX"
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)


def members(content: bytes) -> dict[str, bytes]:
    """The members by name; Rejected where the archive is more or other than its members one after the other."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if len(listed) > limits.MEMBERS:
                raise Rejected(
                    "too_large", f"the workbook has {len(listed):,} parts: save its values as a new workbook"
                )
            _check_names([member.orig_filename for member in listed])
            _check_layout(content, listed, len(archive.comment))
            found, left = {}, min(limits.UNPACKED, _allowed(len(content)))
            for member in listed:
                found[member.filename] = _unpacked(archive, member, left)
                left -= len(found[member.filename])
    except DAMAGE:
        raise Rejected("unreadable", BROKEN) from None
    return found


def _check_names(names: list[str]) -> None:
    for name in names:
        pieces = name.rstrip("/").split("/")
        if any(piece in ("", ".", "..") for piece in pieces) or set("\\:\0") & set(name):
            raise Rejected(
                "unreadable", f"the workbook has a part with the name {ascii(name)[:60]}: save it again as XLSX"
            )
    if len({name.casefold() for name in names}) < len(names):
        raise Rejected("unreadable", "the workbook has two parts of one name: save it again as XLSX")


def _check_layout(content: bytes, listed: list[zipfile.ZipInfo], comment: int) -> None:
    """Whether the members fill the file from its first byte, none over another, each as it is listed."""
    last = len(content) - COUNT.size - comment
    (count,) = COUNT.unpack_from(content, last)
    in_64_bits = count == 0xFFFF and content[last - 20 : last].startswith(END_64)
    whole = content.startswith(END, last) and (count == len(listed) or in_64_bits)
    end = 0
    for member in sorted(listed, key=lambda member: member.header_offset):
        _, _, flags, method, _, _, *claims, name, extra = LOCAL.unpack_from(content, member.header_offset)
        if (flags | member.flag_bits) & ENCRYPTED:
            raise Rejected("unreadable", "the workbook is encrypted: save it without a password")
        known = (member.CRC, member.compress_size, member.file_size)
        whole &= method == member.compress_type and method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not flags & FOLLOWED:
            whole &= all(claim in (size, IN_64_BITS) for claim, size in zip(claims, known, strict=True))
        whole &= member.header_offset >= end if end else member.header_offset == 0
        end = member.header_offset + LOCAL.size + name + extra + member.compress_size
    if not whole or end > last:
        raise Rejected("unreadable", BROKEN)


def _allowed(packed: int) -> int:
    return max(limits.SMALL, limits.RATIO * packed)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """What a member really holds, unpacked no further than it may go; zipfile compares the checksum."""
    most = min(left, _allowed(member.compress_size))
    with archive.open(member) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise Rejected(
            "too_large", f"the workbook unpacks to more than {most:,} bytes: save its values as a new workbook"
        )
    if len(content) != member.file_size:
        raise Rejected("unreadable", BROKEN)
    return content
