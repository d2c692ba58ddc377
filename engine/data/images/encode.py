"""How images become the inputs of a network."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from engine.choices import Message
from engine.data.description import Inputs
from engine.data.encoder import Encoder, Say
from engine.data.images.raw import ImageSet
from engine.data.memory import blocks, room
from engine.data.raw import Found, Raw
from engine.data.refusal import refused


class ImageEncoder(Encoder):
    """Pictures of one size; each channel (pixel - offset) / scale, pixels from 0 to 255."""

    kind: Literal["pictures"] = "pictures"
    takes: ClassVar[type[Raw]] = ImageSet
    what: ClassVar[str] = "pictures"
    height: Annotated[int, Field(ge=1, le=4096)]
    width: Annotated[int, Field(ge=1, le=4096)]
    channels: Literal[1, 3]
    offset: Annotated[tuple[float, ...], Field(min_length=1, max_length=3)]
    scale: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _one_per_channel(self) -> Self:
        if not len(self.offset) == len(self.scale) == self.channels:
            raise ValueError("offset and scale need one number per channel")
        return self

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        return Inputs("image", (self.channels, self.height, self.width))

    def encode(self, raw: ImageSet, say: Say) -> NDArray[np.float32]:
        """Return (N, channels, height, width). Raises Invalid when the pictures have another size."""
        pixels = raw.pixels
        expected = (self.height, self.width, self.channels)
        if pixels.ndim != 4 or pixels.shape[1:] != expected:
            raise refused(
                "",
                Message(
                    "pictures must be (N, height, width, channels) = (N, {height}, {width}, "
                    "{channels}), not {shape}",
                    height=self.height,
                    width=self.width,
                    channels=self.channels,
                    shape=str(pixels.shape),
                ),
            )
        offset, scale = np.array(self.offset, np.float32), np.array(self.scale, np.float32)
        inputs = room((len(pixels), *self.received.shape), np.float32, on_disk=raw.on_disk)
        # in blocks and channel by channel: all at once would take a second copy in float32
        for block in blocks(len(pixels)):
            for channel in range(self.channels):
                inputs[block, channel] = (pixels[block, ..., channel] - offset[channel]) / scale[channel]
        return inputs

    @property
    def implied(self) -> Found:
        """Return the size and the colours."""
        colour = "grey" if self.channels == 1 else "colour"
        return {"height": self.height, "width": self.width, "colour": colour}
