"""S4's network in its own recipe (Adam, batch 20, 20 epochs) on the project's stratified folds.

No epoch is picked: the figure is the accuracy after the last epoch. The best epoch of each scored fold, which is
what the write-up quotes, is printed beside it to show how much such picking gives away.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from datasets import china_2019
from folds import stratified_folds
from networks import PublishedConv1d, parameter_count
from progress import Progress

EPOCHS, BATCH = 20, 20


def prepare(millivolts: np.ndarray) -> np.ndarray:
    """Per lead: minus the mean, over the signed maximum."""
    centred = millivolts - millivolts.mean(1, keepdims=True)
    return (centred / (centred.max(1, keepdims=True) + 2e-12)).astype(np.float32)


def run(seed: int = 0, folds: int = 5) -> dict:
    records = china_2019()
    inputs = torch.from_numpy(np.stack([prepare(record.millivolts) for record in records]))
    labels = torch.tensor([record.target for record in records])
    fold_of = stratified_folds(labels.numpy(), folds, 0)
    last, best = [], []
    progress = Progress("S4 folds", folds * EPOCHS)
    for fold in range(folds):
        torch.manual_seed(seed * 100 + fold)
        network = PublishedConv1d()
        assert parameter_count(network) == 344_482
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, eps=1e-7)  # Keras' defaults
        train = torch.from_numpy(np.flatnonzero(fold_of != fold))
        test = torch.from_numpy(np.flatnonzero(fold_of == fold))
        curve = []
        for _ in range(EPOCHS):
            network.train()
            for batch in train[torch.randperm(len(train))].split(BATCH):
                optimizer.zero_grad()
                nn.functional.cross_entropy(network(inputs[batch]), labels[batch]).backward()
                optimizer.step()
            network.eval()
            with torch.no_grad():
                curve.append(float((network(inputs[test]).argmax(1) == labels[test]).float().mean()))
            progress.step(f"fold {fold} accuracy {curve[-1]:.3f}")
        last.append(curve[-1])
        best.append(max(curve))
    progress.close()
    return {
        "model": "S4 Conv1D", "seed": seed, "accuracy": last, "mean": float(np.mean(last)),
        "mean_of_best_epochs_peeked": float(np.mean(best)),
    }  # fmt: skip
