"""Networks are compared in double precision.

Two orders of summation differ by a few roundings, and which order a processor takes is its own affair: in
single precision a tolerance near a rounding holds on one machine and fails on the next. In double precision a
rounding is 1e-16, and what is wrong is still seen at 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    """Let tensors and modules made in a test be of double precision."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)
