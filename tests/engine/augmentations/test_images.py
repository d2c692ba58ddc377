"""Each change of pictures against its definition, worked out another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance

from engine.augmentations.augmentation import Levels
from engine.augmentations.images import (
    Colour,
    Crop,
    Cutout,
    Flip,
    Rotate,
    Shift,
    covered,
    cropped,
    recoloured,
    rotated,
    shifted,
)
from engine.data.description import Description, Inputs, Targets
from engine.tasks.task import Batch

BLACK = torch.tensor([-0.5, -1.0, -2.0]).view(3, 1, 1)
LEVELS = Levels(BLACK, BLACK + 4, BLACK + 1)
FACTS = Targets("classes", ("label",), ("a", "b"))


def pictures(count: int = 5, channels: int = 3, height: int = 6, width: int = 8) -> torch.Tensor:
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def batch_of(inputs: torch.Tensor) -> Batch:
    return Batch(inputs, torch.arange(len(inputs)) % 2, FACTS)


def description(*shape: int) -> Description:
    return Description(Inputs("image", shape), FACTS, 10, 5, 5)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (2, 0), (-1, 3), (3, -3), (-3, -2)])
def test_that_a_shift_is_a_roll_with_the_rolled_in_places_filled(down, right):
    one = pictures(1)
    wanted = np.roll(one.numpy(), (down, right), axis=(2, 3))
    rows, columns = np.arange(6), np.arange(8)
    outside = ((rows - down < 0) | (rows - down > 5))[:, None] | (
        (columns - right < 0) | (columns - right > 7)
    )
    wanted = np.where(outside, BLACK.numpy(), wanted)
    found = shifted(one, torch.tensor([down]), torch.tensor([right]), 3, BLACK)
    assert np.array_equal(found.numpy(), wanted)


def test_that_a_shift_with_the_edge_repeats_the_nearest_pixel():
    one = pictures(1)
    found = shifted(one, torch.tensor([2]), torch.tensor([-1]), 3, None)
    rows, columns = np.clip(np.arange(6) - 2, 0, 5), np.clip(np.arange(8) + 1, 0, 7)
    assert np.array_equal(found.numpy(), one.numpy()[:, :, rows][:, :, :, columns])


def test_that_each_picture_has_a_shift_of_its_own():
    many = pictures(4)
    down, right = torch.tensor([1, 0, -2, 3]), torch.tensor([0, 2, -3, 1])
    together = shifted(many, down, right, 3, BLACK)
    for index in range(4):
        alone = shifted(many[index : index + 1], down[index : index + 1], right[index : index + 1], 3, BLACK)
        assert torch.equal(together[index], alone[0])


def test_that_every_shift_up_to_the_largest_occurs_and_none_beyond():
    single = torch.zeros(2000, 1, 9, 9)
    single[:, :, 4, 4] = 1
    torch.manual_seed(0)
    levels = Levels(*(torch.zeros(1, 1, 1) for _ in range(3)))
    found = Shift(most=2).augment(batch_of(single), levels).inputs.sum(0)[0]
    inside = torch.zeros(9, 9, dtype=torch.bool)
    inside[2:7, 2:7] = True
    assert torch.equal(found > 0, inside)
    assert abs(found[inside] - 2000 / 25).max() < 5 * math.sqrt(2000 / 25)


@pytest.mark.parametrize("direction", ["horizontal", "vertical", "both"])
def test_that_a_flip_made_twice_is_none(direction):
    flip = Flip(direction=direction, probability=1.0)
    batch = batch_of(pictures())
    once = flip.augment(batch, LEVELS)
    assert not torch.equal(once.inputs, batch.inputs)
    assert torch.equal(flip.augment(once, LEVELS).inputs, batch.inputs)


def test_that_a_flip_mirrors_the_named_axis():
    one = pictures()
    assert np.array_equal(
        Flip(probability=1.0).augment(batch_of(one), LEVELS).inputs.numpy(), one.numpy()[..., ::-1]
    )
    up = Flip(direction="vertical", probability=1.0).augment(batch_of(one), LEVELS).inputs
    assert np.array_equal(up.numpy(), one.numpy()[:, :, ::-1])


def test_that_a_flip_mirrors_its_share_of_the_pictures():
    many = pictures(1).expand(4000, -1, -1, -1)
    torch.manual_seed(0)
    found = Flip(probability=0.25).augment(batch_of(many), LEVELS).inputs
    share = (found != many).flatten(1).any(1).double().mean()
    assert abs(share - 0.25) < 5 * math.sqrt(0.25 * 0.75 / 4000)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_that_a_rotation_by_right_angles_is_rot90(turns):
    square = pictures(height=7, width=7)
    found = rotated(square, torch.full((5,), turns * math.pi / 2), BLACK)
    wanted = np.rot90(square.numpy(), turns, axes=(2, 3))
    np.testing.assert_allclose(found.numpy(), wanted, atol=1e-5)


def test_that_half_a_turn_of_a_picture_that_is_no_square_turns_it_upside_down():
    found = rotated(pictures(), torch.full((5,), math.pi), None)
    np.testing.assert_allclose(found.numpy(), pictures().numpy()[..., ::-1, ::-1], atol=1e-5)


def test_that_a_rotation_of_a_picture_that_is_no_square_keeps_shapes():
    rows, columns = torch.meshgrid(torch.arange(40) - 19.5, torch.arange(60) - 29.5, indexing="ij")
    bar = ((rows.abs() < 2) & (columns.abs() < 15)).float().expand(1, 1, -1, -1)
    found = rotated(bar, torch.tensor([math.pi / 2]), torch.zeros(1, 1, 1))
    upright = ((columns.abs() < 2) & (rows.abs() < 15)).float()
    np.testing.assert_allclose(found[0, 0].numpy(), upright.numpy(), atol=1e-4)


def test_that_what_a_rotation_uncovers_is_filled():
    white = (BLACK + 4).expand(1, 3, 8, 8)
    found = rotated(white, torch.tensor([math.pi / 4]), BLACK)
    torch.testing.assert_close(found[0, :, 0, 0], BLACK[:, 0, 0])
    torch.testing.assert_close(rotated(white, torch.tensor([math.pi / 4]), None), white)


def test_that_the_whole_as_its_own_part_is_the_picture():
    one, nothing = torch.ones(5), torch.zeros(5)
    torch.testing.assert_close(cropped(pictures(), one, one, nothing, nothing), pictures(), atol=1e-5, rtol=0)


def test_that_a_crop_is_what_pillow_enlarges_bilinearly():
    plain = pictures(1, 1, 12, 16)
    half, nothing = torch.tensor([0.5]), torch.zeros(1)
    found = cropped(plain, half, half, nothing, nothing)[0, 0, 2:-2, 2:-2]
    middle = Image.fromarray(plain[0, 0].numpy()).resize(
        (16, 12), Image.Resampling.BILINEAR, box=(4, 3, 12, 9)
    )
    np.testing.assert_allclose(found.numpy(), np.asarray(middle)[2:-2, 2:-2], atol=1e-5)


def test_that_a_crop_never_looks_outside_the_picture():
    torch.manual_seed(0)
    slope = torch.arange(16.0).expand(500, 1, 16, 16)
    found = Crop(area=0.3, stretch=2.0).augment(batch_of(slope), LEVELS).inputs
    widths = found[:, 0, 0, -1] - found[:, 0, 0, 0]
    steps = found.diff(dim=-1)[:, 0, 0]
    inner = steps[:, 1:-1]
    assert inner.min() > 0  # no pixel of the edge is drawn out
    assert widths.max() <= 15 + 1e-4


def test_that_colour_does_what_pillow_does():
    values = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    light = torch.tensor(values / 255.0).movedim(-1, 0)[None]
    factors = [torch.full((1, 1, 1, 1), factor, dtype=torch.float64) for factor in (1.3, 0.7, 1.4)]
    found = recoloured(light, *factors)[0].movedim(0, -1).numpy() * 255
    picture = Image.fromarray(values)
    for change, factor in zip(
        (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color), factors, strict=True
    ):
        picture = change(picture).enhance(float(factor))
    assert np.abs(found - np.asarray(picture, np.float64)).max() < 4  # Pillow rounds to bytes at each step


def test_that_colour_stays_between_black_and_white_and_without_changes_does_nothing():
    light = pictures() * 4 + BLACK
    wild = Colour(brightness=1.0, contrast=1.0, saturation=1.0).augment(batch_of(light), LEVELS).inputs
    assert (wild >= LEVELS.black - 1e-5).all()
    assert (wild <= LEVELS.white + 1e-5).all()
    still = Colour(brightness=0.0, contrast=0.0, saturation=0.0).augment(batch_of(light), LEVELS).inputs
    torch.testing.assert_close(still, light)


def test_that_grey_pictures_have_no_saturation():
    levels = Levels(*(torch.full((1, 1, 1), value) for value in (0.0, 1.0, 0.5)))
    grey = pictures(channels=1)
    found = Colour(brightness=0.0, contrast=0.0, saturation=1.0).augment(batch_of(grey), levels).inputs
    torch.testing.assert_close(found, grey)


def test_that_a_square_is_covered_and_nothing_else():
    found = covered(pictures(2), torch.tensor([1, -2]), torch.tensor([3, 6]), 4, BLACK)
    wanted = pictures(2)
    wanted[0, :, 1:5, 3:7] = BLACK
    wanted[1, :, 0:2, 6:8] = BLACK
    assert torch.equal(found, wanted)


def test_that_the_middle_of_the_square_lies_anywhere_in_the_picture():
    torch.manual_seed(0)
    found = Cutout(side=1).augment(batch_of(torch.full((2000, 3, 6, 8), 9.0)), LEVELS).inputs
    hit = (found[:, 0] == LEVELS.mean[0]).sum(0)
    assert hit.sum() == 2000
    assert (hit > 0).all()


@pytest.mark.parametrize(
    ("choice", "path"), [(Shift(most=6), "most"), (Cutout(side=8), "side"), (Cutout(side=9), "side")]
)
def test_that_a_change_as_large_as_the_picture_is_refused_at_its_setting(choice, path):
    (problem,) = choice.problems(description(3, 6, 8))
    assert problem.path == path
    assert not type(choice)(**{path: 3}).problems(description(3, 6, 8))


def test_that_pictures_without_square_shape_are_turned_in_pixels_not_in_shares():
    assert Rotate(most=90.0).augment(batch_of(pictures()), LEVELS).inputs.shape == (5, 3, 6, 8)
