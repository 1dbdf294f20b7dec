"""Sentences with the numbers filled in. The analyst writes the words; every number comes from a figure."""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(sentence: str) -> list[str]:
    """The figures a sentence names, in order."""
    return PLACEHOLDER.findall(sentence)


def fill(sentence: str, printed: Mapping[str, str]) -> str:
    """The sentence with each `{name}` replaced by that figure as printed. Raises KeyError with the unknown name."""
    return PLACEHOLDER.sub(lambda match: printed[match[1]], sentence)
