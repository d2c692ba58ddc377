"""The rules of mnemonics: every entry has a letter of its own, and its words are as before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.language.mnemonics import with_mnemonics
from app.shell.actions import ACTIONS, MENUS


def letter(text: str) -> str:
    at = text.replace("&&", "  ").find("&")
    return text[at + 1].casefold() if at >= 0 else ""


def bare(text: str) -> str:
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def test_that_every_menu_and_entry_has_a_letter_of_its_own() -> None:
    words = {action.key: action.words for action in ACTIONS}
    titles = with_mnemonics([title for title, _ in MENUS])
    assert len({letter(title) for title in titles} - {""}) == len(MENUS)
    for _, keys in MENUS:
        entries = [words[key] for key in keys if key in words]
        letters = [letter(text) for text in with_mnemonics(entries)]
        assert len(set(letters) - {""}) == len(entries)


def test_that_a_translator_may_choose_the_letter() -> None:
    assert with_mnemonics(["Da&tei", "Training"])[0] == "Da&tei"
    assert letter(with_mnemonics(["Da&tei", "Training"])[1]) != "t"


def test_that_words_without_a_letter_of_the_keyboard_are_left_as_they_are() -> None:
    assert with_mnemonics(["文件", "编辑"]) == ("文件", "编辑")


@given(st.lists(st.text("abcABC &äß文1", max_size=8).filter(lambda text: "&" not in text), max_size=6))
def test_that_words_stay_and_no_letter_is_given_twice(words: list[str]) -> None:
    made = with_mnemonics(words)
    assert [bare(text) for text in made] == words
    letters = [found for text in made if (found := letter(text))]
    assert len(set(letters)) == len(letters)
