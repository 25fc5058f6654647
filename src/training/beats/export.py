"""Networks of the beat systems as ONNX graphs that give probabilities, with cards of task `beat`; each graph is run again and compared."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from beats import data
from dsp import SOURCE_RATE_HZ, band_pass_sections
from export import OPSET, readable_json
from framework import place, results
from onnx_eval import OnnxModel

# Two inputs far from each other and every length of padding; 1e-4 is what the daemon's golden vectors allow.
TOLERANCE = 1e-4
DATE = "2026-11-21"
SOURCE = "MIT-BIH Arrhythmia Database 1.0.0 (PhysioNet, ODC-By): DS1"
TIANCHI = "Tianchi heartbeat classification, 1,009 labelled rows of train.csv"


class Probabilities(nn.Module):
    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, window):
        return self.network(window).softmax(-1)


def probe(rows: int, seed: int = 0) -> np.ndarray:
    """Synthetic inputs in the format: random walks scaled to [0, 1], zeros behind. [rows, 1, 205]."""
    generator = np.random.default_rng(seed)
    walks = np.cumsum(generator.standard_normal((rows, data.SAMPLES)), 1)
    walks = (walks - walks.min(1, keepdims=True)) / np.ptp(walks, axis=1, keepdims=True)
    lengths = generator.integers(40, data.SAMPLES + 1, size=rows)
    return np.where(np.arange(data.SAMPLES) < lengths[:, None], walks, 0.0).astype(np.float32)[:, None]


def write_onnx(module: nn.Module, inputs: np.ndarray, path: Path, input_name: str = "window") -> int:
    """Bytes of the graph, after both sides gave the same to 1e-4."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module = module.cpu().eval()
    torch.onnx.export(
        module, torch.from_numpy(inputs[:2]), str(path), opset_version=OPSET, input_names=[input_name], output_names=["scores"],
        dynamic_axes={input_name: {0: "batch"}, "scores": {0: "batch"}},
    )  # fmt: skip
    onnx.checker.check_model(str(path), full_check=True)
    with torch.no_grad():
        expected = module(torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(OnnxModel(path)(inputs), expected, atol=TOLERANCE)
    return path.stat().st_size


def network(recipe, where, name: str, module: nn.Module, post: dict, classes=data.MIT_CLASSES) -> int:
    """place.models/NAME of a network that gives logits."""
    return averaged(recipe, where, name, Probabilities(module), post, classes)


def stack(recipe, where, name: str, stacker: nn.Module, members: dict[str, str], classes: int) -> int:
    scores = np.random.default_rng(0).dirichlet(np.ones(classes), (5, len(members))).astype(np.float32).reshape(5, -1)
    graph = place.made(where.models / name) / "stack.onnx"
    size = write_onnx(Probabilities(stacker), scores, graph, "members")
    ensemble(recipe, where, where.models / name, members, {"vote": {"kind": "stack", "model": "stack.onnx"}}, sha256(graph))
    return size


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def labels(classes) -> list[dict]:
    """The classes of AAMI EC57, or the contest's 0 to 3, of which it says no more; a single beat raises no alarm of its own, the daemon's arrhythmia rules do."""
    normal = "NQ" if "N" in classes else classes[0]
    return [{"name": name, "snomed": None, "abnormal": name not in normal, "alarmPriority": None if name in normal else "none"} for name in classes]


def write_card(path: Path, name: str, recipe, post: dict, members: list[str], digest: str | None, scored: list[dict] | None = None, classes=data.MIT_CLASSES) -> None:
    sections = [[float(value) for value in section] for section in band_pass_sections()]
    rows = recipe["mit"].get("rows")
    of_contest = tuple(classes) == tuple(data.TIANCHI_CLASSES)
    card = {
        "name": name,
        "version": "1.0.0",
        "task": "beat",
        "input": {
            "name": "window", "leads": ["any"], "sampleRateHz": data.RATE_HZ, "samples": data.SAMPLES, "layout": "lead-major",
            "windowSeconds": data.LONGEST / SOURCE_RATE_HZ, "sourceRateHz": SOURCE_RATE_HZ,
        },
        "preprocessing": {
            "stream": [
                {"step": "derive_leads"},
                {"step": "sos_filter", "sampleRateHz": SOURCE_RATE_HZ, "sections": sections, "initial": "steady_state_of_first_sample"},
            ],
            "window": data.WINDOW_STEPS,
        },
        "output": {"name": "scores", "kind": "softmax", "labels": labels(classes)},
        "thresholds": {"abnormal": 0.5},
        "postprocessing": {"temperature": 1.0, "clip": None, **post},
        "members": members,
        "provenance": {
            "datasets": [TIANCHI] if of_contest else [f"{SOURCE}, {rows:,} beats" if rows else SOURCE],
            "splits": "trained on all rows; scored in stratified folds by the same recipe" if of_contest
            else "trained on a random 80 % of DS1's beats; scored on rows of the rest and on rows of DS2, which is never trained on",
            "recipe": f"src/training/recipes/{recipe.name}.toml, {recipe.size}",
            "seed": recipe["seed"],
            "date": DATE,
            "metrics": scored or [],
            "sha256": digest,
        },
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(readable_json(card) + "\n")


def scored(where, recipe, key: str) -> list[dict]:
    """The results of one model of a system as the card's metrics."""
    found = []
    for item in results.read_all(where.work, recipe.size):
        if item["system"] == recipe.name and item["key"].split("--")[0] == key:
            for name, value in item["metrics"].items():
                interval = [round(value["low"], 4), round(value["high"], 4)]
                found.append({"name": f"{name}, {item['split']}", "value": round(value["value"], 4), "interval": interval,
                              "command": f"src/training/run.sh {recipe.size} {recipe.name}"})  # fmt: skip
    return found


def averaged(recipe, where, name: str, module: nn.Module, post: dict, classes=data.MIT_CLASSES) -> int:
    """As `network`, of a module that gives probabilities itself."""
    folder = place.made(where.models / name)
    size = write_onnx(module, probe(5), folder / "model.onnx")
    write_card(folder / "card.json", name, recipe, post, [], sha256(folder / "model.onnx"), classes=classes)
    return size


def ensemble(recipe, where, folder: Path, members: dict[str, str], post: dict, digest: str | None, scored_as=None, classes=data.MIT_CLASSES) -> None:
    """FOLDER/card.json over copies of exported networks. members: folder's name -> name under place.models; scored_as: result key -> metrics."""
    for member, source in members.items():
        graph = place.made(folder / member) / "model.onnx"
        shutil.copyfile(where.models / source / "model.onnx", graph)
        metrics = [] if scored_as is None else scored(where, recipe, member)
        write_card(folder / member / "card.json", member, recipe, {}, [], sha256(graph), metrics, classes)
    metrics = [] if scored_as is None else scored(where, recipe, scored_as)
    write_card(folder / "card.json", folder.name, recipe, post, list(members), digest, metrics, classes)
