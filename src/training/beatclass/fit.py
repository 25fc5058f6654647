"""One training run: AdamW with a one-cycle rate, averaged weights, no early stopping; most N beats of an epoch are left out, others each time."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import nn

from .artefacts import Artefacts
from .data import CLASSES, Beats
from .ectopy import EctopicRhythms
from .fibrillation import fibrillate
from .linear import LinearSchedule, fit_linear
from .network import BeatMember, BeatNetwork


@dataclass(frozen=True)
class Schedule:
    epochs: int = 10
    rate: float = 4e-3
    weight_decay: float = 0.05
    batch: int = 256
    normal_per_epoch: int = 5000
    average: float = 0.98
    smoothing: float = 0.05
    per_record_cap: int = 400  # of one class and record and epoch: no patient's many ectopic beats drown the others'
    weights: tuple[float, ...] = (1.0, 2.0, 1.0, 0.5)
    ectopic_sinus: float = 0.06  # share of N beats that are put among made-up frequent ectopic beats
    ectopic: float = 0.4  # share of S beats likewise
    shift: int = 2
    noise: float = 0.03
    feature_noise: float = 0.08
    feature_dropout: float = 0.05
    fibrillation: float = 0.15  # share of N and V beats that are put into a made-up atrial fibrillation
    flip: float = 0.15
    artefact: float = 0.3  # share of beats of which one lead is disturbed, where there are two
    widths: tuple[int, ...] = (16, 24)
    hidden: int = 32
    dropout: float = 0.3


def augment(rows: torch.Tensor, features: torch.Tensor, deviation: torch.Tensor, schedule: Schedule, generator: torch.Generator):
    count, leads = len(rows), rows.shape[1] // 2

    def uniform(*shape):
        return torch.rand(*shape, generator=generator)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    gain = (0.35 * normal(count, leads, 1)).exp()
    sign = torch.where(uniform(count, leads, 1) < schedule.flip, -1.0, 1.0)
    rows = rows * (gain * sign).repeat(1, 2, 1)
    if schedule.shift:
        # Beat and template together: the R peak may have been put on another flank.
        moved = torch.randint(-schedule.shift, schedule.shift + 1, (1,), generator=generator).item()
        rows = rows.roll(moved, 2)
    length = rows.shape[2]
    size = rows[:, leads:].std(2, keepdim=True)
    wander = torch.cumsum(normal(count, leads, length), 2) * (0.01 * uniform(count, 1, 1))
    beat = rows[:, :leads] + size * (schedule.noise * uniform(count, 1, 1) * normal(count, leads, length) + wander - wander.mean(2, keepdim=True))
    rows = torch.cat([beat, rows[:, leads:]], 1)
    features = features + schedule.feature_noise * deviation * normal(*features.shape)
    features = torch.where(uniform(*features.shape) < schedule.feature_dropout, features[torch.randperm(count, generator=generator)], features)
    return rows, features


def sample(beats: Beats, rows: torch.Tensor, schedule: Schedule, generator: torch.Generator) -> torch.Tensor:
    """Rows of one epoch."""
    order = rows[torch.randperm(len(rows), generator=generator)]
    key = beats.record_tensor[order] * len(CLASSES) + beats.targets[order]
    picked = []
    for value in key.unique():
        found = order[key == value]
        limit = schedule.per_record_cap if int(value) % len(CLASSES) else schedule.normal_per_epoch // max(1, len(beats.record_tensor[rows].unique()))
        picked.append(found[:limit])
    chosen = torch.cat(picked)
    return chosen[torch.randperm(len(chosen), generator=generator)]


def fit(beats: Beats, rows: torch.Tensor, schedule: Schedule, seed: int, on_epoch=None) -> BeatNetwork:
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    features = beats.features[rows]
    deviation = features.std(0) + 1e-3
    network = BeatNetwork(
        beats.rows.shape[1] // 2, beats.rows.shape[2], features.shape[1], len(CLASSES), features.mean(0), deviation, schedule.widths, schedule.hidden, schedule.dropout
    )
    averaged = copy.deepcopy(network)
    rhythms = EctopicRhythms(beats.feature_names, seed)
    artefacts = Artefacts(beats.feature_names, features.mean(0), deviation)
    optimizer = torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=schedule.weight_decay)
    steps = len(sample(beats, rows, schedule, torch.Generator().manual_seed(0))) // schedule.batch
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, schedule.rate, total_steps=steps * schedule.epochs, pct_start=0.2)
    loss_of = nn.CrossEntropyLoss(weight=torch.tensor(schedule.weights), label_smoothing=schedule.smoothing)
    for _ in range(schedule.epochs):
        network.train()
        for batch in sample(beats, rows, schedule, generator)[: steps * schedule.batch].split(schedule.batch):
            window, extra = beats.rows[batch].clone(), beats.features[batch].clone()
            chosen = (torch.rand(len(batch), generator=generator) < schedule.fibrillation) & ((beats.targets[batch] == 0) | (beats.targets[batch] == 2))
            rhythms.put(extra, beats.targets[batch], schedule.ectopic_sinus, schedule.ectopic, generator)
            fibrillate(window, extra, chosen, beats.feature_names, generator)
            artefacts.put(window, extra, schedule.artefact, generator)
            window, extra = augment(window, extra, deviation, schedule, generator)
            loss = loss_of(network(window, extra), beats.targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            cycle.step()
            with torch.no_grad():
                for mean, value in zip(averaged.state_dict().values(), network.state_dict().values()):
                    if mean.dtype.is_floating_point:
                        mean.lerp_(value, 1.0 - schedule.average)
                    else:
                        mean.copy_(value)
        if on_epoch is not None:
            on_epoch(averaged)
    return averaged.eval()


def fit_member(beats: Beats, rows: torch.Tensor, schedule: Schedule, linear: LinearSchedule, seed: int) -> BeatMember:
    return BeatMember(fit(beats, rows, schedule, seed), fit_linear(beats, rows, linear, seed)).eval()


@torch.no_grad()
def scores_of(member: BeatMember, beats: Beats, rows: torch.Tensor) -> torch.Tensor:
    return torch.cat([member(beats.rows[part], beats.features[part]) for part in rows.split(4096)])
