"""S3's networks for pictures: ResNet-50 as published, and a small residual network for two CPU cores. Grey pictures, one channel."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from rhythms.drawing import Drawing


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class Basic(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first, self.second = _conv(inputs, outputs, 3, stride), _conv(outputs, outputs, 3)
        self.shortcut = _conv(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        return functional.relu(self.second(functional.relu(self.first(x))) + self.shortcut(x))


class Bottleneck(nn.Module):
    """1 x 1, 3 x 3 (which strides), 1 x 1 to four times the width, beside a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.first, self.second, self.third = _conv(inputs, width, 1), _conv(width, width, 3, stride), _conv(width, 4 * width, 1)
        self.shortcut = _conv(inputs, 4 * width, 1, stride) if stride != 1 or inputs != 4 * width else nn.Identity()

    def forward(self, x):
        inner = functional.relu(self.second(functional.relu(self.first(x))))
        return functional.relu(self.third(inner) + self.shortcut(x))


class PictureNetwork(nn.Module):
    """Draws the window, then stem, stages, global average (the small one: and maximum), and a dense layer per task."""

    def __init__(self, backbone: str, heads: dict[str, int]):
        super().__init__()
        self.drawing = Drawing()
        if backbone == "resnet50":
            self.stem = nn.Sequential(_conv(1, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
            blocks, width = [], 64
            for stage, depth in enumerate((3, 4, 6, 3)):
                for index in range(depth):
                    blocks.append(Bottleneck(width, 64 << stage, 2 if index == 0 and stage > 0 else 1))
                    width = 4 * (64 << stage)
            self.peaks = False
        elif backbone == "small":
            self.stem = nn.Sequential(nn.Conv2d(1, 12, 8, 4, 2, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2, 2))
            blocks, width = [], 12
            for outputs in (24, 48, 96, 128):
                blocks.append(Basic(width, outputs, 1 if outputs == 24 else 2))
                width = outputs
            self.peaks = True
        else:
            raise ValueError(f"unknown backbone '{backbone}'")
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.3)
        self.heads = nn.ModuleDict({name: nn.Linear(width * (2 if self.peaks else 1), count) for name, count in heads.items()})

    def of_page(self, page, head: str):
        """Logits of pictures already drawn (and perhaps changed by augmentation)."""
        x = self.blocks(self.stem(page))
        mean = x.mean((2, 3))
        return self.heads[head](self.dropout(torch.cat([mean, x.amax((2, 3))], 1) if self.peaks else mean))

    def forward(self, window, head: str):
        return self.of_page(self.drawing(window), head)
