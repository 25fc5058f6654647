"""What S3, S4 and ours share on the China ECG records: the windows at 500 Hz, the folds, and the row of the scoreboard."""

from __future__ import annotations

import contextlib
import fcntl
import json
from pathlib import Path

import numpy as np
import torch

from datasets import china_2019
from dsp import SOURCE_RATE_HZ, WINDOW_SAMPLES, stream_filter
from folds import stratified_folds
from framework import pictures
from framework.place import Place, save

TASK = "12-lead normal or abnormal"
SPLIT = "China ECG 2019, 5 stratified folds"
CLASSES = ("normal", "abnormal")
FOLDS, SEED = 5, 0


def windows(place: Place, filtered: bool = True) -> tuple[torch.Tensor, torch.Tensor]:
    """([480, 12, 5000] float32 mV, labels): each record's first 10 s, after the stream's filter as the daemon serves it, or as recorded."""
    path = place.data / f"china-500hz-{'filtered' if filtered else 'recorded'}.pt"
    with one_process(path):
        if not path.exists():
            records = china_2019()
            data = [record.millivolts[:, :WINDOW_SAMPLES] for record in records]
            stacked = np.stack([stream_filter(item) if filtered else item for item in data]).astype(np.float32)
            save((torch.from_numpy(stacked), torch.tensor([record.target for record in records])), path)
    return torch.load(path)


def fold_of(labels: torch.Tensor) -> np.ndarray:
    return stratified_folds(labels.numpy(), FOLDS, SEED)


@contextlib.contextmanager
def one_process(path: Path):
    """Only one worker at a time makes `path`; the others wait and find it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def out_of_fold(place: Place, jobs: list[str], rows: int) -> tuple[np.ndarray, dict]:
    """(probabilities [rows, 2] of the jobs' scored folds, NaN where none scored a row; each job's run.json)."""
    scores, runs = np.full((rows, 2), np.nan), {}
    for job in jobs:
        part = np.load(place.job(job) / "scores.npz")
        scores[part["rows"]] = part["scores"]
        runs[job] = run_of(place, job)
    return scores, runs


def run_of(place: Place, job: str) -> dict:
    """What a finished job wrote of itself: losses, seconds, machine."""
    return json.loads((place.job(job) / "run.json").read_text())


def pictures_of(place: Place, runs: dict, inputs: torch.Tensor, labels: torch.Tensor, title: str) -> None:
    """Loss curve, class distribution, and lead II of one record of each class."""
    pictures.loss_curve({job: run["losses"] for job, run in runs.items()}, place.folder / "loss.png", f"{title}: training loss")
    counts = {name: int((labels == index).sum()) for index, name in enumerate(CLASSES)}
    pictures.class_distribution({"China ECG 2019": counts}, place.folder / "classes.png", title)
    examples = {name: inputs[int((labels == index).nonzero()[0]), 1].numpy() for index, name in enumerate(CLASSES)}
    pictures.waveforms(examples, SOURCE_RATE_HZ, place.folder / "waveforms.png", f"{title}: lead II", "mV")
