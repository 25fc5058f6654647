"""S4: the Keras network of the First China ECG Intelligence Competition, re-created, in its own recipe on our folds.

Scaling (minus the mean, over the signed maximum, each lead) is part of the exported graph. The recipe's `input` says whether
it learns the filtered stream, which is what the daemon serves, or the records as they are, as published. No epoch is picked.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

import export
from cards import CHINA, label, metric_of
from dsp import LEADS, WINDOW_SAMPLES
from framework import machine, pictures, results
from framework.loop import fit
from framework.place import Place, save, save_json
from networks import PublishedConv1d, parameter_count
from rhythms import china, measure

NAME = "s4-conv1d"
LEAST_MV = 1e-4  # served: a lead that stands still stays so, where the published 2e-12 would blow its rounding up to a signal


class Served(nn.Module):
    """[batch, 12, 5000] mV → probabilities (normal, abnormal)."""

    def __init__(self, network: PublishedConv1d):
        super().__init__()
        self.network = network

    def forward(self, window):
        return self.network(scaled(window, LEAST_MV)).softmax(-1)


def scaled(window: torch.Tensor, least_mv: float = 2e-12) -> torch.Tensor:
    """Each lead less its mean, over its largest value, as published."""
    centred = window - window.mean(2, keepdim=True)
    return centred / (centred.amax(2, keepdim=True) + least_mv)


def prepare(recipe, place: Place) -> None:
    china.windows(place, recipe["input"] == "stream")


def jobs(recipe) -> list[str]:
    return [f"fold{fold}" for fold in range(china.FOLDS)]


def train(job: str, recipe, place: Place) -> None:
    inputs, labels = china.windows(place, recipe["input"] == "stream")
    inputs, fold_of, folder = scaled(inputs), china.fold_of(labels), place.job(job)
    fold = int(job[4:])
    rows = torch.from_numpy(np.flatnonzero(fold_of != fold))
    torch.manual_seed(recipe["seed"] * 100 + fold)
    network = PublishedConv1d()
    assert parameter_count(network) == 344_482, "not the published network"
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe["rate"], eps=1e-7)  # Keras' defaults
    target = machine.device()

    def loss_of(model, indices, _):
        chosen = rows[indices]
        return nn.functional.cross_entropy(model(inputs[chosen].to(target)), labels[chosen].to(target))

    network, losses, seconds = fit(
        network, optimizer, loss_of, len(rows), recipe["batch"], recipe["epochs"], recipe["seed"] * 100 + fold, f"S4 {job}",
        folder / "checkpoint.pt",
    )  # fmt: skip
    save(network.cpu().state_dict(), folder / "network.pt")
    test = torch.from_numpy(np.flatnonzero(fold_of == fold))
    with torch.no_grad():
        scores = network(inputs[test]).softmax(-1).numpy()
    np.savez(folder / "scores.npz", rows=test.numpy(), scores=scores)
    save_json({"losses": losses, "seconds": seconds, "machine": machine.describe()}, folder / "run.json")


def score(recipe, place: Place) -> None:
    inputs, labels = china.windows(place, recipe["input"] == "stream")
    scores, runs = china.out_of_fold(place, jobs(recipe), len(labels))
    network = PublishedConv1d()
    network.load_state_dict(torch.load(place.job("fold0") / "network.pt"))
    served = Served(network).eval()
    path = place.models / NAME / "model.onnx"
    export.write_onnx(served, len(LEADS), path, WINDOW_SAMPLES)
    metrics = measure.two_class(scores, labels.numpy())
    heard = "the filtered stream" if recipe["input"] == "stream" else "the records unfiltered, as published"
    export.write_card(
        NAME, "1.0.0", LEADS, [{"step": "select_leads", "leads": list(LEADS)}],
        [label("normal", "102592006", False, None), label("abnormal", "102594003", True, "low")],
        {
            "datasets": [CHINA],
            "splits": "5 stratified folds (seed 0); the network is that of fold 0, so it has not seen that fold's records",
            "recipe": f"src/training/recipes/{recipe.name}.toml, {recipe.size}",
            "seed": recipe["seed"], "date": export.DATE,
            "metrics": [metric_of(name, value, f"{recipe.size} {recipe.name}") for name, value in metrics.items()],
        }, path.parent, WINDOW_SAMPLES,
    )  # fmt: skip
    china.pictures_of(place, runs, inputs, labels, "S4")
    results.write(place, recipe, "china", results.Result(
        china.SPLIT, len(labels), metrics, parameter_count(network), sum(run["seconds"] for run in runs.values()),
        machine.describe(), path.stat().st_size, machine.windows_per_second([served], (len(LEADS), WINDOW_SAMPLES)),
        note=f"published recipe (batch 20, 20 epochs, no picked epoch), learnt on {heard}; training seconds of the five folds",
    ))  # fmt: skip
