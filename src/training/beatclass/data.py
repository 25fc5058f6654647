"""Beats as `ecgeval beats` writes them: exactly what the daemon feeds to a model, with the reference's classes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .network import POINTS, shapes_of

CLASSES = ("N", "S", "V", "F")
SETS = ("mitdb", "svdb")  # MIT-BIH DS1 and the 60 given records of the Supraventricular Arrhythmia Database
PART_COUNT = 6

# Records of MIT-BIH DS1 (de Chazal 2004) in six parts of about equal numbers of S and V beats. DS2 is not read by any code here.
FOLDS = (
    ("209", "101", "119", "112"),
    ("201", "106", "115", "109", "208"),
    ("207", "116", "122", "205"),
    ("118", "220", "203"),
    ("223", "108", "230"),
    ("124", "114", "215"),
)


@dataclass
class Beats:
    features: torch.Tensor  # [beats, features and then shapes], as the network takes them
    targets: torch.Tensor  # [beats], index into CLASSES
    database: np.ndarray  # [beats], index into SETS
    record: np.ndarray  # [beats], index into names
    fold: np.ndarray  # [beats], of its record
    names: list[str]  # set/record
    names_of_features: list[str]  # of the daemon's features and of the shapes
    daemon_features: int  # how many of them the daemon computes
    windows: torch.Tensor  # the first few beats' windows [beats, rows, samples], mV

    def __len__(self) -> int:
        return len(self.targets)


def load(folder: Path) -> Beats:
    """Beats of the four classes; what the reference does not know (Q) or does not have (O) is left out. No record of DS2 may be among them."""
    features, targets, database, record, names, index, first = [], [], [], [], [], {}, None
    for number, part in enumerate(SETS):
        index = json.loads((folder / part / "index.json").read_text())
        beats = np.load(folder / part / "beats.npy")
        kept = beats[:, 3] < len(CLASSES)
        inputs, split = torch.from_numpy(np.load(folder / part / "inputs.npy", mmap_mode="r")[kept]), index["rows"] * index["samples"]
        windows = inputs[:, :split].reshape(-1, index["rows"], index["samples"])
        first = windows[:5].clone() if first is None else first
        features.append(torch.cat([inputs[:, split:], torch.cat([shapes_of(piece) for piece in windows.split(8192)])], 1))
        targets.append(beats[kept, 3])
        database.append(np.full(kept.sum(), number))
        record.append(beats[kept, 0] + len(names))
        names += [f"{part}/{name}" for name in index["records"]]
    targets, record = np.concatenate(targets), np.concatenate(record)
    return Beats(
        torch.cat(features), torch.from_numpy(targets), np.concatenate(database), record, folds_of(names, targets, record)[record],
        names, index["features"] + shape_names(index["rows"] // 2), len(index["features"]), first,
    )  # fmt: skip


def shape_names(leads: int) -> list[str]:
    return [f"{kind}_shape{point}_{lead + 1}" for kind in ("beat", "template") for lead in range(leads) for point in range(POINTS)]


def folds_of(names: list[str], targets: np.ndarray, record: np.ndarray) -> np.ndarray:
    """The fold of each record: those of DS1 as listed, the others so that S, V and all beats are spread evenly, the records with most of them first."""
    listed = {f"{SETS[0]}/{name}": fold for fold, part in enumerate(FOLDS) for name in part}
    unknown = [name for name in names if name.startswith(f"{SETS[0]}/") and name not in listed]
    if unknown:
        raise ValueError(f"not records of DS1: {', '.join(unknown)}")
    folds = np.array([listed.get(name, -1) for name in names])
    others = np.flatnonzero(folds < 0)
    if len(others) == 0:
        return folds
    beats = {index: np.array([(targets[record == index] == code).sum() for code in (1, 2)] + [(record == index).sum() / 20]) for index in others}
    total, held = np.maximum(1, sum(beats.values())), np.zeros((PART_COUNT, 3))
    for index in sorted(others, key=lambda index: -(beats[index] / total).max()):
        folds[index] = min(range(PART_COUNT), key=lambda fold: ((held[fold] + beats[index]) / total).max())
        held[folds[index]] += beats[index]
    return folds
