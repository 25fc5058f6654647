"""Ours for normal/abnormal: the shipped recipe of twelve_lead.py, on the same folds as S3 and S4."""

from __future__ import annotations

import time

import numpy as np
import torch

import export
import twelve_lead
import windows
from fit import logits_of
from framework import machine, pictures, results
from framework.place import Place, save_json
from networks import parameter_count
from rhythms import china, measure
from rhythms.pictures import reliability

SYSTEM = "ours-12lead"


def prepare(recipe, place: Place) -> None:
    shop = _shop(place)
    shop.china()
    shop.external()


def jobs(recipe) -> list[str]:
    # Neighbours in the queue are of different members: each begins with its own pre-training and nobody waits for it.
    return [f"fold{fold}-member{member}" for fold in range(china.FOLDS) for member in range(recipe["members"])]


def train(job: str, recipe, place: Place) -> None:
    fold, member = (int(part[-1]) for part in job.split("-"))
    shop, began = _shop(place), time.monotonic()
    with china.one_process(shop.folder / f"pretrained-{member}.pt"):
        twelve_lead.pretrained(shop, member)
    views, _, targets = shop.china()
    fold_of = china.fold_of(targets)
    network = twelve_lead.fold_network(shop, member, fold_of, fold)
    rows = np.flatnonzero(fold_of == fold)
    logits = logits_of(network, twelve_lead.HEAD, views[rows, 0], twelve_lead.MODE).numpy()
    np.savez(place.job(job) / "scores.npz", rows=rows, logits=logits)
    save_json({"seconds": time.monotonic() - began, "machine": machine.describe()}, place.job(job) / "run.json")


def member_logits(place: Place, recipe) -> np.ndarray | None:
    """[members, 480, 2] out-of-fold; None where a job is missing."""
    logits = np.full((recipe["members"], 480, 2), np.nan, dtype=np.float32)
    for job in jobs(recipe):
        path = place.job(job) / "scores.npz"
        if not path.exists():
            return None
        part = np.load(path)
        logits[int(job.split("-")[1][-1]), part["rows"]] = part["logits"]
    return logits


def out_of_fold(place: Place, recipe) -> np.ndarray | None:
    """Probabilities [480, 2] of the ensemble, calibrated as its card is; None where it was not trained."""
    logits = member_logits(place, recipe)
    if logits is None:
        return None
    targets = _shop(place).china()[2]
    return _calibrated(torch.from_numpy(logits), targets)[1]


def _calibrated(logits: torch.Tensor, targets: torch.Tensor) -> tuple[float, np.ndarray]:
    temperature = twelve_lead.calibrate(logits, targets)
    return temperature, (logits / temperature).softmax(-1).mean(0).numpy()


def score(recipe, place: Place) -> None:
    shop = _shop(place)
    views, _, targets = shop.china()
    labels = targets.numpy()
    logits = torch.from_numpy(member_logits(place, recipe))
    temperature, scores = _calibrated(logits, targets)
    fold_of = china.fold_of(targets)
    members = [twelve_lead.fold_network(shop, member, fold_of, 0) for member in range(recipe["members"])]
    ensemble = export.Ensemble(members, twelve_lead.HEAD, temperature).eval()
    path = place.models / f"{twelve_lead.NAME}-fold0" / "model.onnx"
    shape = (len(windows.INPUT_LEADS), windows.SAMPLES)
    export.write_onnx(ensemble, shape[0], path)
    error = reliability(scores[:, 1], labels == 1, place.folder / "reliability.png", "abnormal, out of fold")
    counts = {name: int((labels == index).sum()) for index, name in enumerate(china.CLASSES)}
    pictures.class_distribution({"China ECG 2019": counts}, place.folder / "classes.png", "ours")
    seconds = 0.0
    for job in jobs(recipe):
        seconds += china.run_of(place, job)["seconds"]
    results.write(place, recipe, "china", results.Result(
        china.SPLIT, len(labels), measure.two_class(scores, labels), sum(parameter_count(member) for member in members), seconds,
        machine.describe(), path.stat().st_size, machine.windows_per_second([ensemble], shape),
        note=f"{recipe['members']} members, pre-trained on PTB-XL and the mixed set; temperature {temperature}, expected calibration error {error:.3f}; "
        "training seconds with the pre-training",
        extra={"temperature": temperature, "calibration_error": error, "members": [float((part.argmax(1) == labels).mean()) for part in logits.numpy()]},
    ))  # fmt: skip


def _shop(place: Place) -> twelve_lead.Workshop:
    return twelve_lead.Workshop(place.folder)
