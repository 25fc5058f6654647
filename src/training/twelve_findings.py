"""rhythm-12lead-findings: the twelve AIWIN labels from PTB-XL and mixed PhysioNet records, multi-label (sigmoid).

Five folds that keep a patient together; copies of a recording are dropped first. Every hyper-parameter is a constant below,
no epoch is picked. The thresholds that score a fold are chosen on the other folds' out-of-fold scores; the shipped card's on all.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

import scores as measure
import windows
from augment import Augmentation
from datasets import external_twelve_lead, without_copies
from findings import FINDINGS, TWELVE, twelve_of
from fit import Schedule, fit, logits_of
from folds import grouped_folds
from networks import RhythmResNet
from progress import Progress
from twelve_lead import save

NAME = "rhythm-12lead-findings"
WIDTHS, KERNELS, DROPOUT = (24, 32, 48, 64), (7, 7, 5, 5), 0.1
MODE = "record"
HEAD = "twelve"
MEMBERS = 2
SCHEDULE = Schedule(epochs=40, mixup=0.2, augmentation=Augmentation())
FOLDS, SEED = 5, 0


def new_network() -> RhythmResNet:
    # The finer findings are learnt beside the labels and cut off before export.
    return RhythmResNet(len(windows.INPUT_LEADS), WIDTHS, KERNELS, DROPOUT, {HEAD: len(TWELVE) + len(FINDINGS)})


def load(folder: Path):
    """(views, begin, targets over TWELVE then FINDINGS, fold of each record)."""
    path = folder / "findings.pt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        records, groups = without_copies(external_twelve_lead())
        views = windows.build(records, 12)
        targets = np.stack([np.concatenate([twelve_of(record.codes), record.target]) for record in records])
        fold_of = grouped_folds(targets[:, : len(TWELVE)], groups, FOLDS, SEED)
        torch.save((torch.from_numpy(views.data), torch.from_numpy(views.begin), torch.from_numpy(targets), fold_of), path)
    return torch.load(path)


def trained(folder: Path, part: str, member: int, rows: np.ndarray, seed: int) -> RhythmResNet:
    path = folder / f"findings-{part}-{member}.pt"
    if not path.exists():
        views, begin, targets, _ = load(folder)
        progress = Progress(f"{NAME}, {part}, member {member}", SCHEDULE.epochs)
        torch.manual_seed(seed)
        network = fit(
            new_network(), HEAD, views, begin, targets, torch.from_numpy(rows), SCHEDULE, MODE, seed, lambda _: progress.step()
        )
        progress.close()
        save(network, path)
    network = new_network()
    network.load_state_dict(torch.load(path))
    return network.eval()


def fold_logits(folder: Path, members: int = MEMBERS) -> torch.Tensor:
    """[members, records, 12] out-of-fold logits of the first window of each record."""
    views, _, targets, fold_of = load(folder)
    logits = torch.zeros(members, len(targets), len(TWELVE))
    for member in range(members):
        for fold in range(FOLDS):
            network = trained(folder, f"fold{fold}", member, np.flatnonzero(fold_of != fold), 500 + 10 * member + fold)
            rows = torch.from_numpy(np.flatnonzero(fold_of == fold))
            logits[member, rows] = logits_of(network, HEAD, views[rows, 0], MODE)[:, : len(TWELVE)]
    return logits


def finals(folder: Path, members: int = MEMBERS) -> list[RhythmResNet]:
    everything = np.arange(len(load(folder)[2]))
    return [trained(folder, "final", member, everything, 590 + member) for member in range(members)]


def score_folds(folder: Path, members: int = MEMBERS) -> dict:
    _, _, targets, fold_of = load(folder)
    truth = targets[:, : len(TWELVE)].numpy() > 0.5
    scores = fold_logits(folder, members).sigmoid().mean(0).numpy()
    result = {"labels": TWELVE, "records": len(truth), **measure.multi_label(scores, truth, fold_of)}
    (folder / "findings-folds.json").write_text(json.dumps(result, indent=2))
    np.savez(folder / "findings-oof.npz", scores=scores, truth=truth, fold_of=fold_of)
    return result
