"""Adam, as PyTorch's fused kernel computes it.

`torch.optim.Adam` itself imports PyTorch's compiler when it is made, which takes longer than training a small network
does; its function does not.
"""

from collections.abc import Iterable

import torch
from torch.optim.adam import adam


class Adam:
    """Adam with the moments' decay rates and ε of Kingma & Ba (2015), which are PyTorch's defaults.

    Args:
        weights: tensors that get gradients.

    Attributes:
        state: for each weight the number of steps done, `step`, and the moments `exp_avg` and `exp_avg_sq` of its
            gradient, each of the weight's shape.
    """

    def __init__(self, weights: Iterable[torch.Tensor]):
        self.state = {
            weight: {
                "step": torch.zeros((), device=weight.device),
                "exp_avg": torch.zeros_like(weight),
                "exp_avg_sq": torch.zeros_like(weight),
            }
            for weight in weights
        }

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Change the weights by their gradients."""
        moments = self.state.values()
        adam(
            list(self.state),
            [weight.grad for weight in self.state],
            [each["exp_avg"] for each in moments],
            [each["exp_avg_sq"] for each in moments],
            [],
            [each["step"] for each in moments],
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=learning_rate,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
        )
