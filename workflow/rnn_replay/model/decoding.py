"""Where a network 'is': two decoders of position, so that no result rests on one of them.

`readout` takes the network's own output. Where that is a population vector, the position is that of the bin
whose rates it resembles most by cosine, which survives a change of amplitude.
`template` never looks at the output: it compares the hidden state with the mean awake state of each place bin,
by cosine, after the direction of the mean activity has been projected out of both.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import normalize

from rnn_replay.environments import Map

DECODERS = ("template", "readout")
PIECE = 1000  # points whose distances to all bins stay in the processor's cache


def largest(scores: torch.Tensor) -> torch.Tensor:
    """Index of the largest of scores (..., bin), the first where several are; NumPy finds it four times as fast."""
    return torch.from_numpy(scores.numpy().argmax(-1))


def nearest(points: torch.Tensor, centres: torch.Tensor) -> torch.Tensor:
    """Index of the centre (centre, 2) nearest to each point (..., 2)."""
    pieces = points.reshape(-1, 2).split(PIECE)
    return torch.cat([largest(-torch.cdist(piece, centres)) for piece in pieces]).reshape(points.shape[:-1])


@dataclass(frozen=True)
class Readout:
    """Position from the output ŝ.

    Attributes:
        bins: centres of the place bins, shape (bin, 2), in metres.
        bins_tracked: s at each bin, shape (bin, feature).
        reads_position: whether s is itself the position.
    """

    bins: torch.Tensor
    bins_tracked: torch.Tensor
    reads_position: bool

    @classmethod
    def from_map(cls, map: Map) -> "Readout":
        """The decoder that goes with a map."""
        bins, tracked = (torch.from_numpy(part.astype(np.float32)) for part in (map.bins, map.bins_tracked))
        return cls(bins, tracked, map.traits.reads_position)

    def __call__(self, output: torch.Tensor) -> torch.Tensor:
        """Position (..., 2) in metres of an output (..., feature)."""
        if self.reads_position:
            return output
        # The output's own norm does not change which bin wins.
        return self.bins[largest(output @ normalize(self.bins_tracked, dim=-1).T)]


@dataclass(frozen=True)
class Template:
    """Position from the hidden state.

    Attributes:
        bins: centres of the bins that awake behaviour visited, shape (bin, 2), in metres.
        directions: unit vectors of the mean awake state of each bin, shape (bin, unit).
        common: unit vector of the mean activity, which `directions` are orthogonal to, shape (unit,).
    """

    bins: torch.Tensor
    directions: torch.Tensor
    common: torch.Tensor

    @classmethod
    def from_awake(cls, state: torch.Tensor, position: torch.Tensor, bins: torch.Tensor) -> "Template":
        """Templates from awake states (..., unit) at true positions (..., 2)."""
        state, which = state.reshape(-1, state.shape[-1]), nearest(position, bins).reshape(-1)
        count = torch.bincount(which, minlength=len(bins))
        total = state.new_zeros(len(bins), state.shape[-1]).index_add_(0, which, state)
        visited = count > 0
        mean = total[visited] / count[visited, None]
        common = normalize(mean.mean(0), dim=0)
        return cls(bins[visited], normalize(mean - (mean @ common)[:, None] * common, dim=-1), common)

    def __call__(self, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Position (..., 2) in metres of a state (..., unit), and its cosine (...) with the template there."""
        # `directions` are orthogonal to `common`, so only the norm has to leave that direction out.
        overlap = state @ self.common
        norm = (state.square().sum(-1) - overlap.square()).clamp_min(1e-12).sqrt()
        scores = state @ self.directions.T
        which = largest(scores)
        return self.bins[which], scores.gather(-1, which[..., None])[..., 0] / norm
