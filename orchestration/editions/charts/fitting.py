"""Drawings for a page: they scale to their place, and are hidden from screen readers, for which the page has text."""

import re
from itertools import islice
from xml.etree import ElementTree

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
_OPENING = re.compile(r'<svg [^>]*width="(?P<width>[0-9.]+)" height="(?P<height>[0-9.]+)"[^>]*>')
_SVG = "{http://www.w3.org/2000/svg}"
_PANEL = "-4 -4 128 38"  # the size of a small trend, with room for its last point
_TAG = re.compile(r"<[^>]+>")
# Attributes that the renderer adds; the page describes the drawing in text.
_IDLE = re.compile(r' (?:role|class|pointer-events|xmlns|aria-[a-z]+)="[^"]*"| opacity="1"')
_EMPTY = re.compile(r'<path d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>')

_FINE = re.compile(r"(\.[0-9]{2})[0-9]+")  # finer than a hundredth of a pixel


def fitted(drawn: str) -> str:
    """The drawing in a frame that scales with the page, and nothing for screen readers."""
    opening = _OPENING.search(drawn)
    assert opening is not None
    frame = f"0 0 {float(opening['width']):.0f} {float(opening['height']):.0f}"
    return _framed(frame, _lean(drawn[opening.end() :].removesuffix("</svg>")))


def panels(drawn: str, targets: list[int]) -> list[str]:
    """The small trends of a drawing of many that lie over each other, each as a drawing of its own.

    `targets` is how many lines of a target each of them has, under its own line and its last point.
    """
    marks: dict[str, list[ElementTree.Element]] = {}
    for group in ElementTree.fromstring(drawn).iter(f"{_SVG}g"):
        marks.setdefault(group.get("class", "").split(" ")[0], []).extend(group)
    rules = iter(marks["mark-rule"])
    own = zip(targets, marks["mark-line"], marks["mark-symbol"], strict=True)
    of_panels = [[*islice(rules, number), line, last] for number, line, last in own]
    return [
        _framed(_PANEL, "".join(_lean(ElementTree.tostring(it, encoding="unicode")) for it in of_panel))
        for of_panel in of_panels
    ]


def standalone(drawn: str) -> str:
    """A drawing as a file of its own, with its namespace and its size."""
    drawn = str(drawn)  # markup would escape what is put into it
    width, height = drawn.split('viewBox="')[1].split('"', maxsplit=1)[0].split()[2:]
    return drawn.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" ', 1)


def _framed(frame: str, body: str) -> str:
    return f'<svg viewBox="{frame}" fill="none" aria-hidden="true" focusable="false">{body}</svg>'


def _lean(drawn: str) -> str:
    return _EMPTY.sub("", _TAG.sub(lambda tag: _FINE.sub(r"\1", _IDLE.sub("", tag[0])), drawn))
