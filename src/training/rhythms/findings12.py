"""rhythm-12lead-findings: the twelve AIWIN labels from PTB-XL and mixed PhysioNet records, multi-label (sigmoid).

Five folds that keep a patient together; copies of a recording are dropped first. Every hyper-parameter is a constant below,
no epoch is picked. The thresholds that score a fold are chosen on the other folds' out-of-fold scores; the shipped card's on all.

Two members: one learns the labels as often as they are; the other weights a true label by the square root of its odds, and
its logits are moved back by the logarithm of that weight, so that both give probabilities.
"""

from __future__ import annotations

import time

import numpy as np
import torch

import export
import windows
from cards import MISC, PTBXL, label, metric_of
from datasets import external_twelve_lead, without_copies
from dsp import SOURCE_RATE_HZ
from findings import FINDINGS, TWELVE, twelve_of
from fit import Schedule, fit, logits_of
from folds import grouped_folds
from framework import machine, pictures, results
from framework.place import Place, save, save_json
from networks import RhythmResNet, parameter_count
from progress import Progress
from rhythms import china, measure
from rhythms.pictures import reliability

NAME = "rhythm-12lead-findings"
SYSTEM = "findings"
SPLIT = "PTB-XL and mixed set without copies, 5 folds by patient"
WIDTHS, KERNELS, DROPOUT = (24, 32, 48, 64), (7, 7, 5, 5), 0.1
MODE = "record"
HEAD = "twelve"
BALANCE = (0.0, 0.5)  # of each member: exponent of the odds that weight a true label
HEAVIEST = 6.0
SCHEDULE = Schedule(epochs=40, mixup=0.2)
FOLDS, SEED = 5, 0

# SNOMED CT code, abnormal, alarm priority. Only AF alarms: the other findings are stored and shown.
CARD_LABELS = {
    "normal": ("102592006", False, None),
    "sinus_bradycardia": ("426177001", True, "none"),
    "sinus_tachycardia": ("427084000", True, "none"),
    "sinus_arrhythmia": ("427393009", False, None),
    "atrial_fibrillation": ("164889003", True, "medium"),
    "pvc": ("427172004", True, "none"),
    "pac": ("284470004", True, "none"),
    "first_degree_av_block": ("270492004", True, "none"),
    "complete_rbbb": ("713427006", True, "none"),
    "t_wave_change": ("164934002", True, "none"),
    "st_change": ("55930002", True, "none"),
    "other": (None, True, "none"),
}


def new_network() -> RhythmResNet:
    # The finer findings are learnt beside the labels and cut off before export.
    return RhythmResNet(len(windows.INPUT_LEADS), WIDTHS, KERNELS, DROPOUT, {HEAD: len(TWELVE) + len(FINDINGS)})


def load(place: Place):
    """(views, begin, targets over TWELVE then FINDINGS, fold of each record)."""
    path = place.data / "findings.pt"
    with china.one_process(path):
        if not path.exists():
            records, groups = without_copies(external_twelve_lead())
            views = windows.build(records, 12)
            targets = np.stack([np.concatenate([twelve_of(record.codes), record.target]) for record in records])
            fold_of = grouped_folds(targets[:, : len(TWELVE)], groups, FOLDS, SEED)
            save((torch.from_numpy(views.data), torch.from_numpy(views.begin), torch.from_numpy(targets), fold_of), path)
    return torch.load(path)


def prepare(recipe, place: Place) -> None:
    load(place)


def jobs(recipe) -> list[str]:
    members = range(recipe["members"])
    return [*(f"final-member{m}" for m in members), *(f"fold{fold}-member{m}" for fold in range(FOLDS) for m in members)]


def train(job: str, recipe, place: Place) -> None:
    views, begin, targets, fold_of = load(place)
    part, member = job.split("-member")[0], int(job[-1])
    fold = FOLDS if part == "final" else int(part[4:])
    rows, began, seed = np.flatnonzero(fold_of != fold), time.monotonic(), 500 + 10 * member + fold
    progress = Progress(f"{NAME}, {job}", SCHEDULE.epochs)
    torch.manual_seed(seed)
    weight = positive_weight(targets[rows], member)
    network = fit(
        new_network(), HEAD, views, begin, targets, torch.from_numpy(rows), SCHEDULE, MODE, seed, lambda _: progress.step(),
        positive_weight=weight,
    )  # fmt: skip
    progress.close()
    network.heads[HEAD].bias.data -= weight.log()
    folder = place.job(job)
    test = np.flatnonzero(fold_of == fold)
    if len(test) > 0:
        np.savez(folder / "scores.npz", rows=test, logits=logits_of(network, HEAD, views[test, 0], MODE)[:, : len(TWELVE)].numpy())
    save(network.state_dict(), folder / "network.pt")
    save_json({"seconds": time.monotonic() - began, "machine": machine.describe()}, folder / "run.json")


def positive_weight(targets: torch.Tensor, member: int) -> torch.Tensor:
    share = targets.mean(0).clamp(1e-3, 1 - 1e-3)
    return ((1 - share) / share).pow(BALANCE[member]).clamp(1.0, HEAVIEST)


