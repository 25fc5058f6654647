"""Golden vectors of the beat-class cards: made-up prepared windows and features in, scores out."""

from __future__ import annotations

import json

import numpy as np

from export import MODELS
from onnx_eval import OnnxModel

CASES = 3


def entries(writer) -> list[dict]:
    """Entries of the manifest's `beatScores`."""
    made = []
    for path in sorted(MODELS.glob("*/card.json")):
        card = json.loads(path.read_text())
        if card["task"] == "beat" and card["input"].get("features"):
            made += _of(writer, path.parent, card)
    return made


def _of(writer, folder, card) -> list[dict]:
    generator = np.random.default_rng(3)
    model = OnnxModel(folder / "model.onnx")
    rows = 2 * len(card["input"]["leads"])
    found = []
    for case in range(CASES):
        window = (0.1 * np.cumsum(generator.standard_normal((rows, card["input"]["samples"])), 1)).astype(np.float32)
        features = (0.5 * generator.standard_normal(len(card["input"]["features"]["list"]))).astype(np.float32)
        if case == 0:
            window[:] = 0.125  # an electrode that fell off: everything must stay finite
        scores = model(window[np.newaxis], features[np.newaxis])[0]
        found.append({
            "model": folder.name, "modelSha256": card["provenance"]["sha256"], "memberSha256": [],
            "input": writer.array(f"{folder.name}-{case}", window), "features": writer.array(f"{folder.name}-{case}-features", features[np.newaxis]),
            "expected": [float(score) for score in scores],
        })  # fmt: skip
    return found
