"""One training run: AdamW with a one-cycle rate, no early stopping; a patient's many beats of a class count little more than another's few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from .artefacts import Leads
from .data import CLASSES, Beats
from .ectopy import EctopicRhythms
from .fibrillation import fibrillate
from .network import BeatNetwork


@dataclass(frozen=True)
class Schedule:
    epochs: int = 6
    rate: float = 4e-3
    weight_decay: float = 0.02
    batch: int = 512
    balance: float = 0.6  # a patient's n beats of a class weigh as n to the power of 1 minus this
    shares: tuple[float, ...] = (0.45, 0.25, 0.25, 0.05)  # of the classes in the loss
    normal_share: float = 0.3  # of the N beats that are learned from
    fibrillation: float = 0.12  # weight of made-up fibrillation around N and V beats, of the whole loss
    ectopic: float = 0.1  # weight of made-up frequent ectopic beats, of the whole loss
    made_up: int = 15_000  # beats of each kind
    swap: float = 0.5  # share of beats whose leads change places
    flip: float = 0.15  # share of leads that are turned upside down
    artefact: float = 0.15  # share of beats of which one lead is disturbed
    noise: float = 0.1  # deviations
    exchange: float = 0.05  # share of features that come from another beat
    members: int = 3
    hidden: int = 48
    dropout: float = 0.2


def weigh(targets: np.ndarray, record: np.ndarray, schedule: Schedule) -> np.ndarray:
    """Weights of beats, of sum 1: equal powers per patient within a class, the shares between the classes."""
    weights = np.zeros(len(targets))
    for code, share in enumerate(schedule.shares):
        for index in np.unique(record[targets == code]):
            chosen = (targets == code) & (record == index)
            weights[chosen] = chosen.sum() ** -schedule.balance
        if (targets == code).any():
            weights[targets == code] *= share / weights[targets == code].sum()
    return weights


def examples(beats: Beats, rows: torch.Tensor, schedule: Schedule, seed: int, generator: torch.Generator):
    """Features, targets and weights: of real beats, and of made-up rhythms that the training patients have too little of."""
    rows = rows[(beats.targets[rows] != 0) | (torch.rand(len(rows), generator=generator) < schedule.normal_share)]
    features, targets = beats.features[rows], beats.targets[rows]
    weights = torch.from_numpy(weigh(targets.numpy(), beats.record[rows.numpy()], schedule)).float()
    parts = [(features, targets, weights)]

    def add(suited: torch.Tensor, share: float, make) -> None:
        chosen = torch.nonzero(suited)[:, 0]
        chosen = chosen[torch.randperm(len(chosen), generator=generator)[: schedule.made_up]]
        parts.append((make(features[chosen], targets[chosen]), targets[chosen], share * weights[chosen] / weights[chosen].sum()))

    def ectopic(chosen: torch.Tensor, of: torch.Tensor) -> torch.Tensor:
        made = chosen.clone()
        EctopicRhythms(beats.names_of_features, seed, rhythms=40).put(made, of, 1.0, 1.0, generator)
        return made

    add((targets == 0) | (targets == 2), schedule.fibrillation, lambda chosen, _: fibrillate(chosen, beats.names_of_features, generator))
    add(targets <= 1, schedule.ectopic, ectopic)
    return features, *(torch.cat(part) for part in zip(*parts))


def fit(beats: Beats, rows: torch.Tensor, schedule: Schedule, seed: int) -> BeatNetwork:
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    real, features, targets, weights = examples(beats, rows, schedule, seed, generator)
    mean, deviation = real.mean(0), real.std(0) + 1e-3
    weights = weights / weights.mean()
    network = BeatNetwork(features.shape[1], len(CLASSES), mean, deviation, schedule.members, schedule.hidden, schedule.dropout)
    leads = Leads(beats.names_of_features, mean, deviation)
    optimizer = torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=schedule.weight_decay)
    steps = len(features) // schedule.batch
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, schedule.rate, total_steps=steps * schedule.epochs, pct_start=0.2)
    for _ in range(schedule.epochs):
        order = torch.randperm(len(features), generator=generator)
        for batch in order[: steps * schedule.batch].split(schedule.batch):
            values = leads.turn(leads.swap(features[batch], schedule.swap, generator), schedule.flip, generator)
            values = leads.disturb(values, schedule.artefact, generator)
            values = values + schedule.noise * deviation * torch.randn(values.shape, generator=generator)
            other = values[torch.randperm(len(values), generator=generator)]
            values = torch.where(torch.rand(values.shape, generator=generator) < schedule.exchange, other, values)
            logits = network(values)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets[batch].repeat(len(logits)), reduction="none")
            loss = (loss * weights[batch].repeat(len(logits))).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            cycle.step()
    return network.eval()


@torch.no_grad()
def scores_of(network: BeatNetwork, beats: Beats, rows: torch.Tensor) -> np.ndarray:
    return torch.cat([network.probabilities(beats.features[part]) for part in rows.split(8192)]).numpy()