def network_of(place: Place, job: str) -> RhythmResNet:
    network = new_network()
    network.load_state_dict(torch.load(place.job(job) / "network.pt"))
    return network.eval()


def score(recipe, place: Place) -> None:
    views, _, targets, fold_of = load(place)
    truth = targets[:, : len(TWELVE)].numpy() > 0.5
    members = range(recipe["members"])
    logits = np.full((len(members), *truth.shape), np.nan, dtype=np.float32)
    for member in members:
        for fold in range(FOLDS):
            part = np.load(place.job(f"fold{fold}-member{member}") / "scores.npz")
            logits[member, part["rows"]] = part["logits"]
    temperature = measure.sigmoid_temperature(logits, truth)
    scores = (1 / (1 + np.exp(-logits / temperature))).mean(0)
    decided = measure.cross_fitted(scores, truth, fold_of)
    metrics = measure.multi_label(scores, truth, decided)
    levels = dict(zip(TWELVE, measure.thresholds(scores, truth).tolist()))
    networks = [network_of(place, f"final-member{member}") for member in members]
    ensemble = export.MultiLabel(networks, HEAD, temperature, len(TWELVE)).eval()
    shape, path = (len(windows.INPUT_LEADS), windows.SAMPLES), place.models / NAME / "model.onnx"
    export.write_onnx(ensemble, shape[0], path)
    af = TWELVE.index("atrial_fibrillation")
    error = reliability(scores[:, af], truth[:, af], place.folder / "reliability-af.png", "atrial fibrillation, out of fold")
    measure_of = {name: {"value": float(value), "low": float(value), "high": float(value)} for name, value in zip(TWELVE, measure.f1(decided, truth))}
    _write_card(recipe, path, metrics, measure_of, levels, error)
    _pictures(place, views, truth)
    alone = [measure.multi_label(one, truth, measure.cross_fitted(one, truth, fold_of)) for one in 1 / (1 + np.exp(-logits))]
    np.savez(place.folder / "out-of-fold.npz", scores=scores, truth=truth, fold_of=fold_of)
    results.write(place, recipe, "twelve", results.Result(
        SPLIT, len(truth), metrics, sum(parameter_count(network) for network in networks),
        sum(china.run_of(place, job)["seconds"] for job in jobs(recipe) if job.startswith("fold")), machine.describe(), path.stat().st_size,
        machine.windows_per_second([ensemble], shape),
        note=f"{len(networks)} members; thresholds of each label from the other folds; temperature {temperature}; expected calibration error of AF {error:.3f}",
        extra={
            "labels": TWELVE, "support": truth.sum(0).tolist(), "decided": decided.sum(0).tolist(), "f1": measure.f1(decided, truth).tolist(),
            "auc": [measure.roc_auc(scores[:, c], truth[:, c]) for c in range(len(TWELVE))], "thresholds": levels,
            "members_alone": [{name: value["value"] for name, value in one.items()} for one in alone],
        },
    ))  # fmt: skip


def _write_card(recipe, path, metrics: dict, per_label: dict, levels: dict, error: float) -> None:
    command = f"{recipe.size} {recipe.name}"
    scored = [metric_of(f"{name}, 5 folds by patient", value, command) for name, value in metrics.items()]
    scored += [{**metric_of(f"F1 {name}", value, command), "interval": None} for name, value in per_label.items()]
    scored.append({"name": "expected calibration error of atrial_fibrillation", "value": round(error, 4), "interval": None, "command": f"src/training/run.sh {command}"})
    provenance = {
        "datasets": [PTBXL, MISC],
        "splits": "5 folds by patient (copies of a recording dropped, 722 records stay) for the figures, thresholds of a fold from the "
        "others; the network itself and its thresholds from all records",
        "recipe": f"src/training/recipes/{recipe.name}.toml, labels by src/training/twelve_labels.csv",
        "seed": SEED, "date": export.DATE, "metrics": scored,
    }  # fmt: skip
    export.write_card(
        NAME, "1.0.0", windows.INPUT_LEADS, export.window_steps(windows.INPUT_LEADS, MODE),
        [label(name, *CARD_LABELS[name]) for name in TWELVE], provenance, path.parent, kind="sigmoid", thresholds=levels,
    )  # fmt: skip


def _pictures(place: Place, views: torch.Tensor, truth: np.ndarray) -> None:
    counts = {name: int(count) for name, count in zip(TWELVE, truth.sum(0))}
    pictures.class_distribution({"records with the label": counts}, place.folder / "classes.png", "the twelve labels")
    lead = windows.INPUT_LEADS.index("II")
    examples = {name: views[int(np.flatnonzero(truth[:, index])[0]), 1, lead].numpy() for index, name in enumerate(TWELVE)}
    pictures.waveforms(examples, SOURCE_RATE_HZ // windows.FACTOR, place.folder / "waveforms.png", "the twelve labels: lead II", "mV")
