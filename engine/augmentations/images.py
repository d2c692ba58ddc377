"""Changes of pictures: where things stand, how they are lit, and what of them is seen."""

from __future__ import annotations

from dataclasses import replace
from math import log, radians
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.augmentations.augmentation import Augmentation, Levels
from engine.choices import Message, Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind

if TYPE_CHECKING:
    from torch import Tensor

    from engine.tasks.task import Batch

_PICTURES: frozenset[InputKind] = frozenset({"image"})
_GREY = (0.299, 0.587, 0.114)
"""How bright red, green and blue are (ITU-R BT.601)."""

Fill = Annotated[
    Literal["black", "mean", "edge"],
    Setting(
        "Fill",
        "What stands where there was no picture.",
        options={
            "black": "black",
            "mean": "the mean of all training pictures",
            "edge": "the pixels of the edge, drawn out",
        },
    ),
]


class Shift(Augmentation, kind="shift", title="Shift", rank=1):
    """Moves each picture by some pixels, up or down and left or right.

    The network learns that it does not matter where a thing stands. Whole pixels, so that nothing is blurred;
    each picture by a distance of its own, every distance up to the largest being equally likely.

    Formula: x′(i, j) = x(i − d, j − r), d and r drawn from −m, …, m

    Source: Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis, 2003; He et al., Deep Residual Learning for Image Recognition, 2016, section 4.2.
    """

    most: Annotated[
        int,
        Setting(
            "Largest shift",
            "In each direction.",
            symbol="m",
            unit="px",
            least=1,
            most=512,
            summary="Shift by {value} px",
        ),
    ] = 2
    fill: Fill = "black"
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where a picture could be pushed out of sight."""
        if (found := super().problems(about)) or about.inputs is None:
            return found
        if self.most < (side := min(about.inputs.shape[1:])):
            return ()
        return (
            Problem(
                "most",
                Message(
                    "must be below {side}, the shorter side of the pictures, not {most}",
                    side=side,
                    most=self.most,
                ),
            ),
        )

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the pictures shifted."""
        import torch

        count, device = len(batch.inputs), batch.inputs.device
        # one more, as randint leaves the upper end out
        down, right = torch.randint(-self.most, self.most + 1, (2, count), device=device)
        return replace(
            batch, inputs=shifted(batch.inputs, down, right, self.most, _ground(self.fill, levels))
        )


class Flip(Augmentation, kind="flip", title="Flip", rank=2):
    """Mirrors every second picture, drawn by lot.

    Left and right are alike for clothes, animals and landscapes; not for digits and letters. Up and down are
    alike only for what is seen from above.

    Formula: x′(i, j) = x(i, W − 1 − j) with probability p, else x

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012, section 4.1.
    """

    direction: Annotated[
        Literal["horizontal", "vertical", "both"],
        Setting(
            "Direction",
            "Along which axis the picture is mirrored.",
            options={
                "horizontal": "left and right change places",
                "vertical": "top and bottom change places",
                "both": "each of the two, by lots of their own",
            },
        ),
    ] = "horizontal"
    probability: Annotated[
        float, Setting("Probability", "Share of the pictures mirrored.", symbol="p", above=0, most=1)
    ] = 0.5
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the pictures, some of them mirrored."""
        import torch

        axes = {"horizontal": (-1,), "vertical": (-2,), "both": (-1, -2)}[self.direction]
        pictures = batch.inputs
        for axis in axes:
            chosen = torch.rand(len(pictures), 1, 1, 1, device=pictures.device) < self.probability
            # all are flipped: to pick those that were drawn would wait for the device
            pictures = pictures.flip(axis).where(chosen, pictures)
        return replace(batch, inputs=pictures)


class Rotate(Augmentation, kind="rotate", title="Rotate", rank=3):
    """Turns each picture about its middle by an angle of its own.

    Pixels in between are mixed from their four neighbours (bilinear), which blurs a little. The ends of a
    picture that is much taller than wide, or wider than tall, are soon turned out of sight: where the sine of
    the angle is half of the shorter side by the longer one, they move by a quarter of the shorter side.

    Formula: x′(p) = x(R(−α) p), α drawn evenly from −a to a

    Source: Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis, 2003.
    """

    most: Annotated[
        float,
        Setting(
            "Largest angle",
            "To either side. Of pictures that are much taller than wide, or wider than tall, 30° turn out of "
            "sight what lies near their ends: new experiments begin with an angle that keeps it.",
            symbol="a",
            unit="°",
            above=0,
            most=180,
            summary="Rotate by {value}°",
        ),
    ] = 10.0
    fill: Fill = "black"
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the pictures turned."""
        angles = _evenly(batch.inputs, radians(self.most))
        return replace(batch, inputs=rotated(batch.inputs, angles, _ground(self.fill, levels)))


