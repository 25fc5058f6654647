"""The beat network: a small convolution over beat, template and their difference, beside the RR and shape features."""

from __future__ import annotations

import torch
from torch import nn

LEAST_MILLIVOLTS = 0.02


class BeatNetwork(nn.Module):
    """[batch, 2 x leads, samples] in mV and [batch, features] to logits. Amplitudes count relative to the patient's template only."""

    def __init__(self, leads: int, samples: int, features: int, classes: int, mean: torch.Tensor, deviation: torch.Tensor, widths=(16, 24), hidden: int = 32, dropout: float = 0.3):
        super().__init__()
        self.leads = leads
        self.register_buffer("mean", mean.clone())
        self.register_buffer("deviation", deviation.clone())
        layers, before = [], 3 * leads
        for width, kernel, stride in zip(widths, (13, 5), (4, 2)):
            layers += [nn.Conv1d(before, width, kernel, stride=stride, padding=kernel // 2, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
            before = width
            samples = (samples + stride - 1) // stride
        self.shape = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(before * samples, hidden), nn.ReLU())
        self.rhythm = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(dropout / 2), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * hidden, hidden), nn.ReLU(), nn.Linear(hidden, classes))

    def forward(self, window: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        beat, template = window[:, : self.leads], window[:, self.leads :]
        centre = template.mean(2, keepdim=True)
        size = ((template - centre) * (template - centre)).mean(2, keepdim=True).sqrt() + LEAST_MILLIVOLTS
        beat, template = (beat - centre) / size, (template - centre) / size
        # A ventricular beat may be ten times as large as the template: what counts then is its shape.
        rows = torch.cat([beat, template, beat - template], 1).clamp(-8.0, 8.0)
        rhythm = ((features - self.mean) / self.deviation).clamp(-4.0, 4.0)
        return self.head(torch.cat([self.shape(rows), self.rhythm(rhythm)], 1))


class BeatMember(nn.Module):
    """The network says whether a beat is ventricular or a fusion; of the rest the linear score says which are supraventricular ectopic. Gives probabilities."""

    def __init__(self, network: BeatNetwork, ectopic: nn.Module):
        super().__init__()
        self.network = network
        self.ectopic = ectopic

    def forward(self, window, features):
        scores, ectopic = self.network(window, features).softmax(1), self.ectopic(features)
        rest = scores[:, 0:1] + scores[:, 1:2]
        return torch.cat([rest * (1.0 - ectopic), rest * ectopic, scores[:, 2:4]], 1)


class BeatEnsemble(nn.Module):
    """The mean of the members' probabilities, then multiplied by weights per class and brought to a sum of 1 again."""

    def __init__(self, members: list[nn.Module], log_weights: torch.Tensor):
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("weights", log_weights.exp())

    def forward(self, window, features):
        scores = [member(window, features) for member in self.members]
        mean = scores[0] if len(scores) == 1 else sum(scores[1:], scores[0]) * (1.0 / len(scores))
        weighted = mean * self.weights
        return weighted / weighted.sum(1, keepdim=True)
