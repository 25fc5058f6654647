"""Scores a folder of MAT files (variable `data`, 12 leads x N samples, mV at 500 Hz) with a shipped model.

    predict.py FOLDER [--model NAME] [--reference reference.txt] [--out FILE.csv]

Each record is quantised as the simulator sends it, filtered from its first sample and cut to its first 10 s, so that
the rows equal the daemon's results on the same files.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np

from datasets import read_mat
from dsp import LEADS, WINDOW_SAMPLES, run_steps, stream_filter
from export import MODELS
from onnx_eval import OnnxModel


class ShippedModel:
    """A model card and its network; inputs are windows of the filtered 12-lead stream."""

    def __init__(self, name: str):
        folder = next((path for path in (MODELS / name, MODELS / "optional" / name) if path.exists()), MODELS / name)
        self.card = json.loads((folder / "card.json").read_text())
        self.network = OnnxModel(folder / "model.onnx")
        self.labels = [label["name"] for label in self.card["output"]["labels"]]
        stream = self.card["preprocessing"]["stream"]
        self.sections = np.asarray(next(step["sections"] for step in stream if step["step"] == "sos_filter"))

    def input_of(self, window: np.ndarray, lead: str = "I") -> np.ndarray:
        """[12, 5000] filtered mV → the network's input; `lead` is what a single-lead model looks at."""
        names = LEADS
        if self.card["input"]["leads"] == ["any"]:
            window, names = window[[LEADS.index(lead)]], (lead,)
        return run_steps(window.astype(np.float32), self.card["preprocessing"]["window"], names)

    def verdict(self, scores: np.ndarray) -> int:
        """The label that stands for a window, by the rule of the daemon's `Verdict`: thresholds first, so it need not be the argmax."""
        labels, thresholds = self.card["output"]["labels"], self.card["thresholds"]
        abnormal = [index for index, label in enumerate(labels) if label["abnormal"]]
        normal = [index for index, label in enumerate(labels) if not label["abnormal"]]
        if self.card["output"]["kind"] == "softmax":
            reached = min(float(np.sum(scores[abnormal], dtype=np.float64)), 1.0) >= thresholds["abnormal"]
            return max(abnormal if reached else normal, key=lambda index: scores[index])
        own = thresholds.get("labels", {})
        severity = {"high": 3, "medium": 2, None: 2, "low": 1, "none": 0}
        found = [index for index in abnormal if scores[index] >= own.get(labels[index]["name"], thresholds["abnormal"])]
        if found:
            return max(found, key=lambda index: (severity[labels[index]["alarmPriority"]], scores[index]))
        return max(normal, key=lambda index: scores[index])

    def scores_of_record(self, millivolts: np.ndarray, lead: str = "I") -> np.ndarray:
        window = stream_filter(millivolts[:, :WINDOW_SAMPLES], self.sections)
        return self.network(self.input_of(window, lead)[np.newaxis])[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="rhythm-12lead-normal-abnormal")
    parser.add_argument("--lead", default="I", help="the lead that a single-lead model sees")
    parser.add_argument("--reference", type=Path, help="name TAB label index, to print the accuracy")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()

    model = ShippedModel(options.model)
    rows, predicted = [], {}
    for path in sorted(options.folder.glob("*.mat")):
        millivolts = read_mat(path)
        if millivolts.shape[0] != len(LEADS) or millivolts.shape[1] < WINDOW_SAMPLES:
            sys.exit(f"{path}: {millivolts.shape[0]} leads x {millivolts.shape[1]} samples, needed 12 x {WINDOW_SAMPLES} or more")
        scores = model.scores_of_record(millivolts, options.lead)
        predicted[path.stem] = model.verdict(scores)
        rows.append([path.stem, model.labels[predicted[path.stem]], *(f"{score:.6f}" for score in scores)])

    output = open(options.out, "w", newline="") if options.out else sys.stdout
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(["record", "predicted", *model.labels])
    writer.writerows(rows)
    if options.reference:
        pairs = [line.split() for line in options.reference.read_text().splitlines() if line.strip()]
        hits = [predicted[name] == int(label) for name, label in pairs if name in predicted]
        print(f"accuracy {np.mean(hits):.4f} on {len(hits)} records", file=sys.stderr)


if __name__ == "__main__":
    main()
