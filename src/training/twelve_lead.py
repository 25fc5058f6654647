"""rhythm-12lead-normal-abnormal: pre-training on other 12-lead sets, scored folds, and the network that ships.

    pretrain  one backbone per member on PTB-XL and mixed PhysioNet records (no China-ECG record takes part)
    folds     five stratified folds; every hyper-parameter is the constant below, no epoch is picked
    final     the same recipe on all 480 records

Each finished network is a file under the work folder, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import torch

import windows
from datasets import china_2019, external_twelve_lead
from findings import FINDINGS
from fit import Schedule, fit, logits_of
from folds import stratified_folds
from networks import CompactResNet
from progress import Progress

NAME = "rhythm-12lead-normal-abnormal"
WIDTHS, KERNELS, DROPOUT = (24, 32, 48, 64), (7, 7, 5, 5), 0.1
MODE = "record"
MEMBERS = 3  # 8 million multiplications a window each: as many as 1,000 windows/s on two cores leave room for
PRETRAIN = Schedule(epochs=40)
FINE_TUNE = Schedule(epochs=40, mixup=0.3)
FOLDS, SEED = 5, 0
HEAD, PRE_HEAD = "normal_abnormal", "findings"


def new_network() -> CompactResNet:
    heads = {PRE_HEAD: len(FINDINGS), HEAD: 2}
    return CompactResNet(len(windows.INPUT_LEADS), WIDTHS, KERNELS, DROPOUT, heads)


class Workshop:
    """The data, and the networks finished so far."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _data(self, name: str, read, seed: int):
        path = self.folder / f"{name}.pt"
        if not path.exists():
            records = read()
            views = windows.build(records, seed)
            targets = torch.from_numpy(np.stack([np.asarray(record.target) for record in records]))
            torch.save((torch.from_numpy(views.data), torch.from_numpy(views.begin), targets), path)
        return torch.load(path)

    def china(self):
        return self._data("china", china_2019, 11)

    def external(self):
        return self._data("external", external_twelve_lead, 12)

    def network(self, name: str, make) -> CompactResNet:
        path = self.folder / f"{name}.pt"
        network = new_network()
        if path.exists():
            network.load_state_dict(torch.load(path))
        else:
            network = make(network)
            save(network, path)
        return network.eval()


def pretrained(shop: Workshop, member: int) -> CompactResNet:
    def make(network):
        views, begin, targets = shop.external()
        progress = Progress(f"pre-training, member {member}", PRETRAIN.epochs)
        rows = torch.arange(len(targets))
        torch.manual_seed(1000 + member)
        network = new_network()
        network = fit(network, PRE_HEAD, views, begin, targets, rows, PRETRAIN, MODE, 1000 + member, lambda _: progress.step())
        progress.close()
        return network

    return shop.network(f"pretrained-{member}", make)


def fine_tuned(shop: Workshop, member: int, part: str, rows: np.ndarray, seed: int) -> CompactResNet:
    def make(_):
        views, begin, targets = shop.china()
        progress = Progress(f"{part}, member {member}", FINE_TUNE.epochs)
        network = copy.deepcopy(pretrained(shop, member))
        network = fit(
            network, HEAD, views, begin, targets, torch.from_numpy(rows), FINE_TUNE, MODE, seed, lambda _: progress.step()
        )
        progress.close()
        return network

    return shop.network(f"{part}-{member}", make)


def train_member(shop: Workshop, member: int) -> None:
    """All networks of one member, so that several processes can share the work."""
    _, _, targets = shop.china()
    fold_of = stratified_folds(targets.numpy(), FOLDS, SEED)
    for fold in range(FOLDS):
        fold_network(shop, member, fold_of, fold)
    final_network(shop, member)


def fold_network(shop: Workshop, member: int, fold_of: np.ndarray, fold: int) -> CompactResNet:
    return fine_tuned(shop, member, f"fold{fold}", np.flatnonzero(fold_of != fold), 100 * member + fold)


def final_network(shop: Workshop, member: int) -> CompactResNet:
    return fine_tuned(shop, member, "final", np.arange(len(shop.china()[2])), 100 * member + 99)


def score_folds(shop: Workshop) -> dict:
    """Accuracy of the ensemble and of its members in each fold, and every record's out-of-fold logits."""
    views, _, targets = shop.china()
    fold_of = stratified_folds(targets.numpy(), FOLDS, SEED)
    logits = torch.zeros(MEMBERS, len(targets), 2)
    settled = torch.zeros(MEMBERS, len(targets), 2)
    for member in range(MEMBERS):
        for fold in range(FOLDS):
            network = fold_network(shop, member, fold_of, fold)
            rows = torch.from_numpy(np.flatnonzero(fold_of == fold))
            logits[member, rows] = logits_of(network, HEAD, views[rows, 0], MODE)
            settled[member, rows] = logits_of(network, HEAD, views[rows, 1], MODE)
    temperature = calibrate(logits, targets)
    scores = (logits / temperature).softmax(-1).mean(0)
    hits = (scores.argmax(1) == targets).numpy()
    members = (logits.argmax(-1) == targets).float().mean(1).tolist()
    mid_stream = ((settled / temperature).softmax(-1).mean(0).argmax(1) == targets).float().mean()
    result = {
        "accuracy": [float(hits[fold_of == fold].mean()) for fold in range(FOLDS)],
        "mean": float(np.mean([hits[fold_of == fold].mean() for fold in range(FOLDS)])),
        "single_members": members,
        "mean_mid_stream_windows": float(mid_stream),
        "sensitivity": float(hits[targets.numpy() == 1].mean()),
        "specificity": float(hits[targets.numpy() == 0].mean()),
        "roc_auc": roc_auc(scores[:, 1].numpy(), targets.numpy()),
        "temperature": temperature,
        "expected_calibration_error": calibration_error(scores.numpy(), targets.numpy()),
    }
    (shop.folder / "folds.json").write_text(json.dumps(result, indent=2))
    return result


def finals(shop: Workshop) -> list[CompactResNet]:
    return [final_network(shop, member) for member in range(MEMBERS)]


def save(network: torch.nn.Module, path: Path) -> None:
    """Whole or not at all, so that a stopped run leaves no half file."""
    partial = path.with_suffix(".partial")
    torch.save(network.state_dict(), partial)
    partial.replace(path)


def calibrate(logits: torch.Tensor, targets: torch.Tensor) -> float:
    """One temperature for all members: the lowest log loss of the out-of-fold ensemble scores."""
    grid = np.geomspace(0.2, 5.0, 161)
    losses = []
    for temperature in grid:
        scores = (logits / float(temperature)).softmax(-1).mean(0).clamp_min(1e-9)
        losses.append(float(torch.nn.functional.nll_loss(scores.log(), targets)))
    return round(float(grid[int(np.argmin(losses))]), 3)


def roc_auc(score: np.ndarray, label: np.ndarray) -> float:
    """The share of (abnormal, normal) pairs in the right order; ties count half."""
    high, low = score[label == 1][:, None], score[label == 0][None, :]
    return float((high > low).mean() + 0.5 * (high == low).mean())


def calibration_error(scores: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    confidence, hit = scores.max(1), scores.argmax(1) == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[which == b].mean() - hit[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()]
    return float(sum(gaps))
