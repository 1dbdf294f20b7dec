"""The paper edition: the card as one hands it to a committee, a PDF of A4 landscape pages, made without a browser."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from orchestration.editions import content
from orchestration.editions.paper import typeface, wording

NAME = "scorecard.pdf"
TEMPLATE = Path(__file__).with_name("card.typ")


def write(card: content.Card, folder: Path) -> None:
    """Write `scorecard.pdf`: the same bytes for the same card, dated when its release was published."""
    # All words enter as JSON and are set as text: none of them is ever read as mark-up.
    text = json.dumps(typeface.shown(wording.of(card)), ensure_ascii=False)
    pdf = _compiler().compile(
        input=TEMPLATE,
        format="pdf",
        sys_inputs={"card": text},
        pdf_standards="ua-1",  # tagged for screen readers; Typst refuses what would break the standard
        timestamp=card.published_at.replace(microsecond=0),
    )
    assert isinstance(pdf, bytes)
    (folder / NAME).write_bytes(pdf)


@cache
def _compiler() -> typst.Compiler:
    """Typst with only the card's own typeface, so that every machine sets the same pages."""
    with TemporaryDirectory() as folder:
        for face in typeface.FACES:
            (Path(folder) / face.name).symlink_to(face)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(root=TEMPLATE.parent, font_paths=fonts)
        # A face is read when it is first set, and kept.
        compiler.compile(input=f'#set text(font: "{typeface.NAME}")\na *b* _c_'.encode(), format="pdf")
    return compiler
