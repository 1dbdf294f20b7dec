"""Drawings as the page takes them: as large as their place, and silent, as the page says in words what they show."""

import html
import re
from xml.etree import ElementTree

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
# vl-convert measures each label for 2 ms, as often as Vega asks: 20 of a chart's 28 ms. A label of no size is not
# measured; it gets its size here, and the room it needs by the count of its letters.
_LETTER, _SIZE, _NO_SIZE = 7.8, "14px", 'font-size="0px"'
_ABOVE, _BELOW, _BEHIND, _MARGIN = 10, 24, 24, 10
_OPENING = re.compile(r'<svg [^>]*width="(?P<width>[0-9.]+)" height="(?P<height>[0-9.]+)"[^>]*>')
_BEFORE_THE_AXIS = re.compile(r'<text text-anchor="end"[^>]*>([^<]*)</text>')
_SVG = "{http://www.w3.org/2000/svg}"
_PANEL = "-4 -4 128 38"  # the size of a small trend, with room for its last point
_TAG = re.compile(r"<[^>]+>")
# What a drawing says of its own making; the page says in words what it shows.
_IDLE = re.compile(r' (?:role|class|pointer-events|xmlns|aria-[a-z]+)="[^"]*"')


def fitted(drawn: str) -> str:
    """The drawing with its labels at their size, in a frame that holds them, and nothing for screen readers."""
    opening = _OPENING.search(drawn)
    width, height = float(opening["width"]), float(opening["height"])
    left = _MARGIN + _LETTER * max(map(len, map(html.unescape, _BEFORE_THE_AXIS.findall(drawn))), default=0)
    frame = f"{-left:.0f} {-_ABOVE} {left + width + _BEHIND:.0f} {_ABOVE + height + _BELOW:.0f}"
    body = _lean(drawn[opening.end() :].removesuffix("</svg>")).replace(_NO_SIZE, f'font-size="{_SIZE}"')
    return _framed(frame, body)


def panels(drawn: str) -> list[str]:
    """The panels of a drawing of many, each as a drawing of its own."""
    found = []
    for cells in ElementTree.fromstring(drawn).iter(f"{_SVG}g"):
        if "cell" in cells.get("class", "").split():
            for panel in cells:
                panel.attrib.pop("transform")  # it stood below the one before it
                found.append(_framed(_PANEL, _lean(ElementTree.tostring(panel, encoding="unicode"))))
    return found


def alone(drawn: str) -> str:
    """A drawing that is a file of its own: it says what it is written in, and how large it is."""
    width, height = drawn.split('viewBox="')[1].split('"', maxsplit=1)[0].split()[2:]
    return drawn.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" ', 1)


def _framed(frame: str, body: str) -> str:
    return f'<svg viewBox="{frame}" fill="none" aria-hidden="true" focusable="false">{body}</svg>'


def _lean(drawn: str) -> str:
    return _TAG.sub(lambda tag: _IDLE.sub("", tag[0]), drawn)
