"""The networks of S0, S1 and S2 as published (seeds' own numbers), for [batch, 1, 205]; all give logits, softmax is applied outside."""

from __future__ import annotations

import torch
from torch import nn

SAMPLES = 205


def _conv_relu(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv1d(inputs, outputs, 3, padding=1), nn.BatchNorm1d(outputs), nn.ReLU()]


class WideDense(nn.Module):
    """S0, and Net5 of S2: six convolutions, then 12,800 -> 6,400 -> 3,200 -> 1,600 -> classes."""

    def __init__(self, classes: int):
        super().__init__()
        self.features = nn.Sequential(
            *_conv_relu(1, 16), *_conv_relu(16, 32), nn.MaxPool1d(2),
            *_conv_relu(32, 64), *_conv_relu(64, 128), nn.MaxPool1d(2),
            *_conv_relu(128, 256), *_conv_relu(256, 512), nn.MaxPool1d(2), nn.Flatten(),
        )  # fmt: skip
        self.dense = nn.Sequential(
            nn.Linear(12800, 6400), nn.ReLU(), nn.Linear(6400, 3200), nn.ReLU(), nn.Linear(3200, 1600), nn.ReLU(), nn.Linear(1600, classes)
        )

    def forward(self, x):
        return self.dense(self.features(x))


class CourseNet(nn.Module):
    """S1: four convolutions with LeakyReLU(0.05), dense 4,096 and 64."""

    def __init__(self, classes: int):
        super().__init__()

        def block(inputs, outputs, kernel):
            return [nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2), nn.BatchNorm1d(outputs), nn.LeakyReLU(0.05)]

        self.features = nn.Sequential(
            *block(1, 64, 7), nn.MaxPool1d(2), *block(64, 128, 5), nn.MaxPool1d(2), *block(128, 256, 3), *block(256, 256, 3), nn.MaxPool1d(2),
            nn.Dropout(0.2), nn.Flatten(),
        )  # fmt: skip
        self.dense = nn.Sequential(
            nn.Linear(6400, 4096), nn.BatchNorm1d(4096), nn.LeakyReLU(0.05), nn.Linear(4096, 64), nn.BatchNorm1d(64), nn.LeakyReLU(0.05),
            nn.Linear(64, classes),
        )  # fmt: skip

    def forward(self, x):
        return self.dense(self.features(x))


def _head(*widths: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU()]
    return layers[:-1]


