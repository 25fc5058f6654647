"""One training run: AdamW with a one-cycle rate, averaged weights (EMA), no early stopping, no validation inside."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import torch
from torch import nn

from augment import Augmentation, augment, crop


@dataclass(frozen=True)
class Schedule:
    epochs: int
    rate: float = 2e-3
    weight_decay: float = 0.02
    batch: int = 32
    smoothing: float = 0.1
    mixup: float = 0.0
    average: float = 0.98
    backbone_rate: float = 1.0  # relative rate of pre-trained layers
    augmentation: Augmentation = field(default_factory=Augmentation)


def normalize(batch: torch.Tensor, mode: str) -> torch.Tensor:
    """The window steps of the card after `decimate`, on tensors ("record" and "lead" z-scores, or "scale" and clip)."""
    if mode == "scale":
        return (batch * 2.0).clamp(-10.0, 10.0)
    over = (1, 2) if mode == "record" else (2,)
    centred = batch - batch.mean(over, keepdim=True)
    return centred / (centred.square().mean(over, keepdim=True).sqrt() + 1e-6)


def fit(network, head, views, begin, targets, rows, schedule: Schedule, mode: str, seed: int, on_epoch=None, positive_weight=None):
    """Trains `network` in place on `rows` and returns the averaged copy. Class indices → softmax, multi-hot → sigmoid.

    positive_weight: [labels], of the loss of true labels (multi-hot only).
    """
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    multi = targets.dtype.is_floating_point
    one_hot = targets if multi else nn.functional.one_hot(targets).float()
    fresh = {id(p) for p in network.heads[head].parameters()}
    groups = [
        {"params": [p for p in network.parameters() if id(p) not in fresh], "lr": schedule.rate * schedule.backbone_rate},
        {"params": [p for p in network.parameters() if id(p) in fresh], "lr": schedule.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=schedule.weight_decay)
    per_epoch = len(rows) // schedule.batch
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], total_steps=per_epoch * schedule.epochs, pct_start=0.2
    )
    averaged = copy.deepcopy(network)
    for _ in range(schedule.epochs):
        network.train()
        order = rows[torch.randperm(len(rows), generator=generator)]
        for batch in order[: per_epoch * schedule.batch].split(schedule.batch):
            inputs = crop(views, begin, batch, schedule.augmentation.crop, generator)
            inputs = normalize(augment(inputs, schedule.augmentation, generator), mode)
            wanted = one_hot[batch]
            if schedule.mixup > 0:
                share = float(torch.distributions.Beta(schedule.mixup, schedule.mixup).sample())
                partner = torch.randperm(len(batch), generator=generator)
                inputs = share * inputs + (1 - share) * inputs[partner]
                wanted = share * wanted + (1 - share) * wanted[partner]
            logits = network(inputs, head)
            if multi:
                loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted, pos_weight=positive_weight)
            else:
                loss = nn.functional.cross_entropy(logits, wanted, label_smoothing=schedule.smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            cycle.step()
            _average(averaged, network, schedule.average)
        if on_epoch is not None:
            on_epoch(averaged)
    return averaged.eval()


@torch.no_grad()
def _average(averaged, network, decay: float) -> None:
    for mean, value in zip(averaged.state_dict().values(), network.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1.0 - decay)
        else:
            mean.copy_(value)


@torch.no_grad()
def logits_of(network, head, windows: torch.Tensor, mode: str) -> torch.Tensor:
    return torch.cat([network(normalize(part, mode), head) for part in windows.split(64)])
