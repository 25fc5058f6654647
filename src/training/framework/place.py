"""Where a run keeps its things: artifacts/training/<size>/<system>/…; every write is whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Place:
    work: Path  # artifacts/training
    size: str
    system: str

    @property
    def folder(self) -> Path:
        """Finished networks, scores and checkpoints of the system."""
        return made(self.work / self.size / self.system)

    @property
    def data(self) -> Path:
        """Windows cut once, shared by all systems and sizes."""
        return made(self.work / "data")

    @property
    def results(self) -> Path:
        return made(self.work / self.size / "results")

    @property
    def models(self) -> Path:
        """Exported networks: NAME/{model.onnx, card.json}."""
        return made(self.work / self.size / "models")

    def job(self, job: str) -> Path:
        """The folder of one job."""
        return made(self.folder / job)

    def of(self, system: str) -> "Place":
        return Place(self.work, self.size, system)


def default(size: str, system: str) -> Place:
    return Place(Path(os.environ.get("ECG_WORK", ROOT / "artifacts" / "training")), size, system)


def made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def save(value, path: Path) -> None:
    """torch.save that leaves no half file behind a stopped run."""
    partial = path.with_name(path.name + ".partial")
    torch.save(value, partial)
    partial.replace(path)


def save_json(value, path: Path) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(value, indent=1) + "\n")
    partial.replace(path)
