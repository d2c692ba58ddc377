"""Both themes can be read by everyone: contrasts after WCAG 2.2, distances as colour-blind eyes see them."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

THEME = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "resources" / "theme.toml").read_text(encoding="utf-8")
)
MODES = ["light", "dark"]
SURFACES = ["ground", "card", "raised"]
STATES = [*SURFACES, "hover", "pressed", "selection", "accent_soft"]
SOFT = ["success_soft", "warning_soft", "danger_soft"]
WRITTEN = (
    [("text", ground) for ground in [*STATES, *SOFT]]
    + [("text_muted", ground) for ground in [*STATES, *SOFT]]
    + [("text_faint", ground) for ground in SURFACES]
    + [("accent", ground) for ground in [*SURFACES, "accent_soft"]]
    + [("accent_text", ground) for ground in ["accent", "accent_hover", "accent_pressed"]]
    + [(tone, g) for tone in ["success", "warning", "danger"] for g in [*SURFACES, f"{tone}_soft"]]
    + [("plot_axis", ground) for ground in ["ground", "card"]]
)
SHOWN = [(part, ground) for part in ["focus", "border_strong", "plot_marker"] for ground in SURFACES]
MACHADO = {  # severity 1 in linear light; Machado, Oliveira and Fernandes (2009), table of matrices
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


CONES = np.array(
    [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
)
OKLAB = np.array(
    [
        [0.2104543, 0.7936178, -0.0040720],
        [1.9779985, -2.4285922, 0.4505937],
        [0.0259040, 0.7827718, -0.8086758],
    ]
)


def linear(colour: str) -> Any:
    """Linear light of red, green and blue (IEC 61966-2-1)."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """(L1 + 0.05) / (L2 + 0.05), the lighter above (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklab(light: Any) -> Any:
    """Even perception from linear light (B. Ottosson, 2020)."""
    return OKLAB @ np.cbrt(CONES @ light)


def apart(one: str, other: str, eye: str) -> float:
    first, second = (oklab(np.clip(MACHADO[eye] @ linear(colour), 0, 1)) for colour in (one, other))
    return float(np.linalg.norm(first - second))


def test_that_black_on_white_has_the_contrast_of_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
def test_that_every_value_is_a_colour(mode: str) -> None:
    for value in THEME[mode].values():
        for colour in value if isinstance(value, list) else [value]:
            assert re.fullmatch("#[0-9A-F]{6}([0-9A-F]{2})?", colour), colour


def test_that_both_themes_name_the_same_tokens() -> None:
    assert list(THEME["light"]) == list(THEME["dark"])
    for name, value in THEME["light"].items():
        assert np.shape(value) == np.shape(THEME["dark"][name])


def test_that_sizes_are_those_of_the_design() -> None:
    assert (THEME["font"]["text"], THEME["spacing"]["grid"], THEME["radius"]["card"]) == (13, 8, 8)
    assert THEME["spacing"]["target"] >= 24  # WCAG 2.2, 2.5.8


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), WRITTEN)
def test_that_text_has_4_5_to_1_on_whatever_it_stands_on(mode: str, text: str, ground: str) -> None:
    assert contrast(THEME[mode][text], THEME[mode][ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("part", "ground"), SHOWN)
def test_that_outlines_that_mean_something_have_3_to_1(mode: str, part: str, ground: str) -> None:
    assert contrast(THEME[mode][part], THEME[mode][ground]) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_that_words_in_the_colour_of_a_run_can_be_read(mode: str) -> None:
    for colour, ground in itertools.product(THEME[mode]["series_text"], ["ground", "card"]):
        assert contrast(colour, THEME[mode][ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", MACHADO)
def test_that_no_two_run_colours_look_alike_to_any_eye(mode: str, eye: str) -> None:
    """The closest pair of Okabe and Ito's own eight is 0.076 apart; ours may hardly be closer."""
    for one, other in itertools.combinations(THEME[mode]["series"], 2):
        assert apart(one, other, eye) >= 0.07, (one, other)


def test_that_every_run_colour_has_3_to_1_on_the_dark_card() -> None:
    for colour in THEME["dark"]["series"]:
        assert contrast(colour, THEME["dark"]["card"]) >= 3


def test_that_light_runs_are_okabe_and_itos_colours_but_for_black_and_yellow() -> None:
    okabe_ito = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"]
    assert THEME["light"]["series"][:6] == okabe_ito


@pytest.mark.parametrize("mode", MODES)
def test_that_the_sequential_map_runs_evenly_from_the_card_to_the_accent(mode: str) -> None:
    stops = THEME[mode]["sequential"]
    assert (stops[0], stops[-1]) == (THEME[mode]["card"], THEME[mode]["accent"])
    steps = np.diff([oklab(linear(colour))[0] for colour in stops])
    assert np.abs(steps - steps.mean()).max() < 0.1 * abs(steps.mean())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", MACHADO)
def test_that_the_diverging_map_joins_two_run_colours_through_the_card(mode: str, eye: str) -> None:
    stops = THEME[mode]["diverging"]
    middle = len(stops) // 2
    assert len(stops) % 2 == 1
    assert [stops[0], stops[middle], stops[-1]] == [
        THEME[mode]["series"][0],
        THEME[mode]["card"],
        THEME[mode]["series"][1],
    ]
    for arm in (stops[middle::-1], stops[middle:]):
        distances = [apart(stops[middle], colour, eye) for colour in arm]
        assert distances == sorted(distances)
    assert apart(stops[0], stops[-1], eye) > 0.2
