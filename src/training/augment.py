"""Training-time changes that a heart's label survives; all on filtered mV at 125 Hz, [batch, leads, samples]."""

from __future__ import annotations

from dataclasses import dataclass

import torch

RATE_HZ = 125


@dataclass(frozen=True)
class Augmentation:
    crop: int = 1024
    gain: float = 0.15  # log-normal, all leads together
    lead_gain: float = 0.08  # log-normal, each lead
    lead_mix: float = 0.04  # electrodes a little off their place
    wander_mv: float = 0.08
    noise_mv: float = 0.015
    lead_dropout: float = 0.10
    flip: float = 0.0  # single leads: the other way round


def augment(batch: torch.Tensor, options: Augmentation, generator: torch.Generator) -> torch.Tensor:
    count, leads, samples = batch.shape

    def uniform(*shape):
        return torch.rand(*shape, generator=generator)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    if leads > 1 and options.lead_mix > 0:
        mix = torch.eye(leads) + options.lead_mix * normal(count, leads, leads)
        batch = mix @ batch
    gain = options.gain * normal(count, 1, 1) + options.lead_gain * normal(count, leads, 1)
    batch = batch * gain.exp()
    if options.flip > 0:
        batch = torch.where(uniform(count, 1, 1) < options.flip, -batch, batch)
    time = torch.arange(samples) / RATE_HZ
    frequency = 0.4 + 0.6 * uniform(count, 1, 1)
    phase = 2 * torch.pi * uniform(count, leads, 1)
    depth = options.wander_mv * uniform(count, 1, 1) * uniform(count, leads, 1)
    batch = batch + depth * torch.sin(2 * torch.pi * frequency * time + phase)
    batch = batch + options.noise_mv * uniform(count, 1, 1) * normal(count, leads, samples)
    if leads > 1 and options.lead_dropout > 0:
        lost = (uniform(count, 1, 1) < options.lead_dropout) & (uniform(count, leads, 1) < 0.25)
        batch = batch.masked_fill(lost, 0.0)
    return batch


def crop(views: torch.Tensor, begin: torch.Tensor, rows: torch.Tensor, length: int, generator: torch.Generator) -> torch.Tensor:
    """One random view and one random stretch of it for each row of `rows`."""
    which = torch.randint(views.shape[1], (len(rows),), generator=generator)
    start = torch.rand(len(rows), generator=generator)
    pieces = []
    for row, view, share in zip(rows.tolist(), which.tolist(), start.tolist()):
        first = int(begin[row, view])
        room = views.shape[-1] - length - first
        offset = first + int(share * (room + 1))
        # A fresh session's transient is only seen where it happens: half of those crops begin with it.
        if view != 1 and share < 0.5:
            offset = first
        pieces.append(views[row, view, :, offset : offset + length])
    return torch.stack(pieces)
