"""JSON as text: one way to write it, so that terminal and HTTP give the same bytes."""

from __future__ import annotations

import json


def render_json(value: object) -> str:
    """Write a value as indented JSON that ends with a newline; never NaN or Infinity.

    >>> print(render_json({"place": "Ақтау"}), end="")
    {
      "place": "Ақтау"
    }
    """
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
