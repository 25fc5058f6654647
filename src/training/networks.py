"""The networks: S4's published Keras classifier re-created, and the compact ones that ship."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional


class KerasSameConv(nn.Module):
    """Conv1d with Keras' 'same' padding (asymmetric for strides and even kernels), ReLU, Glorot-uniform start."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, same: bool = True):
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel, stride)
        self.same = same
        nn.init.xavier_uniform_(self.conv.weight)
        nn.init.zeros_(self.conv.bias)

    def forward(self, x):
        if self.same:
            kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
            length = int(x.shape[-1])  # the exported graph holds the padding of its window as a constant
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
            if total % 2:  # Keras puts the odd zero behind; written so that the graph holds a plain Concat
                x = torch.cat([x, 0.0 * x[..., -1:]], 2)
            convolved = functional.conv1d(x, self.conv.weight, self.conv.bias, stride, total // 2)
            return functional.relu(convolved)
        return functional.relu(self.conv(x))


class PublishedConv1d(nn.Module):
    """S4: eight convolutions in four pairs, 344,482 parameters; input [batch, 12, 5000] at 500 Hz."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            KerasSameConv(12, 16, 16, 2, same=False), KerasSameConv(16, 16, 16, 2), nn.MaxPool1d(2),
            KerasSameConv(16, 64, 8, 2), KerasSameConv(64, 64, 8, 2), nn.MaxPool1d(2),
            KerasSameConv(64, 128, 4, 2), KerasSameConv(128, 128, 4, 2), nn.MaxPool1d(2),
            KerasSameConv(128, 256, 2), KerasSameConv(256, 256, 2), nn.MaxPool1d(2),
        )  # fmt: skip
        self.dropout = nn.Dropout(0.3)
        self.dense = nn.Linear(256, 2)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, x):
        return self.dense(self.dropout(self.features(x).mean(-1)))


class Residual(nn.Module):
    """Two convolutions beside a shortcut; the shortcut averages where the block halves the rate."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, dropout: float):
        super().__init__()
        half = kernel // 2
        self.body = nn.Sequential(
            nn.Conv1d(inputs, outputs, kernel, stride, half, bias=False), nn.BatchNorm1d(outputs), nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv1d(outputs, outputs, kernel, 1, half, bias=False), nn.BatchNorm1d(outputs),
        )  # fmt: skip
        shortcut = [nn.AvgPool1d(stride, stride, count_include_pad=False)] if stride > 1 else []
        if inputs != outputs:
            shortcut += [nn.Conv1d(inputs, outputs, 1, bias=False), nn.BatchNorm1d(outputs)]
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        return functional.relu(self.body(x) + self.shortcut(x))


class CompactResNet(nn.Module):
    """Residual 1-D network for [batch, leads, samples at 125 Hz]; any length, mean and max over time at the end."""

    def __init__(self, leads: int, widths: tuple[int, ...], kernels: tuple[int, ...], dropout: float, heads: dict[str, int]):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv1d(leads, widths[0], 9, 2, 4, bias=False), nn.BatchNorm1d(widths[0]), nn.ReLU(), nn.MaxPool1d(2, 2)
        )
        blocks, previous = [], widths[0]
        for index, (width, kernel) in enumerate(zip(widths, kernels)):
            blocks.append(Residual(previous, width, kernel, 1 if index == 0 else 2, dropout))
            previous = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.3)
        self.heads = nn.ModuleDict({name: nn.Linear(2 * previous, count) for name, count in heads.items()})

    def features(self, x):
        x = self.blocks(self.stem(x))
        return torch.cat([x.mean(-1), x.amax(-1)], 1)

    def forward(self, x, head: str):
        return self.heads[head](self.dropout(self.features(x)))


class RhythmBranch(nn.Module):
    """Sixteen features of the rhythm: the autocorrelation of the QRS envelope at lags of 0.13 to 2.1 s, and two dense layers.

    A fixed Fourier matrix (0.05 to 16 Hz, so 20 s of period for 10 s of signal: no wrap-around) makes it plain matrix products.
    """

    RATE_HZ, LONGEST, BINS, STEP_HZ, LAGS, FIRST_LAG, OUTPUTS = 62.5, 625, 320, 0.05, 125, 8, 16

    def __init__(self, dropout: float = 0.1):
        super().__init__()
        frequency = self.STEP_HZ * torch.arange(1, self.BINS + 1)
        time = torch.arange(self.LONGEST) / self.RATE_HZ
        lag = torch.arange(self.FIRST_LAG, self.FIRST_LAG + self.LAGS) / self.RATE_HZ
        angle = 2 * math.pi * time[:, None] * frequency
        self.register_buffer("cosine", angle.cos(), persistent=False)
        self.register_buffer("sine", angle.sin(), persistent=False)
        self.register_buffer("back", (2 * math.pi * frequency[:, None] * lag).cos(), persistent=False)
        self.dense = nn.Sequential(nn.Linear(self.LAGS, 32), nn.ReLU(), nn.Dropout(dropout), nn.Linear(32, self.OUTPUTS), nn.ReLU())

    def forward(self, x):
        steep = (x[..., 2:] - x[..., :-2]).abs().mean(1, keepdim=True)
        envelope = functional.avg_pool1d(steep, 5, 2, count_include_pad=False).squeeze(1)
        envelope = envelope - envelope.mean(1, keepdim=True)
        length = int(envelope.shape[1])
        cosine, sine = envelope @ self.cosine[:length], envelope @ self.sine[:length]
        power = cosine * cosine + sine * sine
        return self.dense(3.0 * (power @ self.back) / (power.sum(1, keepdim=True) + 1e-6))


class RhythmResNet(CompactResNet):
    """CompactResNet whose heads see the rhythm's features beside the waveform's."""

    def __init__(self, leads: int, widths: tuple[int, ...], kernels: tuple[int, ...], dropout: float, heads: dict[str, int]):
        super().__init__(leads, widths, kernels, dropout, heads)
        self.rhythm = RhythmBranch()
        self.heads = nn.ModuleDict({name: nn.Linear(2 * widths[-1] + RhythmBranch.OUTPUTS, count) for name, count in heads.items()})

    def features(self, x):
        return torch.cat([super().features(x), self.rhythm(x)], 1)


def parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
