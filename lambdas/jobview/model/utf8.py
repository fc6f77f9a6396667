"""Texts as UTF-8 can carry them."""


def encodable(text: str) -> str:
    """The text with ``?`` for every half of a character (a lone surrogate), which JSON can name."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
