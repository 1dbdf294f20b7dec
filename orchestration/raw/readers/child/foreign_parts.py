"""What a workbook may not bring along: whatever runs, fetches something from elsewhere or is a file in the file."""

from frames import Rejected

# in the name of a part, in its type, or as <how another part refers to it>
WORDS = {
    "vbaproject": "macros",
    "vbadata": "macros",
    "macrosheet": "macros",
    "dialogsheet": "macros",
    "externallink": "links to other workbooks",
    "connections": "connections to other sources",
    "querytable": "connections to other sources",
    "embeddings/": "embedded files",
    "oleobject": "embedded files",
    "<package>": "embedded files",
    "activex": "ActiveX controls",
    "<control>": "ActiveX controls",
    "ctrlprop": "controls",
    "controlproperties": "controls",
}
FILES = {b"PK\3\4": "an archive", b"\xd0\xcf\x11\xe0": "embedded files or macros"}  # by how they begin


def check(members: dict[str, bytes], types: list[str], relations: list[dict[str, str]]) -> None:
    """Reject by what the members are: their names, types, relations and first bytes."""
    kinds = [f"<{attributes.get('Type', '').rpartition('/')[2]}>" for attributes in relations]
    for name in [*members, *types, *kinds]:
        for word, what in WORDS.items():
            if word in name.lower():
                raise _rejected(f"has {what} in it")
    for content in members.values():
        if content[:4] in FILES:
            raise _rejected(f"has {FILES[content[:4]]} in it")
    for attributes, kind in zip(relations, kinds, strict=True):
        if attributes.get("TargetMode", "").lower() == "external" and kind != "<hyperlink>":
            raise _rejected("refers to something outside it")


def _rejected(what: str) -> Rejected:
    return Rejected("foreign_part", f"the workbook {what}: paste its values into a new workbook")
