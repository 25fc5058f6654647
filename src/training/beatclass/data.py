"""Beats as `ecgeval beats` writes them: exactly what the daemon feeds to a model, with the reference's classes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

CLASSES = ("N", "S", "V", "F")

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
    rows: torch.Tensor  # [beats, rows, samples], mV: leads, then their templates
    features: torch.Tensor  # [beats, features]
    targets: torch.Tensor  # [beats], index into CLASSES
    fold: np.ndarray  # [beats]
    record: np.ndarray  # [beats], index into names
    lead_set: np.ndarray  # [beats], 0 = both leads, n = the nth alone
    names: list[str]
    feature_names: list[str]

    @property
    def record_tensor(self) -> torch.Tensor:
        return torch.from_numpy(self.record)

    def __len__(self) -> int:
        return len(self.targets)


def load(folder: Path) -> Beats:
    """Beats of the four classes; what the reference does not know (Q) or does not have (O) is left out."""
    index = json.loads((folder / "index.json").read_text())
    inputs = np.load(folder / "inputs.npy")
    beats = np.load(folder / "beats.npy")
    kept = beats[:, 3] < len(CLASSES)
    inputs, beats = inputs[kept], beats[kept]
    split = index["rows"] * index["samples"]
    fold_of = {name: fold for fold, names in enumerate(FOLDS) for name in names}
    return Beats(
        torch.from_numpy(inputs[:, :split].reshape(-1, index["rows"], index["samples"])),
        torch.from_numpy(inputs[:, split:].copy()),
        torch.from_numpy(beats[:, 3]),
        np.array([fold_of[index["records"][record]] for record in beats[:, 0]]),
        beats[:, 0],
        beats[:, 1],
        index["records"],
        index["features"],
    )
