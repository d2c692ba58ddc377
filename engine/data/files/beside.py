"""What lies beside the data of a folder and is not learnt from, by its name: answers that somebody handed in,
lists of words and of labels, descriptions of columns.

They are tables and texts like the data, so that nothing but their names tells them from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from engine.choices import Message
from engine.data.files.placement import part_of

_ANSWERS = "predict predicted predictions preds submission submissions submit"
_LISTS = "vocab vocabs vocabulary stopwords label2id id2label labelmap"
_NOTES = "schema codebook readme"
_CHINESE = "预测 预测结果 提交 提交样例 样例提交 提交示例 词表 词典 停用词"
_CHINESE_NOTES = "说明 数据说明 字段说明 数据字典 标签表"
_ANYWHERE = frozenset(f"{_ANSWERS} {_LISTS} {_NOTES} {_CHINESE} {_CHINESE_NOTES}".split())
"""Words of which one in the name is enough."""
_NAMES = """
labels label classes class classnames class_names class_list label_list label_names tags tagset categories
stats prediction description data_description dictionary data_dictionary column_descriptions features_info
标签 类别
"""
_WHOLE = frozenset(_NAMES.split())
"""Names that say it only where nothing else stands in them: prediction.csv, but not loan_prediction.csv."""
_APART = re.compile(r"[\s._-]+")


def lies_beside(name: str) -> bool:
    """Return whether a file is called as what lies beside data: submission.csv, vocab.txt, labels.json.

    A name that also says which part it is, as train_labels.csv, is data.
    """
    stem = PurePath(name).stem.lower()
    words = {stem, *_APART.split(stem)}
    return stem in _WHOLE or (not _ANYWHERE.isdisjoint(words) and part_of(name) != "train")


def judged_by(files: Sequence[Path]) -> list[Path]:
    """Return the files of a folder by which it is judged what the folder holds.

    They are those called train; where there are none, all that do not lie beside data; where nothing else
    is there, all.
    """
    data = [path for path in files if not lies_beside(path.name)]
    return [path for path in data if part_of(path.name) == "train"] or data or [*files]


def told_outside(places: Iterable[Sequence[str]], one: str) -> list[str]:
    """Return that examples lie in none of the class folders and are left out: the file where one lies in its
    folder, else the folder with how many. `one` is what an example is called.
    """
    # needs pandas, which forms do without
    from engine.data.cells.values import counted, listed

    folders: dict[str, list[str]] = {}
    for place in places:
        # those beside all folders have no other name than their own
        folders.setdefault("/".join(place[:-1]) or place[-1], []).append("/".join(place))
    names = [own[0] if len(own) == 1 else f"{name} ({len(own)})" for name, own in folders.items()]
    if not names:
        return []
    said = "{counted} beside the class folders left out: {names}"
    count = sum(map(len, folders.values()))
    return [Message(said, counted=counted(count, one), names=listed(names, 3))]
