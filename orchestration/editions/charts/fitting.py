"""Drawings for a page: they scale to their place, and are hidden from screen readers, for which the page has text."""

import re
from xml.etree import ElementTree

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
_OPENING = re.compile(r'<svg [^>]*width="(?P<width>[0-9.]+)" height="(?P<height>[0-9.]+)"[^>]*>')
_SVG = "{http://www.w3.org/2000/svg}"
_PANEL = "-4 -4 128 38"  # the size of a small trend, with room for its last point
_TAG = re.compile(r"<[^>]+>")
# Attributes that the renderer adds; the page describes the drawing in text.
_IDLE = re.compile(r' (?:role|class|pointer-events|xmlns|aria-[a-z]+)="[^"]*"')


def fitted(drawn: str) -> str:
    """The drawing in a frame that scales with the page, and nothing for screen readers."""
    opening = _OPENING.search(drawn)
    assert opening is not None
    frame = f"0 0 {float(opening['width']):.0f} {float(opening['height']):.0f}"
    return _framed(frame, _lean(drawn[opening.end() :].removesuffix("</svg>")))


def panels(drawn: str) -> list[str]:
    """The panels of a drawing of many, each as a drawing of its own."""
    found = []
    for cells in ElementTree.fromstring(drawn).iter(f"{_SVG}g"):
        if "cell" in cells.get("class", "").split():
            for panel in cells:
                panel.attrib.pop("transform")  # its place below the one before it
                found.append(_framed(_PANEL, _lean(ElementTree.tostring(panel, encoding="unicode"))))
    return found


def standalone(drawn: str) -> str:
    """A drawing as a file of its own, with its namespace and its size."""
    drawn = str(drawn)  # markup would escape what is put into it
    width, height = drawn.split('viewBox="')[1].split('"', maxsplit=1)[0].split()[2:]
    return drawn.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" ', 1)


def _framed(frame: str, body: str) -> str:
    return f'<svg viewBox="{frame}" fill="none" aria-hidden="true" focusable="false">{body}</svg>'


def _lean(drawn: str) -> str:
    return _TAG.sub(lambda tag: _IDLE.sub("", tag[0]), drawn)
