"""``python -m tools.simplified_characters``: write ``src/salesbot/values/simplified.py`` from the tables of OpenCC.

Needs ``pip install opencc``, which nothing else does.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

FILE = Path(__file__).parents[1] / "src" / "salesbot" / "values" / "simplified.py"
RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
HEAD = '''"""Traditional Chinese characters and the simplified ones that they are written as. Generated; see the tools.

``python -m tools.simplified_characters`` writes this file from OpenCC 1.4.2 (t2s, one character at a time).
"""

from __future__ import annotations

'''
FOOT = '''
_TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED)


def simplified(text: str) -> str:
    """The text in simplified characters; what is none of these stays."""
    return text.translate(_TABLE)
'''


def main() -> None:
    """Write the file."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    pairs = [(chr(code), convert(chr(code))) for first, last in RANGES for code in range(first, last)]
    changed = [(one, other) for one, other in pairs if one != other and len(other) == 1]
    traditional = _constant("TRADITIONAL", "".join(one for one, _ in changed))
    simplified = _constant("SIMPLIFIED", "".join(other for _, other in changed))
    FILE.write_text(HEAD + traditional + simplified + FOOT)


def _constant(name: str, text: str) -> str:
    lines = "\n".join(f'    "{line}"' for line in wrap(text, 100))
    return f"{name} = (\n{lines}\n)\n"


if __name__ == "__main__":
    main()