class Crop(Augmentation, kind="crop", title="Random resized crop", rank=4):
    """Cuts a part out of each picture and enlarges it to the size of the whole.

    The network sees things near and far, and not always whole.

    Formula: a rectangle of s · H · W pixels, s drawn evenly from the smallest share to 1, sides in proportion
    r, log r drawn evenly from −log q to log q, anywhere inside; enlarged bilinearly

    Source: Szegedy et al., Going Deeper with Convolutions, 2015, section 6.
    """

    area: Annotated[
        float,
        Setting(
            "Smallest share", "Of the picture's area that is kept at least.", symbol="s", above=0, most=1
        ),
    ] = 0.6
    stretch: Annotated[
        float,
        Setting("Largest stretch", "By how much one side may be drawn out.", symbol="q", least=1, most=4),
    ] = 1.25
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return parts of the pictures, enlarged."""
        import torch

        pictures = batch.inputs
        # from 1 downwards: rand never gives 1, and a share must not be below the smallest
        share = 1 - (1 - self.area) * torch.rand(len(pictures), device=pictures.device)
        ratio = _evenly(pictures, log(self.stretch)).exp()
        # a part that is drawn out may come out longer than the picture
        height, width = (share * ratio).sqrt().clamp(max=1), (share / ratio).sqrt().clamp(max=1)
        down, right = (1 - height) * _evenly(pictures, 1), (1 - width) * _evenly(pictures, 1)
        return replace(batch, inputs=cropped(pictures, height, width, down, right))


class Colour(Augmentation, kind="colour", title="Colour and light", rank=5):
    """Makes each picture brighter or darker, flatter or harder, paler or more vivid.

    The network learns not to mind the weather and the lamp. Each of the three by a factor of its own, drawn
    evenly from 1 − its largest change to 1 + it; results stay between black and white. Grey pictures have
    no saturation.

    Formula: x′ = b x; then c (x − m) + m, m the mean grey of the picture; then s (x − g) + g, g = 0.299 red +
    0.587 green + 0.114 blue

    Source: Howard, Some Improvements on Deep Convolutional Neural Network Based Image Classification, 2013.
    """

    brightness: Annotated[
        float, Setting("Brightness", "Largest change; 0 is off.", symbol="b", least=0, most=1)
    ] = 0.2
    contrast: Annotated[
        float, Setting("Contrast", "Largest change; 0 is off.", symbol="c", least=0, most=1)
    ] = 0.2
    saturation: Annotated[
        float, Setting("Saturation", "Largest change; 0 is off.", symbol="s", least=0, most=1)
    ] = 0.2
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the pictures in another light."""
        span = levels.white - levels.black
        light = (batch.inputs - levels.black) / span
        factors = (
            1 + _evenly(light, most).view(-1, 1, 1, 1)
            for most in (self.brightness, self.contrast, self.saturation)
        )
        return replace(batch, inputs=recoloured(light, *factors) * span + levels.black)


class Cutout(Augmentation, kind="cutout", title="Cutout", rank=6):
    """Covers a square of each picture.

    The network cannot rely on a single part of a thing. The middle of the square lies anywhere in the
    picture, so that at the edge part of it falls outside.

    Formula: x′(i, j) = fill where |i − a| and |j − b| are at most half of the side, else x

    Source: DeVries and Taylor, Improved Regularization of Convolutional Neural Networks with Cutout, 2017.
    """

    side: Annotated[
        int,
        Setting(
            "Side of the square",
            "About half of the picture's side.",
            unit="px",
            least=1,
            most=512,
            summary="Cutout of {value} px",
        ),
    ] = 8
    fill: Annotated[
        Literal["mean", "black"],
        Setting(
            "Fill",
            "What covers the picture.",
            options={"mean": "the mean of all training pictures", "black": "black"},
        ),
    ] = "mean"
    accepts: ClassVar[frozenset[InputKind]] = _PICTURES

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where the square could cover a whole picture."""
        # the longer side: a square as large as the shorter one still leaves a strip
        if (found := super().problems(about)) or about.inputs is None:
            return found
        if self.side < (side := max(about.inputs.shape[1:])):
            return ()
        return (
            Problem(
                "side",
                Message(
                    "must be below {side}, the longer side of the pictures, not {given}",
                    side=side,
                    given=self.side,
                ),
            ),
        )

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the pictures, each with a square covered."""
        import torch

        count, _, height, width = batch.inputs.shape
        device = batch.inputs.device
        top, left = (
            torch.randint(0, side, (count,), device=device) - self.side // 2 for side in (height, width)
        )
        ground = levels.mean if self.fill == "mean" else levels.black
        return replace(batch, inputs=covered(batch.inputs, top, left, self.side, ground))


