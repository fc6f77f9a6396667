"""An answer as a document shows it: JSON, in which ``…`` stands for what is left out.

``…`` after the last entry of a list is the rest of the list, ``…`` among the members of an object is members that are
there and not shown, and a text that ends in ``…`` goes on.
"""

import json
import re
from typing import Any

GAP = "…"


def parsed(text: str) -> Any:
    """The JSON of a block; a gap is the last entry of its list, or the member ``…`` of its object.

    Raises
    ------
    ValueError
        It is no JSON but for the gaps.
    """
    kept, opened = [], []
    end = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|…', text):
        kept.append(text[end : found.start()])
        end = found.end()
        sign = found[0]
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}":
            opened[-1:] = []
        elif sign == GAP and opened:
            sign = f'"{GAP}": null' if opened[-1] == "{" else f'"{GAP}"'
        kept.append(sign)
    return json.loads("".join([*kept, text[end:]]))


def unlike(shown: Any, real: Any, *, at: str = "answer", partly: bool = False) -> list[str]:
    """Where an answer that is shown is not the real one: members, their order, and values; empty where it is.

    :param shown: what ``parsed`` made of a block
    :param partly: members may be left out without a sign, everywhere
    """
    if isinstance(shown, dict) and isinstance(real, dict):
        gap = GAP in shown or partly
        names = [name for name in shown if name != GAP]
        there = [name for name in real if name in names or not gap]
        if names != there:
            return [f"{at}: shown are the members {names}, the product answers {list(real)}"]
        if GAP in shown and len(names) == len(real):
            return [f"{at}: nothing is left out"]
        return [wrong for name in names for wrong in unlike(shown[name], real[name], at=f"{at}.{name}", partly=partly)]
    if isinstance(shown, list) and isinstance(real, list):
        gap = shown[-1:] == [GAP]
        entries = shown[:-1] if gap else shown
        if (len(entries) >= len(real)) if gap else (len(entries) != len(real)):
            return [f"{at}: shown are {len(entries)} entries{' and more' if gap else ''}, there are {len(real)}"]
        return [
            wrong
            for number, entry in enumerate(entries)
            for wrong in unlike(entry, real[number], at=f"{at}[{number}]", partly=partly)
        ]
    if isinstance(shown, str) and isinstance(real, str) and shown.endswith(GAP):
        same = real.startswith(shown[:-1]) and len(real) >= len(shown)
    else:
        same = type(shown) is type(real) and shown == real
    return [] if same else [f"{at}: shown is {shown!r}, the product answers {real!r}"]
