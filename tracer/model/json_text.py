"""JSON as it is written everywhere here: letters as they are, and nothing that nobody sees.

Takes plain lists, dicts and texts.  Signs that move a terminal's cursor or turn the direction of
writing are spelled as ``\\uXXXX``, so that a file that is printed shows what it says.  Written
by traces, reports, notebooks, pages and the command line.
"""

from __future__ import annotations

import json
import re
from typing import Any

_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def json_text(value: Any, indent: int | None = None) -> str:
    r"""The value as JSON.

    Args:
        value: lists, dicts with texts as keys, texts, finite numbers, switches and None.
        indent: columns of a level; None: all in one line.

    Raises:
        ValueError: at a number that is not finite.

    >>> print(json_text({"name": "Łódź \u202e\x9b"}))
    {"name": "Łódź \u202e\u009b"}
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
