"""Writes src/models/NAME/{model.onnx, card.json}: members averaged inside one graph, probabilities out."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from dsp import SOURCE_RATE_HZ, WINDOW_SAMPLES, band_pass_sections
from onnx_eval import OnnxModel
from windows import FACTOR, SAMPLES

MODELS = Path(__file__).resolve().parent.parent / "models"
OPSET = 13
EPSILON = 1e-6
DATE = "2026-11-21"


class Ensemble(nn.Module):
    """The mean of the members' probabilities; the temperature is multiplied into their last layers."""

    def __init__(self, members: list[nn.Module], head: str, temperature: float):
        super().__init__()
        self.members = nn.ModuleList(copy.deepcopy(member) for member in members)
        self.head = head
        for member in self.members:
            for parameter in member.heads[head].parameters():
                parameter.data.div_(temperature)

    def forward(self, window):
        scores = [member(window, self.head).softmax(-1) for member in self.members]
        return scores[0] if len(scores) == 1 else sum(scores[1:], scores[0]) * (1.0 / len(scores))


class MultiLabel(nn.Module):
    """The mean of the members' probabilities of the first `count` labels of a head, each label for itself."""

    def __init__(self, members: list[nn.Module], head: str, temperature: float, count: int):
        super().__init__()
        self.members = nn.ModuleList(copy.deepcopy(member) for member in members)
        self.head = head
        for member in self.members:
            layer = member.heads[head]
            layer.weight.data = layer.weight.data[:count] / temperature
            layer.bias.data = layer.bias.data[:count] / temperature

    def forward(self, window):
        scores = [member(window, self.head).sigmoid() for member in self.members]
        return scores[0] if len(scores) == 1 else sum(scores[1:], scores[0]) * (1.0 / len(scores))


def write_onnx(ensemble: nn.Module, leads: int, path: Path, samples: int = SAMPLES) -> None:
    """Exports [batch, leads, samples] → scores, and holds the file against PyTorch, run operator by operator."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        ensemble.eval(), torch.zeros(2, leads, samples), str(path), opset_version=OPSET, input_names=["window"],
        output_names=["scores"], dynamic_axes={"window": {0: "batch"}, "scores": {0: "batch"}},
    )  # fmt: skip
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True)
    inputs = np.random.default_rng(0).standard_normal((3, leads, samples)).astype(np.float32)
    with torch.no_grad():
        expected = ensemble(torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(OnnxModel(path)(inputs), expected, atol=1e-5)


def window_steps(leads: tuple[str, ...] | None, mode: str) -> list[dict]:
    select = [] if leads is None else [{"step": "select_leads", "leads": list(leads)}]
    decimate = {"step": "decimate", "factor": FACTOR, "offset": 0}
    return [*select, decimate, {"step": "zscore", "axis": mode, "epsilon": EPSILON}]


def write_card(
    name: str, version: str, leads, steps: list[dict], labels: list[dict], provenance: dict, folder: Path | None = None,
    samples: int = SAMPLES, kind: str = "softmax", thresholds: dict | None = None,
) -> Path:  # fmt: skip
    """The card beside `folder`/model.onnx. thresholds: of each label by name (kind "sigmoid" only)."""
    folder = MODELS / name if folder is None else folder
    sections = [[float(value) for value in section] for section in band_pass_sections()]
    card = {
        "name": name,
        "version": version,
        "task": "rhythm",
        "input": {
            "name": "window",
            "leads": ["any"] if leads is None else list(leads),
            "sampleRateHz": SOURCE_RATE_HZ * samples // WINDOW_SAMPLES,
            "samples": samples,
            "layout": "lead-major",
            "windowSeconds": 10,
            "sourceRateHz": SOURCE_RATE_HZ,
        },
        "preprocessing": {
            "stream": [
                {"step": "derive_leads"},
                {
                    "step": "sos_filter",
                    "sampleRateHz": SOURCE_RATE_HZ,
                    "sections": sections,
                    "initial": "steady_state_of_first_sample",
                },
            ],
            "window": steps,
        },
        "output": {"name": "scores", "kind": kind, "labels": labels},
        "thresholds": {"abnormal": 0.5} if thresholds is None else {"abnormal": 0.5, "labels": thresholds},
        "postprocessing": {"temperature": 1.0, "clip": None},
        "members": [],
        "provenance": {**provenance, "sha256": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()},
    }
    path = folder / "card.json"
    path.write_text(readable_json(card) + "\n")
    return path


def readable_json(value) -> str:
    """Indented, with lists of plain values on one line."""
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1]) + "]", json.dumps(value, indent=2))
