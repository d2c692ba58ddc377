"""Texts as people have them: one bad line, other line ends, labels before or beside texts, stray files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.choices import Invalid
from engine.data.source import silent
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.data.tables.suggestions import better_source
from engine.data.texts.in_table import are_translations
from engine.data.texts.inspect import inspect_corpus
from engine.data.texts.new import read_new_tagged
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.read.marked_lines import read_marked
from engine.data.texts.read.tagged import TaggedFormat
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable
from engine.opening import source_of

SENTENCES = "Ada B-PER\nlikes O\nold O\nOslo B-LOC\n. O\n\n" * 6
UNIVERSAL = """# sent_id = 1
# text = Ada isst im Haus.
1\tAda\tAda\tPROPN\tNE\t_\t2\tnsubj\t_\t_
2\tisst\tessen\tVERB\tVV\t_\t0\troot\t_\t_
3-4\tim\t_\t_\t_\t_\t_\t_\t_\t_
3\tin\tin\tADP\tAP\t_\t5\tcase\t_\t_
4\tdem\tder\tDET\tAR\t_\t5\tdet\t_\t_
5\tHaus\tHaus\tNOUN\tNN\t_\t2\tobl\t_\tSpaceAfter=No
5.1\tnull\t_\tVERB\t_\t_\t_\t_\t_\t_