def shifted(pictures: Tensor, down: Tensor, right: Tensor, most: int, ground: Tensor | None) -> Tensor:
    """Return pictures (B, C, H, W) moved by `down` and `right` pixels (B,), each at most `most`.

    Uncovered places get `ground` (C, 1, 1), or the pixels of the edge where it is None.
    """
    import torch
    from torch.nn.functional import pad

    count, channels, height, width = pictures.shape
    if ground is None:
        wide = pad(pictures, (most,) * 4, mode="replicate")
    else:
        # clone: expand shows one place many times, and must be real before it is written to
        wide = ground.expand(count, channels, height + 2 * most, width + 2 * most).clone()
        wide[..., most : most + height, most : most + width] = pictures
    # views of all windows, of which each picture picks one: no loop over pictures, no copy of them
    windows = wide.unfold(2, height, 1).unfold(3, width, 1)
    # minus: a window that goes up shows the picture moved down
    return windows[torch.arange(count, device=pictures.device), :, most - down, most - right]


def rotated(pictures: Tensor, angles: Tensor, ground: Tensor | None) -> Tensor:
    """Return pictures (B, C, H, W) turned against the clock by `angles` (B,) in radians."""
    import torch

    height, width = pictures.shape[2:]
    cosine, sine, nothing = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # both sides reach from −1 to 1 here: without their proportion a turn would also shear
    turn = torch.stack(
        [cosine, -sine * height / width, nothing, sine * width / height, cosine, nothing], dim=1
    ).view(-1, 2, 3)
    return _resampled(pictures, turn, ground)


def cropped(pictures: Tensor, height: Tensor, width: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Return a part of each picture, enlarged: its sides as shares of the whole, its middle from −1 to 1."""
    import torch

    nothing = torch.zeros_like(height)
    window = torch.stack([width, nothing, right, nothing, height, down], dim=1).view(-1, 2, 3)
    # without ground: a part lies within the picture, and only mixing at its rim looks outside
    return _resampled(pictures, window, None)


def recoloured(pictures: Tensor, brightness: Tensor, contrast: Tensor, saturation: Tensor) -> Tensor:
    """Return pictures (B, C, H, W) from 0 (black) to 1 (white) in another light; factors (B, 1, 1, 1)."""
    light = (pictures * brightness).clamp(0, 1)
    mean = _grey(light).mean((1, 2, 3), keepdim=True)
    light = (mean + (light - mean) * contrast).clamp(0, 1)
    if light.shape[1] == 1:  # no colours to be paler or stronger
        return light
    grey = _grey(light)
    return (grey + (light - grey) * saturation).clamp(0, 1)


def covered(pictures: Tensor, top: Tensor, left: Tensor, side: int, ground: Tensor) -> Tensor:
    """Return pictures (B, C, H, W) with a square of `ground` (C, 1, 1) from `top`, `left` on."""
    import torch

    height, width = pictures.shape[2:]
    rows = torch.arange(height, device=pictures.device) - top[:, None]
    columns = torch.arange(width, device=pictures.device) - left[:, None]
    inside = ((rows >= 0) & (rows < side))[:, None, :, None] & ((columns >= 0) & (columns < side))[
        :, None, None
    ]
    return ground.where(inside, pictures)


def _evenly(like: Tensor, most: float) -> Tensor:
    """Return one number for each example, drawn evenly from −most to most."""
    import torch

    return (2 * torch.rand(len(like), device=like.device) - 1) * most


def _ground(fill: str, levels: Levels) -> Tensor | None:
    return {"black": levels.black, "mean": levels.mean, "edge": None}[fill]


def _grey(pictures: Tensor) -> Tensor:
    if pictures.shape[1] == 1:
        return pictures
    weighted = pictures.new_tensor(_GREY) @ pictures.flatten(2)
    return weighted.view(len(pictures), 1, *pictures.shape[2:])


def _resampled(pictures: Tensor, places: Tensor, ground: Tensor | None) -> Tensor:
    """Return pictures looked up bilinearly at affinely moved places (B, 2, 3); outside is `ground`."""
    from torch.nn.functional import affine_grid, grid_sample

    # align_corners=False: −1 and 1 are the outer edges of the corner pixels, as sizes are counted everywhere
    grid = affine_grid(places, list(pictures.shape), align_corners=False)
    if ground is None:
        return grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    # grid_sample puts 0 outside, so for a moment 0 has to be the ground
    return grid_sample(pictures - ground, grid, align_corners=False) + ground
