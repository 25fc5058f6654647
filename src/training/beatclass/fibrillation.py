"""Atrial fibrillation made up around beats of other patients: RR intervals without order, and no P wave before the beat or in the template.

DS1 has two patients in fibrillation only. Without more of them a network takes every early beat of such a patient for a supraventricular ectopic one.
"""

from __future__ import annotations

import torch

from .order import describe_order

LATE_SECONDS = 1.4


def fibrillate(features: torch.Tensor, names: list[str], generator: torch.Generator) -> torch.Tensor:
    """Features of the same beats, as the daemon would compute them from made-up intervals."""
    made = features.clone()
    _intervals(made, names, generator)
    _atria(made, names, generator)
    return made


def _intervals(features, names, generator) -> None:
    count = len(features)
    rate = 0.45 + 0.5 * torch.rand(count, 1, generator=generator)
    spread = 0.12 + 0.2 * torch.rand(count, 1, generator=generator)
    series = (rate * (spread * torch.randn(count, 35, generator=generator)).exp()).clamp(0.25, 2.5)
    earlier, pre, post = series[:, :32], series[:, 32], series[:, 33]
    late = post > LATE_SECONDS
    post = post.clamp(max=LATE_SECONDS)
    few = earlier[:, -8:].sort(1).values[:, 3:5].mean(1)
    mean = earlier.mean(1)
    steps = (earlier[:, 1:] / earlier[:, :-1]).log().abs()
    many = steps.mean(1)
    ratio = (pre / few).log()
    last = (earlier[:, -1] / earlier[:, -9:-1].median(1).values).log()
    upper = earlier.sort(1).values[:, 25]
    windows = earlier.unfold(1, 9, 1)
    least = (windows[:, :, 8] / windows[:, :, :8].sort(2).values[:, :, 3:5].mean(2)).log()[:, -16:].min(1).values
    made = {
        "pre_ratio": ratio,
        "post_ratio": (post / few).log(),
        "pre_pre_ratio": (pre / earlier[:, -1]).log(),
        "post_pre_ratio": (post / pre).log(),
        "pre_long_ratio": (pre / mean).log(),
        "median_long_ratio": (few / mean).log(),
        "pre_seconds": pre,
        "post_seconds": post,
        "median_seconds": few,
        "irregularity_8": steps[:, -7:].mean(1),
        "irregularity_32": many,
        "pre_rank": (earlier < pre[:, None]).float().mean(1),
        "next_late": late.float(),
        "known": torch.ones(count),
        "last_pre_ratio": last,
        "pre_upper_ratio": (pre / upper).log(),
        "post_upper_ratio": (post / upper).log(),
        "least_pre_ratio": least.clamp(max=0.0),
        "pre_surprise": (ratio / (many + 0.03)).clamp(-4, 4),
        "pre_long_surprise": ((pre / mean).log() / (many + 0.03)).clamp(-4, 4),
    }
    made |= describe_order(earlier, {name: made[name] for name in ("pre_ratio", "post_ratio", "pre_long_ratio", "pre_upper_ratio", "post_upper_ratio")})
    for name, values in made.items():
        features[:, names.index(name)] = values


def _atria(features, names, generator) -> None:
    count, leads = len(features), sum(name.startswith("template_p") for name in names)
    for lead in range(1, leads + 1):
        features[:, names.index(f"p_correlation_{lead}")] = 1.4 * torch.rand(count, generator=generator) - 0.5
        features[:, names.index(f"p_surprise_{lead}")] = 0.4 * torch.randn(count, generator=generator)
        features[:, names.index(f"p_difference_{lead}")] = 0.01 + 0.04 * torch.rand(count, generator=generator)
        features[:, names.index(f"template_p_{lead}")] = 0.02 + 0.06 * torch.rand(count, generator=generator)
