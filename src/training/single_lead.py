"""rhythm-1lead-af: normal, AF, other or noisy from any single lead (CinC 2017, five stratified folds).

Leads of PTB-XL and mixed PhysioNet records join the training of every fold, so that chest leads and inverted leads
are known too; they are never scored. CinC 2017 has hardly any regular tachycardia, and a network that never saw one takes it
for AF: one in ten of the normal records, played faster (tachycardia.py), join the training as "other", each only where its record
is trained on.
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
from tachycardia import played_faster
from twelve_lead import calibrate, save

NAME = "rhythm-1lead-af"
CLASSES = ("normal", "af", "other", "noisy")
NORMAL, AF, OTHER = 0, 1, 2
WIDTHS, KERNELS, DROPOUT = (16, 24, 32, 48), (9, 7, 5, 5), 0.1
MODE = "lead"
HEAD = "af"
VIEWS = 6
FAST_SHARE = 10  # one in so many normal records is played faster, too
EXTRA_LEADS = ("I", "II", "III", "V1", "V3", "V5")
SCHEDULE = Schedule(epochs=8, rate=3e-3, batch=64, augmentation=Augmentation(lead_mix=0.0, lead_dropout=0.0, noise_mv=0.02, flip=0.15))
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
    """(views, begin, targets, number of CinC records, record that each row is made of or -1, number of rows played faster).

    CinC records first, then those of the other sets, then the normal ones played faster (CinC's, then the others').
    """
    path = folder / "single-lead-3.pt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(7)
        records = cinc_2017()
        views = [_record_views(record.millivolts) for record in records]
        targets = [record.target for record in records]
        sources, fast = list(range(len(records))), []
        for row, record in enumerate(records):
            faster = played_faster(record.millivolts, rng) if record.target == NORMAL and row % FAST_SHARE == 0 else None
            if faster is not None:
                fast.append((_record_views(faster), row))
        for record in external_twelve_lead():
            kind = _extra_class(record.target)
            if kind is None:
                continue
            views.append(_extra_views(record.millivolts))
            targets.append(kind)
            sources.append(-1)
            faster = played_faster(record.millivolts, rng) if kind == NORMAL else None
            if faster is not None:
                fast.append((_extra_views(faster), -1))
        views += [item for item, _ in fast]
        targets += [OTHER] * len(fast)
        sources += [row for _, row in fast]
        torch.save((torch.from_numpy(np.stack(views)), torch.tensor(targets), len(records), np.asarray(sources), len(fast)), path)
    views, targets, scored, sources, fast = torch.load(path)
    return views, torch.zeros(views.shape[:2], dtype=torch.long), targets, scored, sources, fast


def trained(folder: Path, part: str, rows: np.ndarray, seed: int) -> CompactResNet:
    path = folder / f"single-3-{part}.pt"
    if not path.exists():
        views, begin, targets, *_ = load(folder)
        progress = Progress(f"{NAME}, {part}", SCHEDULE.epochs)
        torch.manual_seed(seed)
        network = fit(new_network(), HEAD, views, begin, targets, torch.from_numpy(rows), SCHEDULE, MODE, seed, lambda _: progress.step())
        progress.close()
        save(network, path)
    network = new_network()
    network.load_state_dict(torch.load(path))
    return network.eval()


def folds_of(folder: Path) -> np.ndarray:
    """The fold of each CinC record, in the order of its set."""
    _, _, targets, scored, _, _ = load(folder)
    return stratified_folds(targets[:scored].numpy(), FOLDS, SEED)


def fold_network(folder: Path, fold: int) -> CompactResNet:
    _, _, targets, _, sources, _ = load(folder)
    scored_here = np.flatnonzero(folds_of(folder) == fold)
    return trained(folder, f"fold{fold}", np.flatnonzero(~np.isin(sources, scored_here)), 200 + fold)


def score_folds(folder: Path) -> dict:
    from rhythms.pictures import reliability

    views, _, targets, scored, sources, _ = load(folder)
    labels = targets[:scored].numpy()
    fold_of = folds_of(folder)
    logits = torch.zeros(VIEWS, scored, len(CLASSES))
    fast = np.flatnonzero((np.arange(len(sources)) >= scored) & (sources >= 0))
    fast_taken_for_af = []
    for fold in range(FOLDS):
        network = fold_network(folder, fold)
        rows = torch.from_numpy(np.flatnonzero(fold_of == fold))
        for view in range(VIEWS):
            logits[view, rows] = logits_of(network, HEAD, views[rows, view], MODE)
        held_out = torch.from_numpy(fast[np.isin(sources[fast], rows.numpy())])
        fast_taken_for_af += (logits_of(network, HEAD, views[held_out, 0], MODE).argmax(1) == AF).tolist()
    temperature = calibrate(logits[:1], targets[:scored])
    scores = (logits / temperature).softmax(-1)
    first, whole = scores[0], scores.mean(0)
    result = {
        "temperature": temperature,
        "first_window": f1_scores(first.argmax(1).numpy(), labels, fold_of),
        "record_mean_of_windows": f1_scores(whole.argmax(1).numpy(), labels, fold_of),
        "regular_tachycardia": {"records": len(fast_taken_for_af), "taken_for_af": float(np.mean(fast_taken_for_af))},
    }
    for name, said in (("first_window", first), ("record_mean_of_windows", whole)):
        picture = folder / f"reliability-1lead-af-{name}.png"
        result[name]["af_calibration_error"] = reliability(said[:, AF].numpy(), labels == AF, picture, f"AF from one lead, {name}".replace("_", " "))
    (folder / "single-folds.json").write_text(json.dumps(result, indent=2))
    np.savez(folder / "single-oof.npz", first=first.numpy(), whole=whole.numpy(), labels=labels, fold_of=fold_of)
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
