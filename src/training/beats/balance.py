"""Making rare classes larger: SMOTE, and one small GAN per class."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from framework.machine import device
from progress import Progress


def smote(signals: np.ndarray, labels: np.ndarray, wanted: int | None, neighbours: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Every class brought to `wanted` rows (None: to the size of the largest): Chawla et al. 2002, "SMOTE: Synthetic Minority
    Over-sampling Technique". A new row lies at a uniform place between a row and one of its k nearest of the same class.
    A class that has more is drawn down to `wanted`; one with fewer than two rows is repeated. The new rows follow the old.
    """
    generator = np.random.default_rng(seed)
    counts = np.bincount(labels)
    wanted = wanted or int(counts.max())
    rows, classes = [], []
    for kind in np.flatnonzero(counts):
        own = signals[labels == kind]
        if len(own) >= wanted:
            own = own[np.sort(generator.choice(len(own), wanted, replace=False))]
        rows.append(own)
        missing = wanted - len(own)
        if missing > 0:
            nearest = _nearest(own, min(neighbours, len(own) - 1))
            base = generator.integers(len(own), size=missing)
            if nearest.shape[1] == 0:
                rows.append(own[base])
            else:
                other = nearest[base, generator.integers(nearest.shape[1], size=missing)]
                rows.append(own[base] + generator.random((missing, 1), dtype=np.float32) * (own[other] - own[base]))
        classes.append(np.full(wanted, kind))
    return np.concatenate(rows).astype(np.float32), np.concatenate(classes)


def _nearest(rows: np.ndarray, count: int) -> np.ndarray:
    """[rows, count] indices of the nearest others, in blocks."""
    data = torch.from_numpy(rows)
    found = []
    for start in range(0, len(data), 2048):
        distance = torch.cdist(data[start : start + 2048], data)
        distance[torch.arange(len(distance)), torch.arange(start, start + len(distance))] = float("inf")
        found.append(distance.topk(count, largest=False).indices)
    return torch.cat(found).numpy()


def generator_network(noise: int = 100, samples: int = 205) -> nn.Module:
    """64 -> 128 -> 256 -> 512 -> 1024 -> 205 tanh; batch normalisation with eps 0.8 as published, none after the first layer."""
    layers: list[nn.Module] = [nn.Linear(noise, 64), nn.LeakyReLU(0.2)]
    for inputs, outputs in ((64, 128), (128, 256), (256, 512), (512, 1024)):
        layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, 0.8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Linear(1024, samples), nn.Tanh())


def discriminator_network(samples: int = 205) -> nn.Module:
    return nn.Sequential(
        nn.Linear(samples, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1), nn.Sigmoid()
    )


def gan_rows(signals: np.ndarray, count: int, epochs: int, batch: int, seed: int, title: str) -> tuple[np.ndarray, dict]:
    """`count` new rows of one class from a GAN trained on `signals`; Adam 5e-4, betas 0.9 and 0.99. Also its two loss curves."""
    torch.manual_seed(seed)
    where = device()
    maker, judge = generator_network().to(where), discriminator_network().to(where)
    optimizers = [torch.optim.Adam(network.parameters(), 5e-4, (0.9, 0.99)) for network in (maker, judge)]
    bce = nn.functional.binary_cross_entropy
    data = torch.from_numpy(signals).to(where)
    curves: dict = {"generator": [], "discriminator": []}
    progress = Progress(title, epochs)
    for _ in range(epochs):
        sums = [0.0, 0.0]
        parts = [part for part in torch.randperm(len(data)).split(batch) if len(part) > 1]
        for part in parts:
            real, ones, zeros = data[part], torch.ones(len(part), 1, device=where), torch.zeros(len(part), 1, device=where)
            made = maker(torch.randn(len(part), 100, device=where))
            optimizers[0].zero_grad()
            fooled = bce(judge(made), ones)
            fooled.backward()
            optimizers[0].step()
            optimizers[1].zero_grad()
            told = 0.5 * (bce(judge(real), ones) + bce(judge(made.detach()), zeros))
            told.backward()
            optimizers[1].step()
            sums = [sums[0] + fooled.item(), sums[1] + told.item()]
        curves["generator"].append(sums[0] / max(len(parts), 1))
        curves["discriminator"].append(sums[1] / max(len(parts), 1))
        progress.step(f"generator {curves['generator'][-1]:.2f}")
    progress.close()
    maker.eval()
    with torch.no_grad():
        made = maker(torch.randn(count, 100, device=where)).clamp(0, 1).cpu().numpy()
    return made, curves
