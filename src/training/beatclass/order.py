"""Whether RR intervals keep an order, as the daemon measures it on those between beats of the dominant shape (`CalmIntervals`)."""

from __future__ import annotations

import torch

NAMES = (
    "calm_irregularity", "calm_spread", "order", "ordered_pre_ratio", "ordered_post_ratio", "ordered_pre_long_ratio", "ordered_pre_upper_ratio", "ordered_post_upper_ratio",
)  # fmt: skip


def _median(values: torch.Tensor) -> torch.Tensor:
    ordered, count = values.sort(1).values, values.shape[1]
    return (ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2


def describe_order(intervals: torch.Tensor, ratios: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Features of [beats, 32] intervals, the newest last, and of the ratios that are weighed with the order."""
    median, ordered = _median(intervals), intervals.sort(1).values
    irregularity = torch.stack([_median((intervals[:, lag:] - intervals[:, :-lag]).abs()) for lag in (1, 2, 3)]).amin(0) / median
    reach = intervals.shape[1] // 8
    spread = _median(ordered[:, reach:] - ordered[:, :-reach]) / median
    order = 1 - ((irregularity - 0.085) / 0.02).sigmoid() * ((spread - 0.05) / 0.01).sigmoid()
    return {"calm_irregularity": irregularity, "calm_spread": spread, "order": order, **{f"ordered_{name}": order * ratio for name, ratio in ratios.items()}}
