"""rhythm-1lead-af: normal, AF, other or noisy from any single lead (CinC 2017, five stratified folds).

Leads of PTB-XL and mixed PhysioNet records join the training of every fold, so that chest leads and inverted leads
are known too; they are never scored.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

import windows
from augment import Augmentation
from datasets import cinc_2017, external_twelve_lead
from dsp import LEADS, WINDOW_SAMPLES, stream_filter
from findings import FINDINGS
from fit import Schedule, fit, logits_of
from folds import stratified_folds
from networks import CompactResNet
from progress import Progress
from twelve_lead import calibrate, save

NAME = "rhythm-1lead-af"
CLASSES = ("normal", "af", "other", "noisy")
WIDTHS, KERNELS, DROPOUT = (16, 24, 32, 48), (9, 7, 5, 5), 0.1
MODE = "lead"
HEAD = "af"
VIEWS = 6
EXTRA_LEADS = ("I", "II", "III", "V1", "V3", "V5")
SCHEDULE = Schedule(epochs=20, augmentation=Augmentation(lead_mix=0.0, lead_dropout=0.0, noise_mv=0.02, flip=0.15))
FOLDS, SEED = 5, 0


def new_network() -> CompactResNet:
    return CompactResNet(1, WIDTHS, KERNELS, DROPOUT, {HEAD: len(CLASSES)})


def _record_views(millivolts: np.ndarray) -> np.ndarray:
    """[VIEWS, 1, 1250]: the first window of the session, then windows spread over the rest of the record.

    A record shorter than 10 s (three of CinC 2017) is continued by its own mirror image.
    """
    short = WINDOW_SAMPLES - millivolts.shape[1]
    if short > 0:
        millivolts = np.hstack([millivolts, millivolts[:, : -short - 1 : -1]])
    filtered = stream_filter(millivolts)
    starts = np.linspace(0, filtered.shape[1] - WINDOW_SAMPLES, VIEWS).astype(int)
    return np.stack([filtered[:, start : start + WINDOW_SAMPLES : windows.FACTOR] for start in starts]).astype(np.float32)


def _extra_views(millivolts: np.ndarray) -> np.ndarray:
    return np.stack([windows.mid_stream_window(millivolts[[LEADS.index(name)]]) for name in EXTRA_LEADS])


def _extra_class(findings: np.ndarray) -> int | None:
    found = {name for name, value in zip(FINDINGS, findings) if value}
    if found & {"af", "flutter"}:
        return 1
    if not found:
        return None
    return 0 if found <= {"normal", "axis", "low_voltage"} else 2


def load(folder: Path):
    """(views, begin, targets, number of CinC records); the records of the other sets follow those of CinC."""
    path = folder / "single-lead.pt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        records = cinc_2017()
        views = [_record_views(record.millivolts) for record in records]
        targets = [record.target for record in records]
        for record in external_twelve_lead():
            kind = _extra_class(record.target)
            if kind is not None:
                views.append(_extra_views(record.millivolts))
                targets.append(kind)
        torch.save((torch.from_numpy(np.stack(views)), torch.tensor(targets), len(records)), path)
    views, targets, scored = torch.load(path)
    return views, torch.zeros(views.shape[:2], dtype=torch.long), targets, scored


def trained(folder: Path, part: str, rows: np.ndarray, seed: int) -> CompactResNet:
    path = folder / f"single-{part}.pt"
    network = None
    if not path.exists():
        views, begin, targets, _ = load(folder)
        progress = Progress(f"{NAME}, {part}", SCHEDULE.epochs)
        torch.manual_seed(seed)
        network = fit(
            new_network(), HEAD, views, begin, targets, torch.from_numpy(rows), SCHEDULE, MODE, seed, lambda _: progress.step()
        )
        progress.close()
        save(network, path)
    network = new_network()
    network.load_state_dict(torch.load(path))
    return network.eval()


def score_folds(folder: Path) -> dict:
    views, _, targets, scored = load(folder)
    labels = targets[:scored].numpy()
    extra = np.arange(scored, len(targets))
    fold_of = stratified_folds(labels, FOLDS, SEED)
    logits = torch.zeros(VIEWS, scored, len(CLASSES))
    for fold in range(FOLDS):
        train = np.concatenate([np.flatnonzero(fold_of != fold), extra])
        network = trained(folder, f"fold{fold}", train, 200 + fold)
        rows = torch.from_numpy(np.flatnonzero(fold_of == fold))
        for view in range(VIEWS):
            logits[view, rows] = logits_of(network, HEAD, views[rows, view], MODE)
    temperature = calibrate(logits[:1], targets[:scored])
    first = logits[0].argmax(1).numpy()
    whole = (logits / temperature).softmax(-1).mean(0).argmax(1).numpy()
    result = {
        "temperature": temperature,
        "first_window": f1_scores(first, labels, fold_of),
        "record_mean_of_windows": f1_scores(whole, labels, fold_of),
    }
    (folder / "single-folds.json").write_text(json.dumps(result, indent=2))
    return result


def final(folder: Path) -> CompactResNet:
    return trained(folder, "final", np.arange(len(load(folder)[2])), 299)


def f1_scores(predicted: np.ndarray, labels: np.ndarray, fold_of: np.ndarray) -> dict:
    """F1 of each class on all out-of-fold predictions, and the challenge's mean over normal, AF and other per fold."""

    def f1(kind, chosen):
        hit = ((predicted == kind) & (labels == kind) & chosen).sum()
        return float(2 * hit / max(((predicted == kind) & chosen).sum() + ((labels == kind) & chosen).sum(), 1))

    everything = np.ones(len(labels), dtype=bool)
    per_fold = [float(np.mean([f1(kind, fold_of == fold) for kind in range(3)])) for fold in range(fold_of.max() + 1)]
    classes = {name: f1(kind, everything) for kind, name in enumerate(CLASSES)}
    return {"per_class": classes, "mean_normal_af_other": float(np.mean(per_fold)), "folds": per_fold}
