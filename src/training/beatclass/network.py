"""The beat network: members of two hidden layers on the daemon's features and the coarse shapes of beat and template, side by side in one graph."""

from __future__ import annotations

import torch
from torch import nn

LIMIT = 4.0  # deviations
LEAST_MILLIVOLTS = 0.02
LARGEST = 8.0  # times the template's root mean square
POINTS = 25  # of a row: 32 ms each


def shapes_of(window: torch.Tensor) -> torch.Tensor:
    """[batch, 2 x leads, samples] in mV to [batch, 2 x leads x POINTS]: beats, then templates, less the template's mean and over its size."""
    leads, samples = int(window.shape[1]) // 2, int(window.shape[2])  # plain numbers: the exported graph must not ask for them
    centre = window[:, leads:].mean(2, keepdim=True)
    size = ((window[:, leads:] - centre) * (window[:, leads:] - centre)).mean(2, keepdim=True).sqrt() + LEAST_MILLIVOLTS
    rows = ((window - torch.cat([centre, centre], 1)) / torch.cat([size, size], 1)).clamp(-LARGEST, LARGEST)
    return rows.reshape(-1, 2 * leads * POINTS, samples // POINTS).mean(2)


class BeatNetwork(nn.Module):
    """[batch, features] to logits [members, batch, classes]. The members differ in where they start and in what is left out while they learn."""

    def __init__(self, features: int, classes: int, mean: torch.Tensor, deviation: torch.Tensor, members: int = 3, hidden: int = 48, dropout: float = 0.2):
        super().__init__()
        self.register_buffer("mean", mean.clone())
        self.register_buffer("deviation", deviation.clone())
        self.dropout = dropout
        sizes = (2 * features, hidden, hidden, classes)
        self.slopes = nn.ParameterList(nn.Parameter(torch.randn(members, before, after) * (1.0 / before) ** 0.5) for before, after in zip(sizes, sizes[1:]))
        self.offsets = nn.ParameterList(nn.Parameter(torch.zeros(members, 1, after)) for after in sizes[1:])

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        values = split(features, self.mean, self.deviation).expand(self.slopes[0].shape[0], -1, -1)
        for layer, (slopes, offsets) in enumerate(zip(self.slopes, self.offsets)):
            if layer:
                values = nn.functional.dropout(values.relu(), self.dropout, self.training)
            values = torch.baddbmm(offsets, values, slopes)
        return values

    def probabilities(self, features: torch.Tensor) -> torch.Tensor:
        return self(features).softmax(-1).mean(0)


def split(features: torch.Tensor, mean: torch.Tensor, deviation: torch.Tensor) -> torch.Tensor:
    """Standardised, limited to ±4; the whole, then the negative part alone, since early and late mean different things."""
    standard = ((features - mean) / deviation).clamp(-LIMIT, LIMIT)
    return torch.cat([standard, (-standard).relu()], 1)


def combine(scores: torch.Tensor, ectopic: torch.Tensor) -> torch.Tensor:
    """The network says whether a beat is ventricular or a fusion; of the rest the linear score says which are supraventricular ectopic. [batch, 4] and [batch, 1]."""
    rest = scores[:, 0:1] + scores[:, 1:2]
    return torch.cat([rest * (1.0 - ectopic), rest * ectopic, scores[:, 2:4]], 1)


class ServedNetwork(nn.Module):
    """
    The members as one stack of dense layers (no member sees another's values) and their probabilities averaged, the linear score for what is not ventricular; then
    multiplied by weights per class and brought to a sum of 1 again.
    """

    def __init__(self, network: BeatNetwork, ectopic: nn.Module, log_weights: torch.Tensor):
        super().__init__()
        self.ectopic = ectopic
        self.register_buffer("mean", network.mean.clone())
        self.register_buffer("deviation", network.deviation.clone())
        self.register_buffer("weights", log_weights.exp())
        self.members, _, self.classes = network.slopes[-1].shape
        layers = []
        for layer, (slopes, offsets) in enumerate(zip(network.slopes, network.offsets)):
            blocks = [member.T for member in slopes.detach()]
            dense = nn.Linear(slopes.shape[1] * (self.members if layer else 1), slopes.shape[2] * self.members)
            dense.weight.data = torch.block_diag(*blocks) if layer else torch.cat(blocks)
            dense.bias.data = offsets.detach().reshape(-1)
            layers += [nn.ReLU(), dense] if layer else [dense]
        self.layers = nn.Sequential(*layers)

    def forward(self, window: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        logits = self.layers(split(torch.cat([features, shapes_of(window)], 1), self.mean, self.deviation))
        weighted = combine(logits.reshape(-1, self.members, self.classes).softmax(2).mean(1), self.ectopic(features)) * self.weights
        return weighted / weighted.sum(1, keepdim=True)
