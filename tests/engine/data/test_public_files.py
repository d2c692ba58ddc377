"""Files as offices, instruments, shops and programs publish them: each a small one of its form.

`right` is what the first row should be read as, by the name of the column; `told` words of a notice.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from openpyxl import Workbook

from engine.choices import Invalid
from engine.data.cells.values import as_text
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.sources.series_table import SeriesTable
from engine.data.series.sources.time_series import TimeSeries
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.data.tables.suggestions import better_source
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.opening import source_of, why_unknown

ROWS = 30


@dataclass(frozen=True)
class Form:
    """The text before the rows, what a row is ({n}: its number, {d}: a day), and the text behind."""

    head: str
    row: str
    right: dict[str, str]
    told: str = ""
    tail: str = ""
    name: str = "t.csv"
    encoding: str = "utf-8"
    settings: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        rows = (
            self.row.replace("{n}", str(10 + number)).replace("{d}", str(10 + number % 19)) + "\n"
            for number in range(ROWS)
        )
        path = folder / self.name
        path.write_bytes((self.head + "".join(rows) + self.tail).encode(self.encoding))
        return path


TABLES = {
    "a list printed by SAP": Form(
        "05.03.2024     Liste    1\n\n---------------------\n|  Mat|   Menge|Art|\n---------------------\n",
        "|  4{n}|1.234,50|FER|", {"Mat": "410", "Menge": "1234.5", "Art": "FER"}, "below the names",
        "---------------------\n", "t.txt"),
    "payments of Alipay": Form(
        "支付宝交易记录\n账号:[a@b]\n-----记录列表-----\n交易号,时间,金额,收/支,状态,\n",
        "A{n}\t ,2024-03-{d} 10:10:12 ,12.{n}  ,支出  ,成功 ,",
        {"时间": "2024-03-10 10:10:12", "金额": "12.1", "收/支": "支出"}, "4 rows at the end",
        "----------\n共30笔记录\n已收入:3笔,1200.00元\n导出时间:[2024-04-02 10:00:00]\n", encoding="gb18030"),
    "payments of WeChat, whose numbers end in tabs": Form(
        "微信支付账单明细,,,\n昵称:[小明],,,\n----账单明细列表----,,,\n交易时间,收/支,金额(元),单号,备注\n",
        '2024-03-{d} 10:10:12,支出,¥12.{n},4200{n}\t,"/"', {"收/支": "支出", "金额(元)": "12.1"},
        "3 rows above the names"),
    "marks of a class, with what sums them up": Form(
        "班级成绩表,,,\n学号,姓名,性别,数学\n", "0{n},学生{n},男,1{n}", {"数学": "110"}, "及格率",
        "平均分,,,120.5\n最高分,,,139\n及格率,,,87.5%\n"),
    "a census with labels below the names": Form(
        'ID,NAME,INCOME,ERROR\nGeography,Area Name,Estimate!!Income,Margin!!Income\n'
        '8,"Tract 0; Autauga; Alabama",-666666666,**\n9,"Tract 0; Autauga; Alabama","250,000+",***\n',
        '10{n},"Tract {n}; Autauga; Alabama",345{n},2{n}',
        {"ID": "8", "NAME": "Tract 0; Autauga; Alabama", "INCOME": "-666666666", "ERROR": ""},
        "limits as 250,000+ in 1 row"),
    "a plate reader": Form(
        "##BLOCKS= 1\nUser: USER;Path: C:\\\nWell;OD;Group\nA1;OVER;b\n", "A{n};0,5{n};a",
        {"Well": "A1", "OD": "", "Group": "b"}, "'OVER' in row 1 is no number",
        "\n~End\nFilename: plate 1; Saved: 05.03.2024\n", settings={"odd_cells": "missing"}),
    "films, whose quotation marks are letters": Form(
        "id\ttitle\tend\ttime\n", 'tt{n}\t"Hello {n}\t\\N\t1{n}',
        {"title": '"Hello 10', "end": "", "time": "110"}, name="t.tsv"),
    "messages, whose quotation marks are letters": Form(
        "ham\tIt is 5\" long\n", 'ham\t"Free entry {n}', {"column 1": "ham", "column 2": 'It is 5" long'},
        name="SMSSpamCollection"),
    "a separator at the end of each line": Form(
        '"Source","World",\n\n"Country","Code","1960","2022",\n', '"Land {n}, The","L{n}","","{n}5",',
        {"Country": "Land 10, The", "2022": "105"}),
    "tens of thousands": Form("k,a,b\n1,1.2亿,320万\n", "{n},3500万,15{n}万",
                              {"a": "120000000", "b": "3200000"}, "亿 as 100,000,000"),
    "billions": Form("k,cap,volume\n1,$1.5B,2B\n", "{n},$850.5M,9{n}K",
                     {"cap": "1500000000", "volume": "2000000000"},
                     "K, M and B behind numbers are read as thousands, millions and billions"),
    "trillions of money": Form("k,cap\n1,$2T\n", "{n},${n}0B", {"cap": "2000000000000"}, "trillions"),
    "teslas": Form("k,field\n", "{n},1.{n}T", {"field": "1.1"}, "numbers in T"),
    "Taiwan": Form("日期,收盤價,漲跌\n", "113/03/{d},500.{n},跌", {"日期": "2024-03-10", "收盤價": "500.1"},
                   "113/03/10 is read as 2024/03/10", encoding="big5"),
    "Japan": Form("日付,天気\n", "令和6年3月{d}日,晴れ", {"日付": "2024-03-10"}, "counted in an era",
                  encoding="cp932"),
    "Thailand": Form("วันที่,ยอด,สาขา\n", "{d}/12/2567,5{n},กรุงเทพ", {"วันที่": "2024-12-10"}, "Windows-874",
                     encoding="cp874"),
    "money in several spellings": Form(
        'km,price\n1,"$22,680"\n2,USD 7620\n', "{n},90{n}.00 USD", {"price": "22680"}, "numbers in USD"),
    "changes beside their share": Form(
        "day,change\n", "{n},-1.{n} (+1.7{n}%)", {"change": "-1.1"}, "as (+1.710%), is left out"),
    "means with their errors": Form("k,size\n", "{n},5.{n} ± 0.4", {"size": "5.1"}, "as ± 0.4, is left out"),
    "ISO durations": Form("k,took\n", "{n},PT1H{n}M5S", {"took": "4205"}, "numbers of seconds"),
    "durations of pandas": Form("k,took\n", "{n},1 days 00:{n}:05", {"took": "87005"}, "numbers of seconds"),
    "degrees, minutes and seconds": Form(
        "k,lat\n", "{n},\"52°{n}'30\"\"S\"", {"lat": "-52.175"}, "are read as degrees"),
    "feet and inches": Form("k,height\n", "{n},\"5'{n}\"\"\"", {"height": "70"}, "are read as inches"),
    "ages": Form("k,age\n", "{n},{n} years 3 months", {"age": "123"}, "are read as months"),
    "a second table below": Form(
        "# Report\nCountry,Sessions,Revenue\n", 'Spain,"1,2{n}",$3{n}',
        {"Sessions": "1210", "Revenue": "310"},
        "a second table that begins in row 33", ',"99,999",$9999\n\nDay,Sessions\n1/1/24,99\n2/1/24,98\n'),
    "irises of TensorFlow, which begin with their number": Form(
        "120,4,setosa,versicolor,virginica\n", "5.1,3.{n},1.4,0.2,2", {"column 1": "5.1", "column 5": "2"},
        "names the classes (0 is setosa, 1 is versicolor"),
    "wines of scikit-learn, whose first line is short": Form(
        "178,6,class_0,class_1,class_2\n", "14.{n},1.7,2.4,15.6,2.8,3.1,0",
        {"column 1": "14.1", "column 7": "0"}, "2 is class_2"),
    "Orange, which says below the names what columns are": Form(
        "length\twidth\tiris\nc\tc\td\n\t\tclass\n", "5.{n}\t0.2\tsetosa",
        {"length": "5.1", "iris": "setosa"}, "2 rows below the names", name="t.tab"),
    "BIOPAC, which counts the samples below the names": Form(
        "r.acq\n2 msec/sample\n2 channels\nECG\nmV\nRSP\nVolts\nmsec\tCH1\tCH2\t\n\t1500\t1500\t\n",
        "{n}\t0.1{n}\t-1.{n}\t", {"msec": "10", "CH1": "0.11", "CH2": "-1.1"}, "left out: 1500, 1500",
        name="t.txt"),
    "grains, parted by one tab or two": Form(
        "", "15.{n}\t14.8\t\t0.87\t1", {"column 1": "15.1", "column 4": "1"}, tail="15.5\t14.8\t0.87\t1\n",
        name="t.txt"),
    "reviews of medicines, in quotation marks over several lines": Form(
        "\tdrug\treview\trating\tdate\n", '{n}\tX\t"""It helps.\r\r\nA lot"""\t9.0\t"May {d}, 2012"',
        {"column 1": "10", "rating": "9", "date": "2012-05-10"}, name="t.tsv"),
    "courses of several shares of yfinance": Form(
        "Price,Close,Close\nTicker,AAPL,MSFT\nDate,,\n", "2019-01-{d},1{n}.5,2{n}.5",
        {"Price Ticker": "2019-01-10", "Close AAPL": "110.5", "Close MSFT": "210.5"}, "left out: Date"),
    "a broken line": Form("app,category,rating,price\nLife frame,1.9,19\n", "App {n},ART,4.{n},0",
                          {"app": "Life frame", "rating": "19"}, "(line 2)"),
    "glucose of LibreView, below the facts of its export": Form(
        "Glucose Data,Generated on,06-03-2024 09:12 UTC,Generated by,Ann\n"
        "Device,Timestamp,Record,Historic mmol/L,Scan mmol/L,Notes\n",
        "LibreLink,{d}-03-2024 10:{n},0,6.{n},,", {"Device": "LibreLink", "Historic mmol/L": "6.1"},
        "1 row above the names is left out: Glucose Data"),
    "carbon dioxide on Mauna Loa, whose names stand in three rows": Form(
        '" Atmospheric CO2 (ppm)"\n" Scripps, La Jolla "\n  Yr, Mn,    Date,     CO2,seasonally,\n'
        "    ,   ,        ,          ,  adjusted,\n    ,   ,   Excel,  [ppm],     [ppm],\n",
        "1958, 03, 212{n},  315.{n}, 316.19", {"Date": "21210", "CO2": "315.1", "seasonally": "316.19"},
        "2 rows below the names are left out"),
    "one accented letter": Form('0,"ann é loves it"\n', '4,"bob é {n} hates"', {"column 1": "0"},
                                encoding="latin-1"),
    "Israel": Form("עיר,מחיר\n", "ירושלים,5{n}", {"עיר": "ירושלים"}, "Windows-1255", encoding="cp1255"),
    "Arabia": Form("المدينة,السعر\n", "القاهرة,5{n}", {"المدينة": "القاهرة"}, "Windows-1256",
                   encoding="cp1256"),
    "Russia": Form("Дата;Сумма\n",
                   "{d} \u043c\u0430\u0440\u0442\u0430 2024 \u0433.;1 2{n},50 \u0440\u0443\u0431.",
                   {"Дата": "2024-03-10", "Сумма": "1210.5"}, encoding="cp1251"),
}  # fmt: skip


@pytest.mark.parametrize("form", TABLES.values(), ids=TABLES)
def test_that_published_tables_are_read_as_people_mean_them(form: Form, tmp_path: Path) -> None:
    found = TableFile.model_validate({"path": str(form.write(tmp_path)), **form.settings}).read(0)
    assert isinstance(found, Table)
    row = found.frame.iloc[0]
    given = {name: as_text(row[name]) if row[name] == row[name] else "" for name in form.right}
    assert given == form.right
    assert len(found) in (ROWS, ROWS + 1, ROWS + 2)
    assert form.told in " ".join(found.notices)
    assert "column 1" in form.right or not any(name.startswith("column") for name in found.names)


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        (
            "Region,Product,Units\nNorth,Pen,1\nNorth,Cup,2\nNorth Total,,3\n"
            "South,Pen,4\nSouth,Cup,1\nTotal South,,5\n",
            2,
        ),
        ("Region,Units\nNorth,1\nNorth Total,1\nSouth,3\n", 1),
        ("Region,Product,Units\n北京,笔,1\n北京,杯,2\n北京 汇总,,3\n上海,笔,4\n", 1),
        ("Student,Section,Quiz\n    Points Possible,,20\nAnn,A,12\nBob,A,13\n", 1),
        ("Team,City,Points\nTotal,Rome,20\nBlue,Oslo,12\nTotal War,Rome,9\nRed,Oslo,3\n", 0),
        ("Month,2023,2024\nJan,1,2\nFeb,3,4\nMar,3,4\nApr,3,4\nTotal,10,14\n", 1),
        ("Channel,Cost\nmedia,1\nweb,2\nprint,3\nmedia,4\n", 0),
        ("Region,Units,Price\nN,1,2.5\nS,2,3\nN,3,1\nS,4,1\nN,5,1\n,15,8.5\n", 1),
        ("Region,Units,Price\nN,1,2.5\nS,2,3\nN,3,1\nS,4,1\nN,5,1\n,16,7.5\n", 0),
        ("Region,Units,Price\nN,1,2.5\nS,2,3\n,3,1\nS,4,1\nN,5,1\n,15,8.5\n", 0),
        (
            "日期,凭证,摘要,方向,余额\n2024-01-05,记1,买纸,借,5\n2024-01-05,记2,买笔,借,9\n2024-01-31,,本月合计,借,9\n2024-01-31,,本年累计,借,9\n"
            "2024-02-03,记3,卖书,贷,2\n2024-02-03,记4,卖画,贷,3\n",
            2,
        ),
        ("Word,Meaning\nsum,what is added\ntotal,all of it\nhat,of felt\n", 0),
    ],
)
def test_that_rows_that_sum_up_others_are_left_out(text: str, sums: int, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    found = TableFile(path=str(tmp_path / "t.csv")).read(0)
    assert isinstance(found, Table)
    assert len(found) == len(text.splitlines()) - 1 - sums
    told = " ".join(found.notices)
    assert ("up others left out" in told or "notes or totals" in told) == bool(sums)


CODES = {
    "an open end": ("9999-12-31", ["2024-03-05", "2023-01-07"], "far from all other dates"),
    "no answer": ("9", ["1", "2", "3", "4", "5"], "9 stands apart from the scale 1 to 5"),
    "no income": ("99999", [str(1000 * n) for n in range(8, 120)], "multiples of 1,000"),
    "a household": ("6", ["1", "2", "3", "4", "5"], ""),
    "an income": ("99999", ["81235", "90127", "99998", "120331", "100001", "93111"], ""),
}


@pytest.mark.parametrize(("code", "cells", "told"), CODES.values(), ids=CODES)
def test_that_codes_for_what_is_not_known_are_asked_about(
    code: str, cells: list[str], told: str, tmp_path: Path
) -> None:
    rows = [code if n % 7 == 0 else cells[n % len(cells)] for n in range(4 * ROWS)]
    (tmp_path / "t.csv").write_text("k,x\n" + "".join(f"a,{cell}\n" for cell in rows), "utf-8")
    found = TableFile(path=str(tmp_path / "t.csv")).read(0)
    assert isinstance(found, Table)
    assert any(told and told in notice for notice in found.notices) == bool(told)


def test_that_an_open_end_in_a_workbook_is_asked_about_and_can_be_missing(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["k", "until"])
    for number in range(ROWS):
        day = datetime.datetime(9999, 12, 31) if number % 2 else datetime.datetime(2024, 1, 1 + number % 20)
        sheet.append(["a", day])
    made.save(tmp_path / "t.xlsx")
    asked = TableFile(path=str(tmp_path / "t.xlsx")).read(0)
    assert isinstance(asked, Table)
    assert "9999-12-31 stands in 15 rows, far from all other dates" in " ".join(asked.notices)
    told = TableFile(path=str(tmp_path / "t.xlsx"), missing=("9999-12-31",)).read(0)
    assert isinstance(told, Table)
    assert told.frame["until"].isna().tolist() == [number % 2 == 1 for number in range(ROWS)]


def test_that_numbers_of_several_units_are_told(tmp_path: Path) -> None:
    rows = "".join(
        f'{n},{n}.5%,1:{n:02}:00,"[{n}, 1, 2]"\n{n},0.{n:02}5,2:{n:02}:01,"[{n}, 3, 4]"\n'
        for n in range(ROWS)
    )
    (tmp_path / "t.csv").write_text("k,share,took,place\n" + rows, "utf-8")
    found = TableFile(path=str(tmp_path / "t.csv")).read(0)
    assert isinstance(found, Table)
    assert "different units, as 0.5% and 0.005" in found.doubts["share"]
    assert "times or durations" in found.doubts["took"]
    assert "lists of numbers" in found.doubts["place"]
    assert better_source(found.frame) == ""


def test_that_names_in_three_rows_of_merged_cells_are_joined(
    tmp_path: Path,
) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["Report"], [], ["No", "Test", None, None, "Verdict"], [None, "Size", None, "Force", None],
                [None, "long", "wide", "up", None], [None, "mm", "mm", "N", None]):  # fmt: skip
        sheet.append(row)
    for place in ("A1:E1", "B3:D3", "B4:C4", "A3:A6", "E3:E6"):
        sheet.merge_cells(place)
    for number in range(ROWS):
        sheet.append([number, 9.5, 4.5, 100 + number, ["good", "bad"][number % 2]])
    made.save(tmp_path / "t.xlsx")
    for target in ((), ("Verdict",)):
        found = TableFile(path=str(tmp_path / "t.xlsx"), target=target).read(0)
        assert isinstance(found, Table)
        assert found.names == ("No", "Size long", "Size wide", "Force up", "Verdict")
        assert len(found) == ROWS


REFUSED = {
    "LIBSVM": ("a1a.txt", "+1 3:1 11:1 14:0.5 \n-1 5:1 7:1 \n", "form of LIBSVM"),
    "headlines parted by _!_": (
        "cat.txt",
        "65_!_102_!_news_!_Film\n66_!_103_!_sport_!_Goal\n",
        "replace '_!_' by a tab",
    ),
    "two colons": ("ratings.dat", "1::1193::5\n1::661::3\n", "replace '::' by a tab"),
    "blanks about empty cells": (
        "t.csv.txt",
        "1 5 2004 7 a\n2 6  8 b\n3 5 2005  a\n",
        "replace each blank by a tab",
    ),
    "drifting sensors": ("b.dat", "1;10000.5 1:15596.1 2:1.8 3:2.5\n", "form of LIBSVM"),
    "rankings": ("t.txt", "1 qid:3 1:0.5 2:0.25 # a document\n", "form of LIBSVM"),
    "a document": ("t.docx", "PK\n", "a Word document: save it as plain text"),
    "a log": ("plc.log", "2024-03-01 10:00:00,123 plc temp=21.5 door=open hum=40\n", "as temp=21.5"),
    "a log of a program": ("p.log", "2024-03-05 10:22:41 ERROR db: lost\n", "a log of a program"),
    "a log of a server": (
        "a.log",
        '10.0.0.7 - - [05/Mar/2024:10:22:12 +0800] "GET / HTTP/1.1" 200 31\n',
        "a log of a program",
    ),
    "XML as text": ("t.txt", "<row id='1'><text>It rained.</text></row>\n", "seems to be XML"),
    "a web page as text": ("t.txt", "<html>\n<p>It rained.</p>\n", "a web page"),
    "settings": ("t.txt", "[a]\nname = value\nsize = 12\n", "settings"),
    "trees": ("t.txt", "(3 (2 The) (3 (2 old) (2 cat)))\n", "trees in brackets"),
    "a lone quotation mark": ("t.csv", 'a,b\n1,2\n"3,4\n', "opened in line 3 and never closed"),
    "texts of a program": ("t.po", 'msgid "a"\n', "translations"),
    "a translation memory": ("t.tmx", "<?xml?>\n", "a translation memory in XML"),
}


@pytest.mark.parametrize(("name", "line", "told"), REFUSED.values(), ids=REFUSED)
def test_that_other_forms_are_refused_with_what_to_do(
    name: str, line: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(line * (1 if name == "t.csv" else ROWS), "utf-8")
    assert not isinstance(source_of(tmp_path / name), TextFiles)
    with pytest.raises(Invalid, match=told):
        TableFile(path=str(tmp_path / name)).read(0)


MEASURED = {
    "a board's monitor": ("10:22:{s}.125 -> Temp: 2{n}.5 C, Hum: 45 %\n", "time", "Temp", "Hum"),
    "seconds since the start": ("[{n}.5s] T=2{n}.5C H=45%\n", "time", "T", "H"),
    "without times": ("Temp: 2{n}.5 *C  Humidity: 45 %\n", "Temp", "Humidity"),
    "a day before the clock": ("2024-03-05 10:22:{s} 温度: 2{n}.5℃ 湿度=45%\n", "time", "温度", "湿度"),
}


@pytest.mark.parametrize(
    ("line", "names"), [(line, names) for line, *names in MEASURED.values()], ids=MEASURED
)
@pytest.mark.parametrize("name", ["t.txt", "t.log"])
def test_that_lines_that_name_their_values_are_a_table(
    line: str, names: list[str], name: str, tmp_path: Path
) -> None:
    def lines(count: int) -> str:
        return "".join(line.replace("{n}", str(n)).replace("{s}", f"{n:02}") for n in range(count))

    path = tmp_path / name
    path.write_text("Sensor 1 begins\n" + lines(ROWS) + "Failed to read!\n", "utf-8")
    assert isinstance(source_of(path), TableFile)
    found = TableFile(path=str(path)).read(0)
    assert isinstance(found, Table)
    assert [*found.frame.columns] == names
    assert found.frame[names[-2]].tolist() == [float(f"2{n}.5") for n in range(ROWS)]
    assert found.frame[names[-1]].tolist() == [45] * ROWS
    assert "Failed to read!" in " ".join(found.notices)


def test_that_sentences_with_numbers_are_no_measurements(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    line = "At {n}:30 we met: {n} of us came and Ann said: 5 is enough.\n"
    path.write_text("".join(line.replace("{n}", str(n)) for n in range(10, 40)))
    assert isinstance(source_of(path), TextFiles)


def test_that_records_of_json_are_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    records = ",\n".join(f'  {{"text": "It rains {n}", "label": {n % 2}}}' for n in range(ROWS))
    for text in (f"[\n{records}\n]", records.replace("},", "}")):
        path = tmp_path / "t.txt"
        path.write_text(text)
        assert isinstance(source_of(path), TableFile)
        found = TableFile(path=str(path)).read(0)
        assert isinstance(found, Table)
        assert [*found.frame.columns] == ["text", "label"]


@pytest.mark.parametrize(("name", "text", "told"), [
    ("nlu.yml", "- intent: greet\n  examples: |\n    - hi\n", "YAML of Rasa"),
    ("t.yaml", "- title: Rain\n  year: 2024\n", "seems to be YAML"),
])  # fmt: skip
def test_that_what_no_source_reads_is_told_by_its_form(
    name: str, text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text * ROWS)
    assert source_of(tmp_path / name) is None
    assert told in why_unknown(tmp_path / name)


@pytest.mark.parametrize(("names", "told"), [
    (["run/1.mp4", "jump/1.mp4"], "Films are not read"),
    (["spam/1.eml", "ham/1.eml"], "an e-mail: save each as plain text"),
    (["main.c", "util.c", "Makefile"], "files that are not read: Makefile, main.c"),
])  # fmt: skip
def test_that_folders_of_other_files_are_told_with_what_to_do(
    names: list[str], told: str, tmp_path: Path
) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("all: main\n\tcc main.c util.c\n" * ROWS)
    assert source_of(tmp_path) is None
    assert told in why_unknown(tmp_path)


def test_that_parts_without_classes_are_refused_as_such(tmp_path: Path) -> None:
    for name in ("train/a.txt", "train/b.txt", "test/a.txt", "test/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("It rained.\nWe stayed.\n" * ROWS)
    with pytest.raises(Invalid, match=r"are parts \(test, train\)"):
        TextFolders(path=str(tmp_path)).read(0)


def test_that_an_explanation_with_commas_below_a_course_is_left_out(tmp_path: Path) -> None:
    rows = "".join(
        f"201601{day:02}:{hour:02}10,{hour}.5,{day}.1,0\n" for day in range(1, 9) for hour in range(24)
    )
    path = tmp_path / "t.csv"
    path.write_text(
        f"Latitude:\t31.2\n\ntime,P,T2m,Int\n{rows}\nP: power (W)\n\nPVGIS (c) Union, 2001-2024\n"
    )
    found = TableFile(path=str(path)).read(0)
    assert isinstance(found, Table)
    assert len(found) == 8 * 24
    assert better_source(found.frame) == "time_series"


def test_that_spectra_below_their_facts_are_series_of_the_class_of_their_folder(tmp_path: Path) -> None:
    head = "Data from a spectrum Node\n\nDate: Tue Mar 05 10:11 CET 2024\nUser: lab\n>>>>>Begin<<<<<\n"
    for place in ("oak/1.txt", "oak/2.txt", "pine/1.txt", "pine/2.txt"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        rows = "".join(f"{400 + 2.5 * number:.2f}\t{number / 7:.3f}\n" for number in range(ROWS))
        (tmp_path / place).write_text(head + rows, "utf-8")
    assert SeriesTable.recognizes(tmp_path)
    found = SeriesTable(path=str(tmp_path)).read(0)
    assert isinstance(found, SeriesSet)
    assert sorted(found.labels.tolist()) == ["oak", "oak", "pine", "pine"]
    assert {len(values) for values in found.values} == {ROWS}


def test_that_sentences_beside_their_numbers_are_translated(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{number}\tGo {number}.\t7{number}\tGeh {number}.\n" for number in range(ROWS)))
    found = TextPairsFile(path=str(path)).read(0)
    assert isinstance(found, TextPairs)
    assert (found.texts[0], found.translations[0]) == ("Go 0.", "Geh 0.")
    assert found.found["source"] == "column 2"


@pytest.mark.parametrize("names", [("film.en.srt", "film.de.srt"), ("news.de-en.en", "news.de-en.de"),
                                   ("train.de", "train.en", "valid.de", "valid.en"),
                                   ("in.txt", "out.txt"), ("Chinese.txt", "English.txt"),
                                   ("中文.txt", "英文.txt")])  # fmt: skip
def test_that_a_folder_of_a_text_and_its_translation_is_a_pair(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    for name in (*names, "README", "LICENSE"):
        line = "1\n00:00:0{n},000 --> 00:00:0{n},900\nline {n}\n\n" if name.endswith("srt") else "line {n}\n"
        (tmp_path / name).write_text("".join(line.replace("{n}", str(n)) for n in range(9)), "utf-8")
    assert TextPairsFile.recognizes(tmp_path)
    assert not TextFiles.recognizes(tmp_path)
    found = TextPairsFile(path=str(tmp_path)).read(0)
    assert isinstance(found, TextPairs)
    # a file of validation is a part of its own
    parts = sum(name.endswith(".de") for name in names) if names[0] == "train.de" else 1
    assert len(found.texts) == 9 * parts
    assert found.texts[1] == "line 1"


def test_that_a_folder_of_chapters_is_no_pair(tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt", "three.en.txt"):
        (tmp_path / name).write_text("It was a dark night.\nIt rained, and nobody came.\n" * 9, "utf-8")
    assert not TextPairsFile.recognizes(tmp_path)
    assert TextFiles.recognizes(tmp_path)


def test_that_files_of_two_languages_with_other_numbers_of_lines_are_no_pair(tmp_path: Path) -> None:
    for name, count in (("Chinese.txt", 9), ("English.txt", 7)):
        (tmp_path / name).write_text("Abbott\nAdams\n" * count, "utf-8")
    assert not TextPairsFile.recognizes(tmp_path)


def test_that_answers_in_a_file_of_their_own_are_told(tmp_path: Path) -> None:
    """The raw set of human activities (UCI HAR): X_train.txt, and y_train.txt beside it."""
    for name, row in (
        ("X_train.txt", " 2.5e-001 1.0e-002"),
        ("y_train.txt", "5"),
        ("subject_train.txt", "1"),
    ):
        (tmp_path / name).write_text(f"{row}\n" * ROWS, "utf-8")
    with pytest.raises(Invalid, match=r"y_train.txt seems to hold the answers"):
        TextFolders(path=str(tmp_path)).read(0)


def test_that_the_names_of_texts_tell_their_classes(tmp_path: Path) -> None:
    for number in range(ROWS):
        (tmp_path / f"{['neg', 'pos'][number % 2]}_{number}.txt").write_text("It was a film.\n", "utf-8")
    assert TextFolders.recognizes(tmp_path)
    found = TextFolders(path=str(tmp_path)).read(0)
    assert isinstance(found, Texts)
    assert sorted(set(found.labels.tolist())) == ["neg", "pos"]
    assert "taken from the names of the files: neg, pos" in " ".join(found.notices)


TAGGED = {
    "the tag first": ("t.bio", "O\tin\nB-LOC\tBerlin\n\n", ("O", "B-LOC")),
    "words that begin with #": ("t.conll", "# id = 1\n#\tNN\tO\n#Berlin\tNNP\tB-LOC\n\n", ("O", "B-LOC")),
    "spans marked in a text": (
        "t.jsonl", '{"id": 1, "text": "in Berlin", "label": [[3, 9, "LOC"]]}\n', ("O", "B-LOC")),
    "spans as records": (
        "t.json", '{"text": "in Berlin", "spans": [{"start": 3, "end": 9, "label": "LOC"}]}\n',
        ("O", "B-LOC")),
    "names that hold words with their places": (
        "t.json", '{"text": "去北京", "label": {"LOC": {"北京": [[1, 2]]}}}\n', ("O", "B-LOC", "I-LOC")),
    "the export of Label Studio": (
        "t.json", '{"id": 1, "annotations": [{"id": 7, "result": [{"value": {"start": 3, "end": 9, "text": '
        '"Berlin", "labels": ["LOC"]}, "type": "labels"}, {"type": "relation", "from_id": "a"}]}], '
        '"drafts": [], "data": {"text": "in Berlin"}, "project": 3}\n', ("O", "B-LOC")),
    "the small export of Label Studio": (
        "t.json", '{"id": 1, "text": "in Berlin", "label": [{"start": 3, "end": 9, "text": "Berlin", '
        '"labels": ["LOC"]}], "lead_time": 2.5}\n', ("O", "B-LOC")),
    "spans marked in Chinese": (
        "t.jsonl", '{"text": "去北京", "label": [[1, 3, "LOC"]]}\n', ("O", "B-LOC", "I-LOC")),
    "a word in each row of a table": (
        "t.csv", "Sentence #,Word,POS,Tag\nSentence: 1,in,IN,O\n,Berlin,NNP,B-geo\n", ("O", "B-geo")),
    "a word in each row, with the number in each": (
        "t.csv", "sentence_id,word,tag\n1,in,O\n1,Berlin,B-LOC\n", ("O", "B-LOC")),
    "lists of words and tags": (
        "t.jsonl", '{"id": 1, "tokens": ["in", "Berlin"], "ner_tags": [0, 1]}\n', ("0", "1")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "lines", "tags"), TAGGED.values(), ids=TAGGED)
def test_that_words_and_tags_are_told_apart(
    name: str, lines: str, tags: tuple[str, ...], tmp_path: Path
) -> None:
    head, rows = (lines.split("\n", 1)[0] + "\n", lines.split("\n", 1)[1]) if name == "t.csv" else ("", lines)
    numbered = "".join(re.sub(r"\b1,", f"{1 + row},", rows) for row in range(ROWS))
    (tmp_path / name).write_text(head + (numbered if head else rows * ROWS), "utf-8")
    assert TaggedText.recognizes(tmp_path / name)
    found = TaggedText(path=str(tmp_path / name)).read(0)
    assert isinstance(found, TaggedTexts)
    assert found.tags[0] == tags
    assert found.words[0][-1].endswith(("Berlin", "京"))


def test_that_words_with_sentences_of_their_use_are_a_table(tmp_path: Path) -> None:
    rows = "".join(f"word{n},meaning {n},a sentence with word{n}\n" for n in range(ROWS))
    (tmp_path / "t.csv").write_text("word,meaning,sentence\n" + rows, "utf-8")
    assert not TaggedText.recognizes(tmp_path / "t.csv")


def test_that_running_text_is_read_in_the_order_of_its_parts(tmp_path: Path) -> None:
    for name in ("ptb.test.txt", "ptb.train.txt", "ptb.valid.txt"):
        (tmp_path / name).write_text(f"these are the words of {name}\n" * ROWS, "utf-8")
    assert TextFiles.recognizes(tmp_path)
    found = TextFiles(path=str(tmp_path)).read(0)
    assert isinstance(found, Corpus)
    assert found.names == ("ptb.train.txt", "ptb.valid.txt", "ptb.test.txt")
    assert "validation: ptb.valid.txt; test: ptb.test.txt" in " ".join(found.notices)


def test_that_a_layer_of_tags_that_is_empty_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "test.tsv"
    path.write_text("# source\n1\tIn\tO\tO\n2\tBerlin\tB-LOC\tO\n\n" * ROWS, "utf-8")
    assert TaggedText.recognizes(path)
    found = TaggedText(path=str(path)).read(0)
    assert isinstance(found, TaggedTexts)
    assert found.tags[0] == ("O", "B-LOC")


def test_that_mixed_courses_are_asked_about(tmp_path: Path) -> None:
    rows = [
        f"{['HeartRate', 'Steps'][n % 3 == 0]},2024-03-01 {n // 60:02d}:{n % 60:02d},{n}" for n in range(90)
    ]
    (tmp_path / "t.csv").write_text("type,start,value\n" + "\n".join(rows) + "\n", "utf-8")
    found = TimeSeries(path=str(tmp_path / "t.csv"), target=("value",)).read(0)
    assert isinstance(found, Timeline)
    assert "choose type under Course" in " ".join(found.notices)


def test_that_the_list_of_each_part_of_pictures_is_read(tmp_path: Path) -> None:
    for part in ("train", "valid", "test"):
        (tmp_path / part).mkdir()
        rows = [f"{part}{number}.png, {number % 2}, {1 - number % 2}" for number in range(4)]
        (tmp_path / part / "_classes.csv").write_text("filename, disk, square\n" + "\n".join(rows) + "\n")
        for number in range(4):
            PIL.Image.new("RGB", (8, 8), (60 * number, 0, 0)).save(tmp_path / part / f"{part}{number}.png")
    found = Images(path=str(tmp_path)).read(0)
    assert isinstance(found, ImageSet)
    assert len(found) == 12
    assert found.published is not None
    assert sorted(set(found.published.tolist())) == ["test", "train", "validation"]
