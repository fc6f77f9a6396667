"""Texts that UTF-8 can encode."""


def encodable(text: str) -> str:
    """Replace every lone surrogate with ``?``. JSON can contain one, UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
