"""Sentences with the numbers filled in. The analyst writes the words; every number comes from a figure."""

import re
from collections.abc import Collection, Mapping

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(sentence: str) -> list[str]:
    """The figures a sentence names, in order."""
    return PLACEHOLDER.findall(sentence)


def problems(sentence: str, figures: Collection[str], line: str) -> list[str]:
    """What keeps the sentence from being filled: half a pair of braces, or a figure that the line does not have."""
    if any(brace in PLACEHOLDER.sub("", sentence) for brace in "{}"):
        return [f"'{sentence}' has a brace without its other half"]
    return [
        f"{{{name}}} is not a figure of line {line}; it has {', '.join(sorted(figures)) or 'none'}"
        for name in placeholders(sentence)
        if name not in figures
    ]


def fill(sentence: str, printed: Mapping[str, str]) -> str:
    """The sentence with each `{name}` replaced by that figure as printed. Raises KeyError with the unknown name."""
    return PLACEHOLDER.sub(lambda match: printed[match[1]], sentence)