class Net1(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(1), nn.Conv1d(1, 64, 11, padding=5), nn.LeakyReLU(),
            nn.Conv1d(64, 128, 11, stride=5), nn.BatchNorm1d(128), nn.LeakyReLU(),
            nn.Conv1d(128, 256, 6, stride=3), nn.BatchNorm1d(256), nn.LeakyReLU(),
            nn.Conv1d(256, 256, 11, padding=5, dilation=2), nn.BatchNorm1d(256), nn.LeakyReLU(),
            LastMax(4), nn.Flatten(), nn.Dropout(0.5), *_head(1024, 256, 128, classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x)


class Net2(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        # 7/5, 11/7 and 17/10 all make 209 samples of 205 + 2 pad - kernel + 1: they can be summed.
        self.parallel = nn.ModuleList(nn.Conv1d(1, 32, kernel, padding=pad) for kernel, pad in ((7, 5), (11, 7), (17, 10)))
        self.layers = nn.Sequential(
            nn.BatchNorm1d(32), nn.LeakyReLU(0.2), nn.ReLU(),
            nn.Conv1d(32, 64, 11), nn.BatchNorm1d(64), nn.ReLU(), nn.Conv1d(64, 128, 3), nn.BatchNorm1d(128), nn.ReLU(),
            LastMax(4), nn.Flatten(), nn.LeakyReLU(), nn.Dropout(0.1), *_head(512, 256, 1024, classes),
        )  # fmt: skip

    def forward(self, x):
        first, second, third = (conv(x) for conv in self.parallel)
        return self.layers(first + second + third)


class Net3(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(1), nn.Conv1d(1, 32, 11, padding=5), nn.LeakyReLU(),
            nn.BatchNorm1d(32), nn.Conv1d(32, 64, 11, padding=5), nn.LeakyReLU(), nn.MaxPool1d(4),
            nn.BatchNorm1d(64), nn.Conv1d(64, 128, 3, padding=1), nn.LeakyReLU(),
            nn.BatchNorm1d(128), nn.Conv1d(128, 256, 3, padding=1), nn.LeakyReLU(), nn.MaxPool1d(4),
            nn.Flatten(), nn.Dropout(0.1), *_head(3072, 1024, 128, classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x)


class OneStepLstm(nn.LSTM):
    """An LSTM over a sequence of one step from the zero state, written out: the recurrent weights meet a zero and drop out."""

    def forward(self, x):  # type: ignore[override]
        gates = nn.functional.linear(x, self.weight_ih_l0, self.bias_ih_l0 + self.bias_hh_l0)
        size = self.hidden_size
        entry, cell, output = gates[:, :size], gates[:, 2 * size : 3 * size], gates[:, 3 * size :]
        return output.sigmoid() * (entry.sigmoid() * cell.tanh()).tanh()


class Net4(nn.Module):
    """The published intent: Net3's beginning, adaptive pools to 4, an LSTM over the 1,024 features, dense 128."""

    def __init__(self, classes: int):
        super().__init__()
        self.features = nn.Sequential(
            nn.BatchNorm1d(1), nn.Conv1d(1, 32, 11, padding=5), nn.LeakyReLU(),
            nn.BatchNorm1d(32), nn.Conv1d(32, 64, 11, padding=5, dilation=2), nn.LeakyReLU(), LastMax(4),
            nn.BatchNorm1d(64), nn.Conv1d(64, 128, 9, padding=5), nn.LeakyReLU(),
            nn.BatchNorm1d(128), nn.Conv1d(128, 256, 3, padding=1), nn.LeakyReLU(), LastMax(4),
            nn.Flatten(), nn.Dropout(0.1),
        )  # fmt: skip
        self.lstm = OneStepLstm(1024, 1024)
        self.dense = nn.Sequential(*_head(1024, 128, classes))

    def forward(self, x):
        return self.dense(self.lstm(self.features(x)))


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, middle: int, outputs: int):
        super().__init__()

        def conv(before, after, kernel):
            return [nn.Conv1d(before, after, kernel, padding=kernel // 2), nn.BatchNorm1d(after), nn.LeakyReLU()]

        self.body = nn.Sequential(*conv(inputs, middle, 1), *conv(middle, middle, 3), *conv(middle, outputs, 1))
        self.shortcut = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Net6(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(1, 64, 11, padding=5), nn.MaxPool1d(3, 2, 1),
            Bottleneck(64, 64, 256), Bottleneck(256, 64, 256), Bottleneck(256, 64, 256),
            MeanTo4(), nn.Flatten(), nn.Dropout(0.1),
            nn.Linear(1024, 1024), nn.BatchNorm1d(1024), nn.LeakyReLU(), nn.Linear(1024, 256), nn.BatchNorm1d(256), nn.LeakyReLU(),
            nn.Linear(256, classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x)


class _Adaptive(nn.Module):
    """Adaptive pooling as slices and reductions, as ONNX has no operator for it; the same bounds as PyTorch's."""

    def __init__(self, outputs: int = 4):
        super().__init__()
        self.outputs = outputs

    def bounds(self, length: int) -> list[tuple[int, int]]:
        return [(i * length // self.outputs, -(-(i + 1) * length // self.outputs)) for i in range(self.outputs)]


class LastMax(_Adaptive):
    def forward(self, x):
        if not torch.onnx.is_in_onnx_export():
            return nn.functional.adaptive_max_pool1d(x, self.outputs)
        return torch.cat([x[:, :, first:last].amax(-1, keepdim=True) for first, last in self.bounds(int(x.shape[-1]))], -1)


class MeanTo4(_Adaptive):
    def forward(self, x):
        if not torch.onnx.is_in_onnx_export():
            return nn.functional.adaptive_avg_pool1d(x, self.outputs)
        return torch.cat([x[:, :, first:last].mean(-1, keepdim=True) for first, last in self.bounds(int(x.shape[-1]))], -1)


class Stacker(nn.Module):
    """S2's stacking network over the concatenated probabilities of the members."""

    def __init__(self, members: int, classes: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(members * classes, 64), nn.BatchNorm1d(64), nn.LeakyReLU(), nn.Linear(64, 128), nn.BatchNorm1d(128), nn.LeakyReLU(),
            nn.Linear(128, classes),
        )  # fmt: skip

    def forward(self, scores):
        return self.layers(scores)


NETWORKS = {
    "s0": WideDense, "s1": CourseNet, "net1": Net1, "net2": Net2, "net3": Net3, "net4": Net4, "net5": WideDense, "net6": Net6,
}  # fmt: skip
