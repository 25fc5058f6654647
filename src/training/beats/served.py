"""Beat cards as the daemon serves them: prepared window in, scores after all post-processing out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from beats import vote
from onnx_eval import OnnxModel


class ServedBeatModel:
    def __init__(self, folder: Path):
        self.folder = folder
        self.card = json.loads((folder / "card.json").read_text())
        self.members = [ServedBeatModel(folder / name) for name in self.card["members"]]
        self.graph = None if self.members else OnnxModel(folder / "model.onnx")

    def __call__(self, windows: np.ndarray) -> np.ndarray:
        """[rows, 1, samples] -> [rows, labels]."""
        post = self.card["postprocessing"]
        rule = post.get("vote")
        if self.members:
            each = [member(windows) for member in self.members]
            stacked = rule["kind"] == "stack"
            scores = OnnxModel(self.folder / rule["model"])(np.concatenate(each, 1)) if stacked else vote.mean(each)
        else:
            scores = self.graph(windows)
        if post["temperature"] != 1.0:
            scores = vote.temper(scores, post["temperature"])
        if post.get("clip"):
            scores = np.clip(scores, *post["clip"])
        if rule and rule["kind"] == "ordered":
            scores = vote.ordered(scores, rule["order"], rule["threshold"])
        if post.get("snap"):
            scores = vote.snap(scores, post["snap"]["low"], post["snap"]["high"])
        return scores
