"""Make the traditional Chinese words of the simplified ones: ``make traditional``, then read what changed.

OpenCC turns characters (``s2tw``); ``TERMS`` are words that Taiwan has others for, and what a reader corrected.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

WORDS = Path(__file__).parents[1] / "src" / "salesbot" / "words"
SIMPLIFIED, TRADITIONAL = WORDS / "chinese", WORDS / "chinese_traditional"
TERMS = {
    "臺": "台",  # the measure word of cars
    "萬隻有": "萬只有",
    "瞭解": "了解",
    "數據": "資料",
    "文件": "檔案",
    "服務器": "伺服器",
    "鏈接": "連結",
    "單元格": "儲存格",
    "默認": "預設",
    "信息": "資訊",
    "設置": "設定",
    "用戶": "使用者",
    "電子表格": "試算表",
    "字符": "字元",
    "程序": "程式",
    "報道": "報導",
    "發佈": "發布",
    "導入": "匯入",
    "導出": "匯出",
    "添加": "新增",
    "粘貼": "貼上",
    "運營": "營運",
    "頻道里": "頻道裡",
    "天后": "天後",
    " 里加": " 裡加",
}
COLUMN = re.compile(
    r'(?<=[每一哪這空把的少}：])列(?![出表舉])|(?<=各)列(?=的)|(?<=")列(?= \{)|(?<=\} )列'
)  # 列 is a row there
NOTE = "# Made from words/chinese by `make traditional`: change those, never this file.\n"
IN_CODE = {
    "salesbot.words.chinese": "salesbot.words.chinese_traditional",
    "class Chinese(": "class ChineseTraditional(",
    'language = "zh"': 'language = "zh-Hant"',
    "Chinese (simplified).": "Chinese (traditional).",
}


def converted() -> dict[str, str]:
    """Each file of the traditional words by its name, as it ought to be."""
    from opencc import OpenCC  # a tool of developers

    convert = OpenCC("s2tw").convert
    found: dict[str, str] = {}
    for path in sorted(SIMPLIFIED.glob("*.py")):
        text = convert(path.read_text("utf-8"))
        for one, other in (*TERMS.items(), *IN_CODE.items()):
            text = text.replace(one, other)
        found[path.name] = NOTE + COLUMN.sub("欄", text)
    return found


def main() -> int:
    """Write the files, and remove those that have no source."""
    TRADITIONAL.mkdir(exist_ok=True)
    files = converted()
    for path in TRADITIONAL.glob("*.py"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (TRADITIONAL / name).write_text(text, "utf-8")
    print(f"{len(files)} files made in {TRADITIONAL.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
