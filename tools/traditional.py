"""Make the traditional Chinese words of the simplified ones: ``make traditional``, then read what changed.

OpenCC turns characters (``s2tw``); ``COLUMN``, ``ROW`` and ``TERMS`` are, in
this order, words that Taiwan has others for, and what a reader of the result corrected.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

WORDS = Path(__file__).parents[1] / "src" / "salesbot" / "words"
SIMPLIFIED, TRADITIONAL = WORDS / "chinese", WORDS / "chinese_traditional"
TERMS = {
    "磁盤": "磁碟",
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
    "資料檔案夾": "資料所在的資料夾",
    "檔案夾": "資料夾",
    "連字元": "連字號",
    "合並": "合併",
    "日、周、月": "日、週、月",
    "宣佈": "宣布",
    "“": "「",
    "”": "」",
    "使用者手上": "車主手上",
    '"CNY": "元"': '"CNY": "元人民幣"',
    "``21.59萬元``": "``21.59萬元人民幣``",
    "斜槓命令": "斜線指令",
    "命令": "指令",
    "消息": "訊息",
    "私信": "私訊",
    "帖子": "貼文",
    "關注": "追蹤",
    "工作簿": "活頁簿",
    "設為文本": "設為文字",
    "零字節": "空位元組（NUL）",
    "字節": "位元組",
    "內存": "記憶體",
    "端口": "連接埠",
    "令牌": "權杖",
    "環境變量": "環境變數",
    "開發者門戶": "開發者入口網站",
    "附加組件": "附加元件",
    "運行": "執行",
    "內置": "內建",
    "下劃線": "底線",
    "系統自帶": "系統內建",
    "一行一條，儲存格之間用製表符": "每行一列，儲存格之間用 Tab 字元分隔",
    "撤銷": "復原",
    "保存": "儲存",
    "打不開": "無法開啟",
    "打開": "開啟",
    "列表": "清單",
    "開頭的地址": "開頭的網址",
    "地址：": "網址：",
    "解壓": "解壓縮",
    "生成": "產生",
    "所有者": "擁有者",
    "對象": "項目",
    "匯出為、Excel": "輸出至、Excel",
    "從表格複製": "從試算表複製",
    "千位分隔": "千分位",
    "分隔符和": "分隔符號和",
    "統計口徑": "統計標準",
    "口徑不明": "統計標準不明",
    "哪種口徑": "哪種統計標準",
    "日元": "日圓",
    "港元": "港幣",
    "澳元": "澳幣",
    "新加坡元": "新加坡幣",
    "林吉特": "令吉",
    '"加元"': '"加幣"',
    "報告": "回報",
    "份回報": "則回報",
    "從備份恢復": "從備份還原",
    "恢復之前的備份": "還原之前的備份",
    "恢復到新的": "還原到新的",
    "無法恢復": "無法復原",
    "動的記錄": "動的紀錄",
    "件的記錄": "件的紀錄",
    "沒有記錄": "沒有紀錄",
    "記錄在案": "紀錄在案",
    "行業媒體": "產業媒體",
    "鐘點": "時刻",
    "聯繫": "聯絡",
    "豎條": "直條",
    "正在寫檔案": "正在寫入檔案",
    "美國山地": "美國山區",
    "孟加拉國": "孟加拉",
}
COLUMN = re.compile(r'(?<=[每一哪這空把的少}：])列(?![出表舉])|(?<=各)列(?=的)|(?<=")列(?=[" ])|(?<=\} )列')
ROW = re.compile(r"(?<![運進])行(?!業|太長|少於|一條|（\{count\}|）各)")  # of a table; of a text it stays 行
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
        text = ROW.sub("列", COLUMN.sub("欄", convert(path.read_text("utf-8"))))  # 列 is a row there, a column is 欄
        for one, other in (*TERMS.items(), *IN_CODE.items()):
            text = text.replace(one, other)
        found[path.name] = NOTE + text
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
