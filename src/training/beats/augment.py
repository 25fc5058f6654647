"""Changes to beats in the Tianchi format that their class survives: [batch, 205] in [0, 1], zeros behind, and the same again."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Changes:
    stretch: float = 0.06  # of time, normal
    shift: float = 1.0  # samples: the R peak is not always found where another would find it
    shorten: float = 0.15  # share of the beat, at most, that the tail loses in a third of the rows
    wander: float = 0.06  # of the span
    noise: float = 0.015
    power: float = 0.15  # log-normal exponent: the largest deflection sets the scale of the others


def change(batch: torch.Tensor, options: Changes, generator: torch.Generator) -> torch.Tensor:
    count, samples = batch.shape

    def uniform(columns: int = 1):
        return torch.rand(count, columns, generator=generator)

    def normal(columns: int = 1):
        return torch.randn(count, columns, generator=generator)

    time = torch.arange(samples, dtype=torch.float32)[None]
    length = (torch.where(batch > 0, time, torch.zeros(())).amax(1, keepdim=True) + 1.0).clamp_min(8.0)
    speed = 1.0 + options.stretch * normal().clamp(-2.5, 2.5)
    begin = options.shift * normal().clamp(-2, 2)
    at = (time * speed + begin).clamp_min(0.0)
    lower = at.floor().clamp_max(samples - 2)
    part = (at - lower).clamp(0.0, 1.0)
    index = lower.long()
    moved = batch.gather(1, index) * (1 - part) + batch.gather(1, index + 1) * part
    end = length * torch.where(uniform() < 1 / 3, 1.0 - options.shorten * uniform(), torch.ones(()))
    here = at <= end - 1.0
    moved = moved.clamp_min(0.0) ** (options.power * normal()).exp()
    phase, cycles = 2 * torch.pi * uniform(), 0.3 + 0.9 * uniform()
    moved = moved + options.wander * uniform() * torch.sin(2 * torch.pi * cycles * time / 125 + phase)
    moved = moved + options.noise * uniform() * normal(samples)
    least = moved.masked_fill(~here, float("inf")).amin(1, keepdim=True)
    most = moved.masked_fill(~here, float("-inf")).amax(1, keepdim=True)
    return ((moved - least) / (most - least).clamp_min(1e-6)).masked_fill(~here, 0.0)
