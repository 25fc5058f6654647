"""A linear model of few features, each also with its negative part alone: supraventricular beats of patients not seen are told best so (`README.md`, "Beat classes")."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from .data import CLASSES, Beats
from .ectopy import EctopicRhythms
from .fibrillation import fibrillate
from .fit import weigh
from .network import split

RHYTHM = (
    "pre_ratio", "post_ratio", "pre_long_ratio", "post_pre_ratio", "pre_upper_ratio", "post_upper_ratio", "pre_pre_ratio", "median_long_ratio", "last_pre_ratio",
    "ordered_pre_ratio", "ordered_post_ratio", "ordered_pre_long_ratio", "ordered_pre_upper_ratio", "ordered_post_upper_ratio",
    "order", "calm_irregularity", "calm_spread", "shape_is_dominant", "shape_share",
)  # fmt: skip
LEAD = ("qrs_correlation", "qrs_amplitude", "width_ratio", "qrs_surprise")


@dataclass(frozen=True)
class LinearSchedule:
    balance: float = 0.8  # a patient's n beats of a class weigh as n to the power of 1 minus this: no patient's many ectopic beats drown the others'
    shares: tuple[float, ...] = (0.4, 0.3, 0.25, 0.05)  # of the classes in the loss
    normal_share: float = 0.2  # of the N beats that are learned from
    fibrillation: float = 0.15  # weight of made-up fibrillation around N and V beats, of the whole loss
    ectopic: float = 0.1  # weight of made-up frequent ectopic beats, of the whole loss
    penalty: float = 1e-3
    rounds: int = 60


class EctopicScore(nn.Module):
    """[batch, features] to the probability [batch, 1] that a beat which is not ventricular is supraventricular ectopic."""

    def __init__(self, mean: torch.Tensor, deviation: torch.Tensor):
        super().__init__()
        self.register_buffer("mean", mean.clone())
        self.register_buffer("deviation", deviation.clone())
        self.head = nn.Linear(2 * len(mean), 1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.head(split(features, self.mean, self.deviation)).sigmoid()


def columns_of(names: list[str]) -> list[int]:
    return [index for index, name in enumerate(names) if name in RHYTHM or name.rsplit("_", 1)[0] in LEAD]


def fit_linear(beats: Beats, rows: torch.Tensor, schedule: LinearSchedule, seed: int) -> EctopicScore:
    """Fits all four classes and keeps what it says of S against N."""
    generator, names = torch.Generator().manual_seed(seed), beats.names_of_features[: beats.daemon_features]
    torch.manual_seed(seed)
    rows = rows[(beats.targets[rows] != 0) | (torch.rand(len(rows), generator=generator) < schedule.normal_share)]
    features, targets = beats.features[rows, : beats.daemon_features], beats.targets[rows]
    columns = columns_of(names)
    model = EctopicScore(features.mean(0), features.std(0) + 1e-3)
    weights = torch.from_numpy(weigh(targets.numpy(), beats.record[rows.numpy()], schedule))
    parts = [(features, targets, weights)]
    if schedule.fibrillation:
        rate = (targets == 0) | (targets == 2)
        parts.append((fibrillate(features[rate], names, generator), targets[rate], schedule.fibrillation * weights[rate] / weights[rate].sum()))
    if schedule.ectopic:
        made = features.clone()
        EctopicRhythms(names, seed).put(made, targets, 1.0, 1.0, generator)
        rate = targets <= 1
        parts.append((made[rate], targets[rate], schedule.ectopic * weights[rate] / weights[rate].sum()))
    inputs, targets, weights = (torch.cat(part) for part in zip(*parts))
    inputs = split(inputs[:, columns], model.mean[columns], model.deviation[columns]).double()
    slopes = torch.zeros(len(CLASSES), inputs.shape[1], dtype=torch.double, requires_grad=True)
    offsets = torch.zeros(len(CLASSES), dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([slopes, offsets], max_iter=schedule.rounds, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = inputs @ slopes.T + offsets
        loss = (nn.functional.cross_entropy(logits, targets, reduction="none") * weights).sum() + schedule.penalty * (slopes**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.weight[0, columns + [len(model.mean) + column for column in columns]] = (slopes[1] - slopes[0]).float()
        model.head.bias.fill_(float(offsets[1] - offsets[0]))
    return model.eval()


@torch.no_grad()
def ectopic_of(model: EctopicScore, beats: Beats, rows: torch.Tensor) -> torch.Tensor:
    return model(beats.features[rows, : beats.daemon_features])