"""
LINES = [f"word {'x ' * ((place * 7) % 11)}{place}" for place in range(30)]


def put(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return str(path)


def tagged(folder: Path, text: str, name: str = "a.conll", **how: object) -> TaggedTexts:
    found = TaggedText.model_validate({"path": put(folder, name, text), **how}).read(0)
    assert isinstance(found, TaggedTexts)
    return found


# ------------------------------------------------------------------------------------------ tagged words


@pytest.mark.parametrize(
    "text",
    [
        SENTENCES.replace("likes O", "likes\tO", 1),
        SENTENCES.replace(" ", "\t").replace("likes\tO", "likes O", 1),
        SENTENCES.replace("old O", "old  O"),
        SENTENCES.replace("Ada B", "# id = 7\nAda B"),
        SENTENCES.replace("\n", "\r\n"),
        "\ufeff" + SENTENCES,
    ],
)
def test_that_one_odd_line_costs_no_sentence(tmp_path: Path, text: str) -> None:
    found = tagged(tmp_path, text)
    assert found.words == (("Ada", "likes", "old", "Oslo", "."),) * 6
    assert found.tags[0] == ("B-PER", "O", "O", "B-LOC", "O")


def test_that_a_line_that_lacks_its_tag_is_named_and_costs_its_sentence_alone(tmp_path: Path) -> None:
    found = tagged(tmp_path, SENTENCES.replace("likes O", "likes", 1))
    assert len(found) == 5
    assert any("a.conll, line 2" in text for text in found.notices)


def test_that_the_columns_of_universal_dependencies_are_found_and_kept(tmp_path: Path) -> None:
    for how in ({}, {"word": 2, "tag": 4}):
        found = tagged(tmp_path, UNIVERSAL * 4, "a.conllu", **how)
        assert found.words[0] == ("Ada", "isst", "in", "dem", "Haus")
        assert found.tags[0] == ("PROPN", "VERB", "ADP", "DET", "NOUN")
        columns = {name: found.found.get(name) for name in ("word", "tag")}
        assert columns == ({"word": None, "tag": None} if how else {"word": 2, "tag": 4})


# --------------------------------------------------------------------------------------------- pairs


def pairs(folder: Path, texts: str, translations: str) -> TextPairs:
    source = TextPairsFile(path=put(folder, "a.en", texts), translations=put(folder, "a.fr", translations))
    found = source.read(0)
    assert isinstance(found, TextPairs)
    return found


@pytest.mark.parametrize("mark", ["\r", "\u2028", "\x85", "\x0b", "\x0c"])
def test_that_only_line_feeds_end_a_line(tmp_path: Path, mark: str) -> None:
    whole = "\n".join(LINES)
    found = pairs(tmp_path, whole.replace("word x", f"word{mark}x", 1), whole)
    assert len(found) == 30


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_that_other_systems_line_ends_are_line_ends(tmp_path: Path, end: str) -> None:
    found = pairs(tmp_path, end.join(LINES), "\n".join(LINES))
    assert found.texts == tuple(LINES)


@pytest.mark.parametrize("end", ["\n", "\n\n", "\n \n\n"])
def test_that_blank_lines_at_an_end_are_no_lines(tmp_path: Path, end: str) -> None:
    assert pairs(tmp_path, "\n".join(LINES) + end, "\n".join(LINES)).texts == tuple(LINES)


@pytest.mark.parametrize("line", [2, 13, 29])
def test_that_files_of_unequal_length_say_where_they_part(tmp_path: Path, line: int) -> None:
    with pytest.raises(Invalid, match=rf"part near line {line}$"):
        pairs(tmp_path, "\n".join([*LINES[: line - 1], *LINES[line:]]), "\n".join(LINES))


# ------------------------------------------------------------------------------------------------ slashes

SLASHES = "\n\n\tThe/at Fulton/np-tl jury/nn said/vbd it/pps ./.\n" * 8


def test_that_a_list_beside_sentences_with_tags_behind_slashes_is_none_of_them(tmp_path: Path) -> None:
    for name in ("ca01", "ca02", "cb01"):
        put(tmp_path, name, SLASHES)
    put(tmp_path, "cats.txt", "ca01 news\nca02 news\ncb01 editorial\n")
    found = TaggedText(path=str(tmp_path)).read(0)
    assert isinstance(found, TaggedTexts)
    assert len(found) == 24
    assert "cats.txt" in " ".join(found.notices)


def test_that_tags_in_a_file_beside_their_sentences_are_read_in_their_parts(tmp_path: Path) -> None:
    for part, count in (("train", 5), ("valid", 4), ("test", 3)):
        put(tmp_path, f"{part}/seq.in", "play abba now\n" * count + "rain in paris\n")
        # a tag is missing in the last line
        put(tmp_path, f"{part}/seq.out", "O B-artist O\n" * count + "O O\n")
        put(tmp_path, f"{part}/label", "PlayMusic\n" * (count + 1))
    assert isinstance(source_of(tmp_path), TaggedText)
    found = TaggedText(path=str(tmp_path)).read(0)
    assert isinstance(found, TaggedTexts)
    assert set(zip(found.words, found.tags, strict=True)) == {
        (("play", "abba", "now"), ("O", "B-artist", "O"))
    }
    assert found.published is not None
    assert Counter(found.published) == {"train": 5, "validation": 4, "test": 3}
    assert "label" in found.notices[0]
    new = read_new_tagged(tmp_path, TaggedFormat("", word=1, tag="last"), silent, 1 << 30)
    assert set(new.words) == {("play", "abba", "now"), ("rain", "in", "paris")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("张三去北京。", ("张", "三", "去", "北", "京", "。")),
        ("我 喜欢 北京 。", ("我", "喜欢", "北京", "。")),
        ("用iPhone 15拍", ("用", "iPhone", "15", "拍")),
        ("It's @ada's well-known.", ("It's", "@ada's", "well-known", ".")),
        (
            "Mr. Blair 's U.S. visit , he said .",
            ("Mr.", "Blair", "'s", "U.S.", "visit", ",", "he", "said", "."),
        ),
        ("Il dit : non !", ("Il", "dit", ":", "non", "!")),
    ],
    ids=["letters", "words set apart", "both", "English", "English set apart", "French"],
)
def test_that_new_texts_are_cut_where_words_end_unless_blanks_have_set_them_apart(
    text: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    how = TaggedFormat("", word=1, tag="last")
    assert read_new_tagged(Path(put(tmp_path, "new.txt", text)), how, silent, 1 << 30).words == (words,)


MARKS = (
    "T1\tPER 0 3\tAda\nT2\tLOC 13 17;19 21\tOslo is\n"
    "R1\tlives-in Arg1:T1 Arg2:T2\n#1\tAnnotatorNotes T1\tsure\n"
)


def test_that_what_brat_marks_beside_texts_is_read_as_tags(tmp_path: Path) -> None:
    for part, count in (("train", 3), ("test", 2)):
        for place in range(count):
            put(tmp_path, f"{part}/{place}.txt", "Ada is here.\nOslo, is cold.\n")
            put(tmp_path, f"{part}/{place}.ann", MARKS)
    put(tmp_path, "annotation.conf", "[entities]\nPER\nLOC\n")
    assert isinstance(source_of(tmp_path), TaggedText)
    found = TaggedText(path=str(tmp_path)).read(0)
    assert isinstance(found, TaggedTexts)
    assert found.words[:2] == (("Ada", "is", "here", "."), ("Oslo", ",", "is", "cold", "."))
    assert found.tags[:2] == (("B-PER", "O", "O", "O"), ("B-LOC", "O", "B-LOC", "O", "O"))
    assert found.published is not None
    assert Counter(found.published) == {"train": 6, "test": 4}
    new = read_new_tagged(tmp_path / "test", TaggedFormat("", word=1, tag="last"), silent, 1 << 30)
    assert new.words[:2] == found.words[:2]


def test_that_marks_of_another_text_are_refused_by_their_place(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "So, Ada is here.\nOslo, is cold.\n")
    put(tmp_path, "a.ann", MARKS)
    with pytest.raises(Invalid, match=r"a.ann: 'Ada' does not stand where it is marked \(0 3\)"):
        TaggedText(path=str(tmp_path)).read(0)


def test_that_mails_with_keys_for_endings_are_texts(tmp_path: Path) -> None:
    for number in range(6):
        put(
            tmp_path,
            f"ham/0000{number}.7c53336b37003a9286aba55d2945844c",
            f"Subject: patch {number}\n\nhello\n",
        )
        put(
            tmp_path,
            f"spam/0000{number}.bfc8d64d12b325ff385cca8d07b84288",
            f"Subject: money {number}\n\nfree\n",
        )
    assert isinstance(source_of(tmp_path), TextFolders)
    found = TextFolders(path=str(tmp_path)).read(0)
    assert isinstance(found, Texts)
    assert Counter(found.labels.tolist()) == {"ham": 6, "spam": 6}


def test_that_files_of_names_may_be_read_as_classes(tmp_path: Path) -> None:
    for name, lines in (("German", "Bach\nAdler\nHuber\nVogt\nKuhn\n"), ("Czech", "Dvořák\nNovák\n" * 4)):
        put(tmp_path, f"{name}.txt", lines)
    running = TextFiles(path=str(tmp_path)).read(0)
    assert isinstance(running, Corpus)
    assert inspect_corpus(running, None, None).suggests == "text_folders"
    found = TextFolders(path=str(tmp_path)).read(0)
    assert isinstance(found, Texts)
    assert Counter(found.labels.tolist()) == {"Czech": 8, "German": 5}
    assert (found.texts[8], found.names[8]) == ("Bach", "German.txt, line 1")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("one.txt", "two.txt"), "Roses are red,\nviolets blue.\n\n" * 9),
        (("chapter 1.txt", "chapter 2.txt"), "It rained.\n" * 9),
        (("train.txt", "test.txt"), "It rained.\n" * 9),
        (("one.txt", "two.txt"), "It rained all night. " * 20 + "\n"),
    ],
    ids=["verses", "chapters", "parts", "a paragraph"],
)
def test_that_files_of_running_text_are_not_offered_as_classes(
    names: tuple[str, ...], text: str, tmp_path: Path
) -> None:
    for name in names:
        put(tmp_path, name, text)
    running = TextFiles(path=str(tmp_path)).read(0)
    assert isinstance(running, Corpus)
    assert inspect_corpus(running, None, None).suggests == ""
    with pytest.raises(Invalid, match="lie in no folders"):
        TextFolders(path=str(tmp_path)).read(0)


def test_that_a_folder_of_lines_with_labels_is_read_with_its_test_part(tmp_path: Path) -> None:
    for name, count in (("train.txt", 20), ("test.txt", 8)):
        put(tmp_path, name, "__label__good a fine film\n__label__bad a poor and long film\n" * count)
    source = source_of(tmp_path)
    assert isinstance(source, TextTable)
    found = source.read_ordinary(0)
    assert isinstance(found, Texts)
    assert set(found.labels.tolist()) == {"good", "bad"}
    assert found.published is not None
    assert Counter(found.published) == {"train": 40, "test": 16}


def test_that_instructions_and_outputs_are_pairs_whatever_stands_between(tmp_path: Path) -> None:
    rows = [
        f"Name fruit number {n},{'short' * (n % 9 == 0)},It is the fruit called {n * 7}" for n in range(40)
    ]
    path = put(tmp_path, "alpaca.csv", "\n".join(["instruction,input,output", *rows]))
    table = TableFile(path=path).read(0)
    assert isinstance(table, Table)
    assert are_translations(table.frame)
    found = TextPairsFile(path=path).read(0)
    assert isinstance(found, TextPairs)
    assert found.languages == ("instruction", "output")
    assert "input not used" in " ".join(found.notices)
    # a class of both is what there is to learn
    assert not are_translations(table.frame.assign(sort=["fruit", "pear"] * 20))


def test_that_a_short_question_beside_its_answer_is_asked_about(tmp_path: Path) -> None:
    rows = [
        f"怎么退货{n},申请后{n}天内寄回商品并等待审核通过,售后\n什么时候到{n},付款后{n}天内发货请您耐心等待,物流\n"
        for n in range(20)
    ]
    found = TextTable(path=put(tmp_path, "faq.csv", "问题,答案,分类\n" + "".join(rows))).read(0)
    assert isinstance(found, Texts)
    assert found.texts[0].startswith("申请后")
    assert any("问题 could be texts as well" in told for told in found.notices)


@pytest.mark.parametrize(("name", "text"), [("ca09", SLASHES), ("news.test", "Ada B-PER\nsang O\n\n" * 20)])
def test_that_a_new_folder_is_read_as_its_files_are(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    put(tmp_path / "new", name, text)
    how = TaggedFormat("", word=1, tag="last")
    one, folder = (
        read_new_tagged(path, how, silent, 1 << 30) for path in (tmp_path / "new" / name, tmp_path / "new")
    )
    assert folder.words == one.words
    assert not any("/" in word for word in folder.words[0])


# ---------------------------------------------------------------------------------------------- labels


def texts(path: str) -> Texts:
    found = TextTable(path=path).read(0)
    assert isinstance(found, Texts)
    return found


def test_that_labels_before_the_texts_are_read(tmp_path: Path) -> None:
    lines = [f"__label__{'good' if row % 2 else 'bad'} text {row}, good or bad" for row in range(9)]
    found = texts(put(tmp_path, "train.txt", "\n".join([*lines, "__label__a __label__b two"])))
    assert found.labels.tolist() == [*["bad", "good"] * 4, "bad", "a|b"]
    assert found.texts[1] == "text 1, good or bad"
    assert TextTable.recognizes(tmp_path / "train.txt")


def test_that_labels_behind_the_texts_are_read(tmp_path: Path) -> None:
    lines = [
        f"Profit rose to {row} , write to a@b.fi .@{'up' if row % 2 else 'very-good'}" for row in range(9)
    ]
    found = texts(put(tmp_path, "train.txt", "\n".join(lines)))
    assert found.labels.tolist() == [*["very-good", "up"] * 4, "very-good"]
    assert found.texts[1] == "Profit rose to 1 , write to a@b.fi ."
    assert TextTable.recognizes(tmp_path / "train.txt")


def test_that_names_behind_a_text_are_no_labels(tmp_path: Path) -> None:
    put(tmp_path, "chat.txt", "\n".join(f"See you soon, yours @friend_{row}" for row in range(40)))
    assert not TextTable.recognizes(tmp_path / "chat.txt")


@pytest.mark.parametrize("name", ["SMSSpamCollection", "sms.txt", "sms.tsv"])
def test_that_label_and_text_apart_by_a_tab_are_read_without_names(tmp_path: Path, name: str) -> None:
    lines = [f'{"ham" if row % 3 else "spam"}\tOk then I say "see you {row}\n' for row in range(40)]
    found = texts(put(tmp_path, name, "".join(lines)))
    assert set(found.labels) == {"ham", "spam"}
    assert len(found) == 40


def test_that_the_files_a_table_lists_are_the_texts(tmp_path: Path) -> None:
    for row in range(12):
        put(tmp_path, f"texts/{row}.txt", f"this is text number {row} of the set")
    rows = "".join(f"texts\\{row}.txt,{'a' if row % 2 else 'b'}\n" for row in range(13))
    found = texts(put(tmp_path, "labels.csv", "file,label\n" + rows))
    assert found.texts[3] == "this is text number 3 of the set"
    assert set(found.labels) == {"a", "b"}
    assert any("texts\\12.txt (no such file)" in text for text in found.notices)


def test_that_other_columns_of_texts_are_told_unless_one_is_chosen(tmp_path: Path) -> None:
    """AG News: the class, the title and the beginning of an article, without names."""
    rows = "".join(f'"{row % 2}","title of article number {row}","article {row} says more than its title"\n'
                   for row in range(20))  # fmt: skip
    path = put(tmp_path, "train.csv", rows)
    told = "texts are those of column 3; column 2 could be texts as well: Texts decides"
    for chosen in ("", "column 3"):
        found = TextTable(path=path, texts=chosen, label="column 1").read(0)
        assert any(told in notice for notice in found.notices) == (not chosen)


def test_that_the_other_text_of_a_pair_is_told_however_short(tmp_path: Path) -> None:
    rows = "".join(f"手插在袖筒里身上裹一件棉大衣{row},一件{row},{row % 2}\n" for row in range(20))
    found = texts(put(tmp_path, "t.csv", "sentence1,sentence2,label\n" + rows))
    assert any("sentence2 could be texts as well" in notice for notice in found.notices)
    links = "".join(f"https://a.org/{row},a fine film number {row},{row % 2}\n" for row in range(20))
    found = texts(put(tmp_path, "t.csv", "link,review,label\n" + links))
    assert not any("could be texts as well" in notice for notice in found.notices)


def test_that_the_columns_that_were_found_are_kept(tmp_path: Path) -> None:
    rows = "".join(f"{row},a fine film number {row},{row % 2}\n" for row in range(20))
    found = texts(put(tmp_path, "t.csv", "id,review,label\n" + rows))
    assert found.found["texts"] == "review"
    assert found.found["label"] == "label"


# ---------------------------------------------------------------------------------------------- folders


def folder_of(folder: Path, ending: str, text: str, encoding: str = "utf-8") -> Texts:
    for label in "ab":
        for row in range(4):
            put(folder, f"{label}/1000{row}{ending}", text, encoding)
    put(folder, "a/Thumbs.db", b"\0\1")
    put(folder, "README.md", "what this is")
    put(folder, "c/notes.docx", b"PK\x03\x04")
    found = TextFolders(path=str(folder)).read(0)
    assert isinstance(found, Texts)
    assert len(found) == 8
    assert found.notices == (
        "1 file that is no text left out: notes.docx",
        "the class c is left out: none of its files can be read",
    )
    return found


def test_that_texts_without_an_ending_are_read_and_stray_files_told(tmp_path: Path) -> None:
    assert folder_of(tmp_path, "", "a text", "latin-1").texts[0] == "a text"


def test_that_pages_are_read_without_their_tags(tmp_path: Path) -> None:
    page = "<html><head><script>x = 1</script></head><body><p>Salt &amp; <b>pepper</b></p></body>"
    assert folder_of(tmp_path, ".html", page).texts[0] == "Salt & pepper"


def test_that_of_subtitles_only_what_is_said_is_read(tmp_path: Path) -> None:
    film = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},500\n<i>Line {n}</i>\ngoes on\n\n" for n in range(1, 5)
    )
    found = TextFiles(path=put(tmp_path, "film.srt", film)).read(0)
    assert isinstance(found, Corpus)
    assert found.documents[0] == "".join(f"Line {n} goes on\n" for n in range(1, 5))


def test_that_a_table_of_words_is_refused_with_how_to_write_it(tmp_path: Path) -> None:
    """As the NER table of Kaggle, but with names above its columns that say nothing."""
    rows = "".join(f"{f'Sentence: {row}' if row % 3 == 0 else ''},word,NN,O\n" for row in range(12))
    path = put(tmp_path, "ner.csv", "a,b,c,d\n" + rows)
    with pytest.raises(Invalid, match="a blank line between sentences"):
        TaggedText(path=path).read(0)


@pytest.mark.parametrize("names", ["句子编号,词,词性", "Sentence #,Word,POS", "no,w,tag"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_that_a_table_of_sentences_words_and_tags_is_offered_as_tagged_words(
    names: str, ending: str, tmp_path: Path
) -> None:
    sentence = [("雨", "n"), ("下", "v"), ("。", "w")]
    rows = [f"{n // 3},{word},{tag}" for n, (word, tag) in enumerate(sentence * 12)]
    path = tmp_path / f"tags.{ending}"
    if ending == "csv":
        path.write_text("\n".join([names, *rows]), "utf-8")
    else:
        book = Workbook()
        for row in (names, *rows):
            book.worksheets[0].append(row.split(","))
        book.save(path)
    table = TableFile(path=str(path)).read(0)
    assert isinstance(table, Table)
    assert better_source(table.frame) == "tagged_text"
    assert better_source(table.frame.set_axis([*"abc"], axis=1)) == ""  # nothing says that it is a tag
    found = TaggedText(path=str(path)).read(0)
    assert isinstance(found, TaggedTexts)
    assert (len(found), found.words[1], found.tags[1]) == (12, ("雨", "下", "。"), ("n", "v", "w"))


def test_that_notes_beside_pairs_and_formulas_that_failed_are_no_texts(tmp_path: Path) -> None:
    rows = [f"We go {n},我们走{n},{f'see page {n}' if n % 2 else ''}" for n in range(60)]
    rows[1:5] = ["It rains,Loading...,", "It rains,#REF!,", "It rains 3,下雨3,x", "It rains 4,下雨4,"]
    path = put(tmp_path, "t.csv", "\n".join(["English,中文,备注", *rows]))
    table = TableFile(path=path).read(0)
    assert isinstance(table, Table)
    assert better_source(table.frame) == "text_pairs"
    found = TextPairsFile(path=path).read(0)
    assert isinstance(found, TextPairs)
    assert (found.texts[1], found.translations[1], found.translations[4]) == ("", "", "下雨4")
    assert "Loading..." in " ".join(found.notices)


HALVES = {
    "flashcards of Anki": (
        "#separator:tab\n#html:true\n#guid column:1\n#tags column:4\n",
        "k{n}\tIt <b>rains</b>&nbsp;{n}[sound:a.mp3]\t下雨{n}<br>了\tHSK1 \n", True,
        ("It rains 3", "下雨3 了")),
    "questions and answers": ("", "Q: Does it rain {n}?\nA: It does,\nand snow.\n\n", True,
                              ("Does it rain 3?", "It does, and snow.")),
    "questions and answers in Chinese": ("", "问\uff1a下雨{n}吗?\n答\uff1a下。\n", True,
        ("下雨3吗?", "下。")),
    "words and their meanings": ("", "rain{n} n. 雨{n}\n", False, ("rain3 n.", "雨3")),
    "words and what they mean": ("", "rain{n} - water that falls\n", False, ("rain3", "water that falls")),
}  # fmt: skip


@pytest.mark.parametrize(("head", "line", "sure", "pair"), HALVES.values(), ids=HALVES)
def test_that_texts_in_two_halves_are_pairs_or_asked_about(
    head: str, line: str, sure: bool, pair: tuple[str, str], tmp_path: Path
) -> None:
    path = put(tmp_path, "t.txt", head + "".join(line.replace("{n}", str(n)) for n in range(30)))
    source = source_of(Path(path))
    assert isinstance(source, TextPairsFile if sure else TextFiles)
    if not sure:
        corpus = source.read(0)
        assert isinstance(corpus, Corpus)
        assert inspect_corpus(corpus, None, None).suggests == "text_pairs"
    found = TextPairsFile(path=path).read(0)
    assert isinstance(found, TextPairs)
    assert (len(found), found.texts[3], found.translations[3]) == (30, *pair)
    again = TextPairsFile(path=path).filled(found.found).read(0)
    assert isinstance(again, TextPairs)
    assert again.texts == found.texts


@pytest.mark.parametrize("label", ["{d}", "NUM:{d}", "pos{d}:", "TRUE_{l}"])
def test_that_labels_without_marks_before_texts_are_asked_about(label: str, tmp_path: Path) -> None:
    def line(n: int) -> str:
        return f"{label} We{n} came.\n".replace("{d}", str(n % 3)).replace("{l}", "ABC"[n % 3])

    path = put(tmp_path, "t.txt", "".join(map(line, range(60))))
    corpus = TextFiles(path=path).read(0)
    assert isinstance(corpus, Corpus)
    assert isinstance(source_of(Path(path)), TextFiles)
    assert inspect_corpus(corpus, None, None).suggests == "text_table"
    found = TextTable(path=path).read(0)
    assert isinstance(found, Texts)
    assert found.texts[4] == "We4 came."
    assert len(set(found.labels.tolist())) == 3
    # runs of earlier versions read such lines as texts alone, and know the column of these
    assert read_marked(Path(path), "auto") is None


@pytest.mark.parametrize("line", ["云计算{n} 5 n\n", "Ada{n} (Oslo) 12:3{n}\n", "10{n} -> door{n} open\n"])
def test_that_lines_of_one_shape_are_asked_about(line: str, tmp_path: Path) -> None:
    path = put(tmp_path, "t.txt", "".join(line.replace("{n}", str(n)) for n in range(60)))
    corpus = TextFiles(path=path).read(0)
    assert isinstance(corpus, Corpus)
    assert inspect_corpus(corpus, None, None).suggests in ("table", "text_pairs")


def test_that_a_list_of_names_and_prose_are_asked_about_nothing(tmp_path: Path) -> None:
    for line in ("We{n} came - and stayed.\nIt rained.\n", "Ada{n}\n", "{n}. We came.\n"):
        path = put(tmp_path, "t.txt", "".join(line.replace("{n}", str(n)) for n in range(60)))
        corpus = TextFiles(path=path).read(0)
        assert isinstance(corpus, Corpus)
        assert inspect_corpus(corpus, None, None).suggests == ""


# ------------------------------------------------------------------------------------------------ heads

BESIDE = {
    "WhatsApp of Android": (
        "c.txt", "05/03/2024, 10:22 - Messages are encrypted.\n",
        "05/03/2024, 1{d}:22 - Ann: We{n} came.\nIt rained.\n05/03/2024, 10:23 - Bob Lee: <Media omitted>\n",
        "We{n} came.\nIt rained.\n"),
    "WhatsApp of a telephone of Apple": (
        "c.txt", "", "[05.03.24, 10:2{d}:07] Ann: We{n} came.\n", "We{n} came.\n"),
    "WeChat": ("c.txt", "", "2024-03-05 10:22:4{d} 小明: 好{n}\n", "好{n}\n"),
    "QQ": (
        "c.txt", "消息记录\n=====\n消息对象:小红\n\n", "2024-03-05 10:22:4{d} 小明(12345)\n好{n}\n[图片]\n\n",
        "好{n}\n"),
    "Telegram": ("c.txt", "", "Ann, [05.03.2024 10:2{d}]\nWe{n} came.\n\n", "We{n} came.\n"),
    "IRC": ("c.log", "", "[10:2{d}] <ann> We{n} came.\n", "We{n} came.\n"),
    "a Kindle": (
        "My Clippings.txt", "", "The Long Night (Doe)\n- Your Highlight on page {n} | Added on May 5\n\n"
        "We{n} came.\n==========\n", "We{n} came.\n"),
    "captions of a machine": (
        "c.vtt", "WEBVTT\n\n", "00:0{d}:01.000 --> 00:0{d}:02.000\nwe{n}<00:00:01.200><c> came</c>\n\n"
        "00:0{d}:02.000 --> 00:0{d}:02.010\nwe{n} came\n\n", "we{n} came\n"),
    "Project Gutenberg": (
        "b.txt", "Project Gutenberg's Night\n*** START OF THE PROJECT GUTENBERG EBOOK NIGHT ***\n\n",
        "We{n} came.\nIt rained all of that night.\n", "We{n} came.\nIt rained all of that night.\n"),
    "Obsidian": (
        "n.md", "---\ntitle: A night\ntags:\n  - rain\n---\n\n", "We{n} came.\n\n", "We{n} came.\n\n"),
    "subtitles of Aegisub": (
        "f.ass", "[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n",
        "Dialogue: 0,0:00:0{d}.00,0:00:0{d}.90,Default,,0,0,0,,{\\i1}We{n}, too,\\Ncame.\n",
        "We{n}, too, came.\n"),
    "a song": ("s.lrc", "[ti:Night]\n[ar:Doe]\n", "[00:0{d}.10][01:0{d}.10]We{n} came\n", "We{n} came\n"),
    "a play, whose names are part of it": ("p.txt", "", "ROMEO:\nWe{n} came.\n\n", None),
    "a diary": ("d.txt", "", "2024-03-0{d} 10:22 Rain{n}\nWe{n} stayed.\n", None),
    "notes parted by a rule": ("d.txt", "---\n", "It rained {n}: no end.\n---\n", None),
}  # fmt: skip


@pytest.mark.parametrize(("name", "above", "line", "said"), BESIDE.values(), ids=BESIDE)
def test_that_what_stands_beside_a_text_is_left_out_and_told(
    name: str, above: str, line: str, said: str | None, tmp_path: Path
) -> None:
    def lines(form: str) -> str:
        return "".join(form.replace("{n}", str(place)).replace("{d}", str(place % 9)) for place in range(40))

    path = put(tmp_path, name, above + lines(line))
    assert isinstance(source_of(Path(path)), TextFiles)
    left_out, kept = (TextFiles(path=path, heads=heads).read(0) for heads in ("leave_out", "keep"))
    assert isinstance(left_out, Corpus)
    assert isinstance(kept, Corpus)
    told = "set Heads" in " ".join(left_out.notices)
    # what is no text in a file of subtitles is its form, and was never text
    marked = name.endswith((".ass", ".lrc"))
    assert (left_out.documents != kept.documents) == told == (said is not None and not marked)
    assert said is None or left_out.documents[0] == lines(said)


@pytest.mark.parametrize(("name", "form"), [
    ("f.srt", "{n}\n00:00:0{d},000 --> 00:00:0{d},900\n我们{n}\nWe{n} came.\n\n"),
    ("f.ass", "Dialogue: 0,0:00:0{d}.00,0:00:0{d}.90,Default,,0,0,0,,我们{n}\\NWe{n} came.\n"),
])  # fmt: skip
@pytest.mark.parametrize("code", ["utf-8", "utf-16", "gb18030"])
def test_that_subtitles_in_two_languages_are_pairs(name: str, form: str, code: str, tmp_path: Path) -> None:
    lines = "".join(form.replace("{n}", str(n)).replace("{d}", str(n % 9)) for n in range(60))
    path = put(tmp_path, name, lines, code)
    source = source_of(Path(path))
    assert isinstance(source, TextPairsFile)
    for found in (source.read(0), source.filled(source.read(0).found).read(0)):
        assert isinstance(found, TextPairs)
        assert (found.texts[7], found.translations[7]) == ("我们7", "We7 came.")
        assert len(found) == 60
    turned = TextPairsFile(path=path, source="line 2", target="line 1").read(0)
    assert isinstance(turned, TextPairs)
    assert (turned.texts[7], turned.translations[7]) == ("We7 came.", "我们7")


def test_that_subtitles_in_one_language_are_running_text(tmp_path: Path) -> None:
    lines = "".join(
        f"{n}\n00:00:0{n % 9},000 --> 00:00:0{n % 9},900\nWe came,\nall {n} of us.\n\n" for n in range(60)
    )
    assert isinstance(source_of(Path(put(tmp_path, "f.srt", lines))), TextFiles)
